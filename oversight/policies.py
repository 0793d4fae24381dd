"""Who may do what in oversight. Source: domain §3.1, T14, T17-T20."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties import queries as parties
from parties.roles import Role
from workflow import policy

LICENSEE = [
    ("licensee", Role.APPLICANT_AGENT),
    ("licensee", Role.APPLICANT_LEGAL_REP),
    ("licensee", Role.APPLICANT_SECURITY),
]
PARTY = [("party", role) for _holder, role in LICENSEE]
PROVIDERS = [("provider", Role.PROVIDER_OFFICER), ("provider", Role.PROVIDER_LEADER)]
CASE = ("authority", Role.AUTHORITY_CASE)
DECIDER = ("authority", Role.AUTHORITY_DECIDER)
SUPERVISOR = ("authority", Role.AUTHORITY_SUPERVISOR)
OPS = ("platform", Role.PLATFORM_OPS)
SECURITY = ("platform", Role.SECURITY_OFFICER)
AUDITOR = ("platform", Role.AUDITOR)
ASSESSOR = ("assessor", Role.ASSESSOR)
SETTLER = ("exchange", Role.EXCHANGE_SETTLER)
FINANCE = ("exchange", Role.EXCHANGE_FINANCE)
WATCHERS = [CASE, DECIDER, SUPERVISOR, OPS, SECURITY, AUDITOR]
# Who may begin something that is no subject yet: report a violation, raise an alert.
REPORTERS = (
    Role.AUTHORITY_SUPERVISOR,
    Role.AUTHORITY_CASE,
    Role.PLATFORM_OPS,
    Role.SECURITY_OFFICER,
)


def _party_id(subject: models.Model) -> Any:
    return getattr(subject, "party_id", None) or getattr(subject, "licensee_id", None)


def works_for_the_party(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep people of the party from judging it."""
    own = {desk.organization_id for desk in parties.desks_of(actor)}
    if _party_id(subject) in own:
        return _("You work for the party concerned, so somebody else acts here.")
    return None


def is_the_investigator(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep whoever investigated a case from deciding it."""
    if actor.pk == getattr(subject, "investigator_id", None):
        return _("You investigated this case, so somebody else decides it.")
    return None


def decided_the_case(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep whoever decided a case from answering the objection to it."""
    if actor.pk == getattr(subject, "decided_by_id", None):
        return _("You decided this case, so somebody else answers the objection.")
    return None


def proposed_the_switch(actor: Any, subject: models.Model) -> str | Promise | None:
    """Keep whoever proposed a switch from settling it."""
    if actor.pk == getattr(subject, "proposed_by_id", None):
        return _("You proposed this switch, so somebody else approves it.")
    return None


policy.declare(
    "oversight.see_evaluation", desks=[*LICENSEE, *PROVIDERS, *WATCHERS, ASSESSOR], system=True
)
policy.declare("oversight.open_evaluation", desks=[SUPERVISOR], system=True)
policy.declare("oversight.report_evaluation", desks=[("licensee", Role.APPLICANT_AGENT)])
policy.declare(
    "oversight.verify_evaluation", desks=[OPS, SUPERVISOR], barriers=[works_for_the_party]
)
policy.declare(
    "oversight.score_evaluation",
    desks=[ASSESSOR, SUPERVISOR],
    barriers=[works_for_the_party],
    system=True,
    note="the system ends a rectification whose time is over",
)
policy.declare("oversight.assign_evaluation", desks=[SUPERVISOR], system=True)

policy.declare("oversight.see_alert", desks=[DECIDER, SUPERVISOR, OPS, SECURITY, AUDITOR],
               system=True)  # fmt: skip
policy.declare("oversight.handle_alert", desks=[SUPERVISOR, OPS, SECURITY], system=True)

policy.declare(
    "oversight.see_violationcase",
    desks=[*PARTY, *WATCHERS],
    system=True,
    note="the party from the hearing notice on",
)
policy.declare("oversight.file_violationcase", desks=[SUPERVISOR], barriers=[works_for_the_party])
policy.declare(
    "oversight.investigate_violationcase", desks=[SUPERVISOR], barriers=[works_for_the_party]
)
policy.declare("oversight.add_evidence", desks=[SUPERVISOR, OPS, SECURITY])
policy.declare("oversight.hear_violationcase", desks=[SUPERVISOR], barriers=[works_for_the_party])
policy.declare(
    "oversight.answer_violationcase",
    desks=[("party", Role.APPLICANT_AGENT), ("party", Role.APPLICANT_LEGAL_REP)],
    system=True,
    note="the system goes on when the time for a statement is over",
)
policy.declare(
    "oversight.decide_violationcase",
    desks=[DECIDER],
    barriers=[is_the_investigator, works_for_the_party],
)
policy.declare("oversight.publish_violationcase", desks=[SUPERVISOR, DECIDER])
policy.declare(
    "oversight.object_violationcase",
    desks=[("party", Role.APPLICANT_AGENT), ("party", Role.APPLICANT_LEGAL_REP)],
)
policy.declare(
    "oversight.review_violationcase",
    desks=[DECIDER],
    barriers=[is_the_investigator, decided_the_case, works_for_the_party],
)
policy.declare(
    "oversight.repair_violationcase", desks=[SUPERVISOR, DECIDER], barriers=[works_for_the_party]
)
policy.declare("oversight.close_violationcase", desks=[SUPERVISOR], system=True)
policy.declare("oversight.dismiss_violationcase", desks=[SUPERVISOR])

policy.declare("oversight.see_publicnotice", desks=WATCHERS, system=True)
policy.declare("oversight.withdraw_publicnotice", desks=[SUPERVISOR, DECIDER])
policy.declare("oversight.expire_publicnotice", system=True)

policy.declare(
    "oversight.see_exitcase",
    desks=[*LICENSEE, *PROVIDERS, *WATCHERS, SETTLER, FINANCE],
    system=True,
)
policy.declare("oversight.advance_exitcase", system=True)
policy.declare("oversight.submit_certificate", desks=LICENSEE)
policy.declare(
    "oversight.verify_exitcase", desks=[OPS, SECURITY], barriers=[works_for_the_party]
)
policy.declare("oversight.settle_exitcase", desks=[SETTLER, OPS])
policy.declare("oversight.archive_exitcase", desks=[OPS, SUPERVISOR])

# What is switched off: proposed by one person of the authority, approved by another.
policy.declare("workflow.see_verbswitch", desks=[DECIDER, SUPERVISOR, CASE, OPS, AUDITOR])
policy.declare(
    "workflow.settle_verbswitch", desks=[DECIDER, SUPERVISOR], barriers=[proposed_the_switch]
)
policy.declare("workflow.end_verbswitch", desks=[DECIDER, SUPERVISOR])
policy.declare("workflow.expire_verbswitch", system=True)
