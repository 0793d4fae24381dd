"""Who may do what to licenses, client applications and credentials. Source: domain §3.1, §3.3."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from workflow import policy

LICENSEE = [
    ("licensee", Role.APPLICANT_AGENT),
    ("licensee", Role.APPLICANT_LEGAL_REP),
    ("licensee", Role.APPLICANT_SECURITY),
]
KEY_HOLDERS = [("licensee", Role.APPLICANT_AGENT), ("licensee", Role.APPLICANT_SECURITY)]
OPS = ("platform", Role.PLATFORM_OPS)
SECURITY = ("platform", Role.SECURITY_OFFICER)
AUDITOR = ("platform", Role.AUDITOR)
DECIDER = ("authority", Role.AUTHORITY_DECIDER)
SUPERVISOR = ("authority", Role.AUTHORITY_SUPERVISOR)
WATCHERS = [("authority", Role.AUTHORITY_CASE), DECIDER, SUPERVISOR, OPS, SECURITY, AUDITOR]
PROVIDERS = [("provider", Role.PROVIDER_OFFICER), ("provider", Role.PROVIDER_LEADER)]
SETTLERS = [("exchange", Role.EXCHANGE_SETTLER), ("exchange", Role.EXCHANGE_FINANCE)]


def reviewer_did_not_register(actor: Any, subject: models.Model) -> str | Promise | None:
    """Return why somebody who registered a client application may not review it."""
    if getattr(subject, "registered_by_id", None) == actor.pk:
        return _("The review belongs to somebody else than the person who registered it.")
    return None


policy.declare(
    "licensing.see_license", desks=[*LICENSEE, *PROVIDERS, *WATCHERS, *SETTLERS], system=True
)
policy.declare("licensing.activate_license", system=True)
policy.declare("licensing.suspend_license", desks=[SUPERVISOR, DECIDER], system=True)
policy.declare("licensing.resume_license", desks=[SUPERVISOR, DECIDER], system=True)
policy.declare("licensing.restrict_license", desks=[SUPERVISOR, DECIDER], system=True)
policy.declare("licensing.reissue_license", desks=[("authority", Role.AUTHORITY_CASE), DECIDER])
policy.declare("licensing.expire_license", system=True)
policy.declare("licensing.revoke_license", desks=[DECIDER], system=True)
policy.declare("licensing.surrender_license", desks=[("licensee", Role.APPLICANT_LEGAL_REP)])
policy.declare("licensing.supersede_license", system=True)

policy.declare("licensing.see_clientapplication", desks=[*LICENSEE, *WATCHERS], system=True)
policy.declare(
    "licensing.review_clientapplication", desks=[OPS], barriers=[reviewer_did_not_register]
)
policy.declare("licensing.request_credential", desks=[*KEY_HOLDERS, OPS])

policy.declare("licensing.see_credential", desks=[*LICENSEE, *WATCHERS], system=True)
policy.declare(
    "licensing.issue_credential",
    desks=[*KEY_HOLDERS, OPS],
    note="the key is shown to whoever issues it, so the licensee's own people may",
)
policy.declare("licensing.rotate_credential", desks=KEY_HOLDERS)
policy.declare(
    "licensing.suspend_credential",
    desks=[OPS, SECURITY, SUPERVISOR, DECIDER, ("licensee", Role.APPLICANT_SECURITY)],
    system=True,
)
policy.declare("licensing.resume_credential", desks=[OPS, SUPERVISOR, DECIDER], system=True)
policy.declare(
    "licensing.revoke_credential",
    desks=[OPS, SECURITY, DECIDER, *KEY_HOLDERS],
    system=True,
    note="whoever lost a key must be able to end it at once",
)
policy.declare("licensing.expire_credential", system=True)
