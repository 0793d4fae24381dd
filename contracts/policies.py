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

from contracts.models import BaseTemplate, ChangeProposal, ClauseVersion, TermProfile
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
