"""Who may see, verify, edit and bar an organization."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties import nearness
from parties.models import Desk, Organization, PartyProfile
from parties.roles import DESKS, Kind, Role, own_holder
from workflow import policy

# An organization is its own holder under the name of its kind, so that only desks it can have
# are granted.
_OWN_DESKS = [
    (own_holder(kind=kind), role) for kind, roles in DESKS.items() for role in sorted(roles)
]
_WATCHERS = [
    ("authority", Role.AUTHORITY_CASE),
    ("authority", Role.AUTHORITY_DECIDER),
    ("authority", Role.AUTHORITY_SUPERVISOR),
    ("platform", Role.PLATFORM_OPS),
    ("platform", Role.AUDITOR),
]

_COMPANY_AGENTS = [
    (own_holder(kind=kind), role)
    for kind in (Kind.APPLICANT, Kind.OPERATOR)
    for role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)
]


def works_near(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar people from verifying a company they or its affiliates employ, or that they entered."""
    organization_id = subject.pk
    if isinstance(subject, PartyProfile):
        organization_id = subject.organization_id
        if actor.pk in (subject.submitted_by_id, subject.created_by_id):
            return _("You handed in this profile, so somebody else reviews it.")
    if Desk.objects.filter(user=actor, organization=organization_id, closed_at=None).exists():
        return _("You work for this company, so somebody else reviews it.")
    if organization_id in nearness.of_person(actor):
        return _("You work for an affiliate of this company, so somebody else reviews it.")
    return None


def is_no_company(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar the direct edit of a company: what it says of itself is approved version by version."""
    assert isinstance(subject, Organization)
    if subject.kind == Kind.APPLICANT:
        return _("A company changes its data by a new version of its profile.")
    return None


policy.declare(
    "parties.see_organization",
    desks=[*_OWN_DESKS, *_WATCHERS],
    system=True,
)
policy.declare(
    "parties.verify_organization",
    desks=[("authority", Role.AUTHORITY_CASE), ("platform", Role.PLATFORM_OPS)],
    barriers=[works_near],
    system=True,
)
policy.declare(
    "parties.bar_organization",
    desks=[("authority", Role.AUTHORITY_SUPERVISOR), ("authority", Role.AUTHORITY_DECIDER)],
    system=True,
)
policy.declare(
    "parties.edit_organization",
    desks=[
        (own_holder(kind=Kind.PROVIDER), Role.PROVIDER_LEADER),
        (own_holder(kind=Kind.OPERATOR), Role.OPERATOR_AGENT),
        ("platform", Role.PLATFORM_OPS),
    ],
    barriers=[is_no_company],
    system=True,
)
policy.declare("parties.write_profile", desks=_COMPANY_AGENTS)
policy.declare("parties.manage_seats", desks=_COMPANY_AGENTS)
policy.declare(
    "parties.hand_over_cases",
    desks=[
        *_COMPANY_AGENTS,
        (own_holder(kind=Kind.AUTHORITY), Role.AUTHORITY_SUPERVISOR),
        ("platform", Role.PLATFORM_OPS),
    ],
)
policy.declare(
    "parties.appoint_agent", desks=[("authority", Role.AUTHORITY_CASE)], barriers=[works_near]
)

_REVIEWERS = [
    ("authority", Role.AUTHORITY_CASE),
    ("authority", Role.AUTHORITY_DECIDER),
    ("authority", Role.AUTHORITY_SUPERVISOR),
    ("platform", Role.AUDITOR),
]
_OWN = [("company", Role.APPLICANT_AGENT), ("company", Role.APPLICANT_LEGAL_REP)]
policy.declare("parties.see_partyprofile", desks=[*_OWN, *_REVIEWERS], system=True)
policy.declare("parties.edit_partyprofile", desks=_OWN)
policy.declare(
    "parties.review_partyprofile",
    desks=[("authority", Role.AUTHORITY_CASE)],
    barriers=[works_near],
)
policy.declare("parties.see_invitation", desks=_OWN, system=True)
policy.declare("parties.revoke_invitation", desks=_OWN, system=True)
policy.declare(
    "parties.accept_invitation", note="the person whose address the invitation was sent to"
)
policy.declare("parties.expire_invitation", system=True)

# Who may bring organizations and people into the product, and open desks for them.
REGISTRARS = ((Kind.PLATFORM, Role.PLATFORM_OPS), (Kind.AUTHORITY, Role.AUTHORITY_SUPERVISOR))

# Who may take the second factor from a person who lost it; the person then enrols anew.
FACTOR_KEEPERS = ((Kind.PLATFORM, Role.SECURITY_OFFICER),)
