"""Who may see, verify, edit and bar an organization."""

from __future__ import annotations

from parties.roles import DESKS, Kind, Role
from workflow import policy

_OWN_DESKS = sorted({str(role) for roles in DESKS.values() for role in roles})
_WATCHERS = [
    ("authority", Role.AUTHORITY_CASE),
    ("authority", Role.AUTHORITY_DECIDER),
    ("authority", Role.AUTHORITY_SUPERVISOR),
    ("platform", Role.PLATFORM_OPS),
    ("platform", Role.AUDITOR),
]

policy.declare(
    "parties.see_organization",
    desks=[*(("organization", role) for role in _OWN_DESKS), *_WATCHERS],
    system=True,
)
policy.declare(
    "parties.verify_organization",
    desks=[("authority", Role.AUTHORITY_CASE), ("platform", Role.PLATFORM_OPS)],
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
        ("organization", Role.APPLICANT_AGENT),
        ("organization", Role.APPLICANT_LEGAL_REP),
        ("organization", Role.PROVIDER_LEADER),
        ("organization", Role.OPERATOR_AGENT),
        ("platform", Role.PLATFORM_OPS),
    ],
    system=True,
)

# Who may bring organizations and people into the product, and open desks for them.
REGISTRARS = ((Kind.PLATFORM, Role.PLATFORM_OPS), (Kind.AUTHORITY, Role.AUTHORITY_SUPERVISOR))
