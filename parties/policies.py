"""Who may see, verify, edit and bar an organization."""

from __future__ import annotations

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

policy.declare(
    "parties.see_organization",
    desks=[*_OWN_DESKS, *_WATCHERS],
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
        (own_holder(kind=Kind.APPLICANT), Role.APPLICANT_AGENT),
        (own_holder(kind=Kind.APPLICANT), Role.APPLICANT_LEGAL_REP),
        (own_holder(kind=Kind.PROVIDER), Role.PROVIDER_LEADER),
        (own_holder(kind=Kind.OPERATOR), Role.OPERATOR_AGENT),
        ("platform", Role.PLATFORM_OPS),
    ],
    system=True,
)

# Who may bring organizations and people into the product, and open desks for them.
REGISTRARS = ((Kind.PLATFORM, Role.PLATFORM_OPS), (Kind.AUTHORITY, Role.AUTHORITY_SUPERVISOR))
