"""
Who may do what to agreements, proposals, templates and profiles.

Holders around an agreement: ``licensee``, ``provider`` (several), ``authority``, ``platform``,
``exchange``.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts import endings
from contracts.models import (
    Agreement,
    AgreementParty,
    Amendment,
    BaseTemplate,
    ChangeProposal,
    ClauseVersion,
    Signature,
    SigningMandate,
    Termination,
    TermProfile,
)
from parties.queries import desks_of
from workflow import policy

AGENT = ("licensee", "APPLICANT_AGENT")
LEGAL_REP = ("licensee", "APPLICANT_LEGAL_REP")
OFFICER = ("provider", "PROVIDER_OFFICER")
LEADER = ("provider", "PROVIDER_LEADER")
CASE = ("authority", "AUTHORITY_CASE")
DECIDER = ("authority", "AUTHORITY_DECIDER")
SUPERVISOR = ("authority", "AUTHORITY_SUPERVISOR")
PROVIDER_ROLES = frozenset({"PROVIDER_OFFICER", "PROVIDER_LEADER"})
AUTHORITY_ROLES = frozenset({"AUTHORITY_CASE", "AUTHORITY_DECIDER"})
SECURITY = ("licensee", "APPLICANT_SECURITY")
NEGOTIATORS = (AGENT, LEGAL_REP, OFFICER, LEADER)


def not_asked(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep a proposal for those who are asked: never who proposed it."""
    assert isinstance(subject, ChangeProposal)
    own = {desk.organization_id for desk in desks_of(actor)}
    if own & {ask.organization_id for ask in subject.asks.all()}:
        return None
    if subject.party_id in own:
        return _("Your own organization proposed this change, so the other side answers it.")
    return _("This change does not concern your organization's part, so it is not asked.")


