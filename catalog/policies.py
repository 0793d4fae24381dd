"""Who may do what to a dataset, and what keeps them from it. Source: clause B31, domain §3.1."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties import queries as parties
from parties.roles import Role
from workflow import policy

OFFICER = ("provider", Role.PROVIDER_OFFICER)
LEADER = ("provider", Role.PROVIDER_LEADER)
REVIEWER = ("provider", Role.SECRECY_REVIEWER)
SUPERVISOR = ("authority", Role.AUTHORITY_SUPERVISOR)


def reviewer_is_not_officer(actor: Any, subject: models.Model) -> str | Promise | None:
    """Return why the person who classified or assessed a dataset may not review its secrecy."""
    involved = {getattr(subject, "classified_by_id", None)}
    assessment = getattr(subject, "risk_assessment", None)
    if assessment is not None:
        involved.add(assessment.recorded_by_id)
    if actor.pk in involved:
        return _(
            "The secrecy review belongs to somebody else than the person who classified the dataset"
            " or assessed its risks."
        )
    return None


def authority_lifts_its_own_suspension(actor: Any, subject: models.Model) -> str | Promise | None:
    """Return why a provider may not resume what the authority has suspended."""
    by = getattr(subject, "suspended_by", None)
    if by is None or not parties.has_role(by, Role.AUTHORITY_SUPERVISOR):
        return None
    if parties.has_role(actor, Role.AUTHORITY_SUPERVISOR):
        return None
    return _("The data authority suspended this dataset; only the authority may resume it.")


policy.declare(
    "catalog.see_dataset",
    desks=[
        OFFICER,
        LEADER,
        REVIEWER,
        ("authority", Role.AUTHORITY_CASE),
        ("authority", Role.AUTHORITY_DECIDER),
        SUPERVISOR,
        ("platform", Role.PLATFORM_OPS),
        ("platform", Role.SECURITY_OFFICER),
        ("platform", Role.AUDITOR),
    ],
    system=True,
)
policy.declare("catalog.edit_dataset", desks=[OFFICER], system=True)
policy.declare("catalog.classify_dataset", desks=[OFFICER])
policy.declare(
    "catalog.scan_dataset", desks=[OFFICER, ("platform", Role.SECURITY_OFFICER)], system=True
)
policy.declare("catalog.assess_dataset", desks=[OFFICER])
policy.declare(
    "catalog.review_secrecy_dataset", desks=[REVIEWER], barriers=[reviewer_is_not_officer]
)
policy.declare("catalog.preview_dataset", desks=[OFFICER])
policy.declare("catalog.publish_dataset", desks=[LEADER])
policy.declare(
    "catalog.hold_dataset",
    desks=[OFFICER, LEADER, REVIEWER, SUPERVISOR, ("platform", Role.SECURITY_OFFICER)],
    system=True,
)
policy.declare(
    "catalog.tighten_dataset",
    desks=[SUPERVISOR],
    note="tightening an open dataset needs the authority",
)
policy.declare("catalog.reclassify_dataset", desks=[OFFICER])
policy.declare("catalog.suspend_dataset", desks=[SUPERVISOR, LEADER], system=True)
policy.declare(
    "catalog.resume_dataset",
    desks=[SUPERVISOR, LEADER],
    barriers=[authority_lifts_its_own_suspension],
)
policy.declare("catalog.withdraw_dataset", desks=[SUPERVISOR, LEADER])
