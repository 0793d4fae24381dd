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

from contracts.models import (
    Agreement,
    AgreementParty,
    BaseTemplate,
    ChangeProposal,
    Signature,
    SigningMandate,
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


def proposed_by_own_side(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the side that proposed a change from answering it."""
    assert isinstance(subject, ChangeProposal)
    own = {desk.organization_id for desk in desks_of(actor)}
    parties = subject.agreement.parties.all()
    if subject.side in {party.side for party in parties if party.organization_id in own}:
        return _("Your own side proposed this change, so the other side answers it.")
    return None


def drafted_it(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep the author of a version from publishing it."""
    assert isinstance(subject, BaseTemplate | TermProfile)
    if subject.drafted_by_id == actor.pk:
        return _("You drafted this version, so somebody else publishes it.")
    return None


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
        ("licensee", "APPLICANT_SECURITY"),
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
policy.declare("contracts.terminate_agreement", desks=[DECIDER], system=True)
policy.declare("contracts.lapse_agreement", system=True)
policy.declare("contracts.redraft_agreement", system=True)

policy.declare(
    "contracts.answer_changeproposal",
    desks=[AGENT, LEGAL_REP, OFFICER, LEADER],
    barriers=[proposed_by_own_side],
    system=True,
    note="a new draft declines what was proposed for the old one",
)

policy.declare("contracts.see_basetemplate", desks=[CASE, DECIDER, SUPERVISOR], system=True)
policy.declare(
    "contracts.publish_basetemplate", desks=[CASE, DECIDER], barriers=[drafted_it], system=True
)
policy.declare(
    "contracts.see_termprofile", desks=[OFFICER, LEADER, CASE, DECIDER, SUPERVISOR], system=True
)
policy.declare(
    "contracts.publish_termprofile", desks=[LEADER], barriers=[drafted_it], system=True
)
