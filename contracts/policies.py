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
from contracts.models import Amendment, BaseTemplate, ChangeProposal, Termination, TermProfile
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
    assert isinstance(subject, BaseTemplate | TermProfile)
    if subject.drafted_by_id == actor.pk:
        return _("You drafted this version, so somebody else publishes it.")
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
policy.declare("contracts.sign_as_user", desks=[LEGAL_REP])
policy.declare("contracts.sign_as_provider", desks=[LEADER])
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

policy.declare(
    "contracts.answer_changeproposal",
    desks=[AGENT, LEGAL_REP, OFFICER, LEADER],
    barriers=[proposed_by_own_side],
    system=True,
    note="a new draft declines what was proposed for the old one",
)

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
    "contracts.publish_termprofile", desks=[LEADER], barriers=[drafted_it], system=True
)