def proposed_elsewhere(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep everybody but the organization that proposed a change from withdrawing it."""
    assert isinstance(subject, ChangeProposal)
    if subject.party_id in {desk.organization_id for desk in desks_of(actor)}:
        return None
    return _("Another organization proposed this change; only it can withdraw it.")


def cause_is_open_to_them(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep an office from giving notice for a cause that is another's."""
    assert isinstance(subject, Termination)
    if getattr(actor, "is_system", False):
        return None
    roles = {
        desk.role for desk in desks_of(actor) if desk.organization_id == subject.party_id
    }
    if not endings.may_end(subject.cause, roles=roles, terms=subject.agreement.terms):
        return _("You cannot end the agreement for this cause.")
    return None


def own_party_consented(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep a party that has consented from answering again."""
    assert isinstance(subject, Termination)
    own = {desk.organization_id for desk in desks_of(actor)}
    parties = set(subject.agreement.parties.values_list("organization_id", flat=True)) & own
    if parties and not parties - set(subject.consents.values_list("party_id", flat=True)):
        return _("Your organization has consented; withdraw it if you proposed it.")
    return None


def begun_by_another_office(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep everybody but the office that began it from withdrawing it."""
    assert isinstance(subject, Termination | Amendment)
    if getattr(actor, "is_system", False):
        return None
    if subject.party_id not in {desk.organization_id for desk in desks_of(actor)}:
        return _("Another office began this, so that office withdraws it.")
    return None


def drafted_it(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the author of a version from publishing it."""
    assert isinstance(subject, BaseTemplate | ClauseVersion | TermProfile)
    if subject.drafted_by_id == actor.pk:
        return _("You drafted this version, so somebody else publishes it.")
    return None


def own_side_drafted(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the side that drafted a profile from agreeing to it."""
    assert isinstance(subject, TermProfile)
    if side_of(actor, subject) == subject.side:
        return _("Your own side drafted this profile, so the other side answers it.")
    return None


def other_side_drafted(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the side that answers a profile from changing its draft."""
    assert isinstance(subject, TermProfile)
    if side_of(actor, subject) not in (subject.side, ""):
        return _("The other side drafted this profile. Comment on it, agree or send it back.")
    return None


def side_of(actor: Any, profile: TermProfile) -> str:
    """Return the side of a profile somebody speaks for; empty for the system."""
    desks = desks_of(actor)
    own = {d.organization_id for d in desks if d.role in PROVIDER_ROLES}
    if profile.dataset.provider_id in own:
        return str(TermProfile.Side.PROVIDER)
    authority = any(desk.role in AUTHORITY_ROLES for desk in desks)
    return str(TermProfile.Side.AUTHORITY) if authority else ""


def _signed_for(side: str) -> policy.Barrier:
    """Return what bars a person who has signed an agreement for one side from the other."""

    def barrier(actor: Any, subject: models.Model) -> str | Promise | None:
        assert isinstance(subject, Agreement)
        # Void signatures count: who has spoken for one side does not change sides.
        others = Signature.objects.filter(
            agreement=subject,
            signer=actor,
            party__in=subject.parties.filter(side=side).values("organization"),
        )
        if others.exists():
            return _("You have signed this agreement for the other side. Nobody signs for both.")
        return None

    return barrier


signed_for_provider = _signed_for(AgreementParty.Side.PROVIDER)
signed_for_user = _signed_for(AgreementParty.Side.LICENSEE)


def has_part_in_letter(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the filer and the delegate of a power of attorney from its review, and their house."""
    assert isinstance(subject, SigningMandate)
    if actor.pk in (subject.delegate_id, subject.filed_by_id):
        return _("You have a part in this power of attorney, so somebody else reviews it.")
    if subject.party_id in {desk.organization_id for desk in desks_of(actor)}:
        return _("You work for this party, so somebody else reviews it.")
    return None


policy.declare(
    "contracts.see_agreement",
    desks=[
        AGENT,
        LEGAL_REP,
        SECURITY,
        OFFICER,
        LEADER,
        CASE,
        DECIDER,
        SUPERVISOR,
        ("platform", "PLATFORM_OPS"),
        ("platform", "SECURITY_OFFICER"),
        ("platform", "AUDITOR"),
        ("exchange", "EXCHANGE_SETTLER"),
        ("exchange", "EXCHANGE_FINANCE"),
    ],
    system=True,
)
policy.declare("contracts.open_negotiation", desks=[OFFICER, CASE])
policy.declare("contracts.propose_change", desks=[AGENT, LEGAL_REP, OFFICER, LEADER])
policy.declare("contracts.change_terms", desks=[AGENT, LEGAL_REP, OFFICER, LEADER])
policy.declare("contracts.finalize_agreement", desks=[OFFICER, CASE])
policy.declare(
    "contracts.sign_as_user",
    desks=[LEGAL_REP],
    barriers=[signed_for_provider],
    note="whoever an accepted power of attorney names, until its last day",
)
policy.declare(
    "contracts.sign_as_provider",
    desks=[LEADER],
    barriers=[signed_for_user],
    note="whoever an accepted power of attorney names, until its last day",
)
policy.declare(
    "contracts.see_signingmandate",
    desks=[AGENT, LEGAL_REP, OFFICER, LEADER, CASE, DECIDER, SUPERVISOR],
    system=True,
)
policy.declare("contracts.review_signingmandate", desks=[CASE], barriers=[has_part_in_letter])
policy.declare("contracts.revoke_signingmandate", desks=[LEGAL_REP, LEADER, CASE])
policy.declare("contracts.expire_signingmandate", system=True)
policy.declare("contracts.take_effect", system=True)
policy.declare("contracts.reopen_agreement", desks=[AGENT, LEGAL_REP, OFFICER, LEADER, CASE])
policy.declare("contracts.suspend_agreement", desks=[SUPERVISOR], system=True)
policy.declare("contracts.resume_agreement", desks=[SUPERVISOR], system=True)
policy.declare("contracts.expire_agreement", system=True)
policy.declare(
    "contracts.terminate_agreement",
    desks=[LEGAL_REP, LEADER, DECIDER],
    system=True,
    note="contracts/endings.py says who may for which cause",
)
policy.declare("contracts.amend_agreement", system=True)
policy.declare("contracts.renew_agreement", system=True)
policy.declare("contracts.lapse_agreement", system=True)
policy.declare("contracts.redraft_agreement", system=True)

policy.declare("contracts.comment_agreement", desks=[*NEGOTIATORS, SECURITY])
policy.declare(
    "contracts.answer_changeproposal",
    desks=NEGOTIATORS,
    barriers=[not_asked],
    system=True,
    note="a new draft declines what was proposed for the old one",
)
policy.declare(
    "contracts.withdraw_changeproposal", desks=NEGOTIATORS, barriers=[proposed_elsewhere]
)
policy.declare("contracts.lapse_changeproposal", system=True)
policy.declare(
    "contracts.see_clausethread",
    desks=[*NEGOTIATORS, SECURITY, CASE, DECIDER, SUPERVISOR],
    note="an internal one is granted to its own side only",
)
policy.declare("contracts.join_clausethread", desks=[*NEGOTIATORS, SECURITY])

policy.declare(
    "contracts.serve_termination",
    desks=[LEGAL_REP, LEADER, DECIDER],
    barriers=[cause_is_open_to_them],
    system=True,
    note="the last consent serves it",
)
policy.declare(
    "contracts.answer_termination", desks=[LEGAL_REP, LEADER], barriers=[own_party_consented]
)
policy.declare(
    "contracts.withdraw_termination",
    desks=[LEGAL_REP, LEADER, DECIDER],
    barriers=[begun_by_another_office],
    system=True,
    note="what is open falls when the agreement ends another way",
)
policy.declare("contracts.carry_out_termination", system=True)
policy.declare("contracts.sign_amendment", desks=[LEGAL_REP, LEADER])
policy.declare(
    "contracts.withdraw_amendment",
    desks=[AGENT, LEGAL_REP, OFFICER, LEADER],
    barriers=[begun_by_another_office],
    system=True,
    note="what is open falls when the agreement ends",
)
policy.declare("contracts.take_effect_amendment", system=True)

policy.declare("contracts.see_basetemplate", desks=[CASE, DECIDER, SUPERVISOR], system=True)
policy.declare(
    "contracts.publish_basetemplate", desks=[CASE, DECIDER], barriers=[drafted_it], system=True
)
policy.declare(
    "contracts.see_termprofile", desks=[OFFICER, LEADER, CASE, DECIDER, SUPERVISOR], system=True
)
policy.declare(
    "contracts.draft_termprofile",
    desks=[OFFICER, LEADER, CASE, DECIDER],
    barriers=[other_side_drafted],
    system=True,
)
policy.declare(
    "contracts.answer_termprofile",
    desks=[OFFICER, LEADER, CASE, DECIDER],
    barriers=[own_side_drafted],
    system=True,
)
policy.declare(
    "contracts.publish_termprofile", desks=[LEADER, DECIDER], barriers=[drafted_it], system=True
)

policy.declare("contracts.see_clauseversion", desks=[CASE, DECIDER, SUPERVISOR], system=True)
policy.declare(
    "contracts.publish_clauseversion", desks=[CASE, DECIDER], barriers=[drafted_it], system=True
)
