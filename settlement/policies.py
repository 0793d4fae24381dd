"""Who may do what to a statement, and whose hands are kept apart. Source: domain §3.1, T21-T22."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from workflow import policy

BUYER_AGENT = ("licensee", Role.APPLICANT_AGENT)
BUYER_LEGAL = ("licensee", Role.APPLICANT_LEGAL_REP)
SETTLER = ("exchange", Role.EXCHANGE_SETTLER)
FINANCE = ("exchange", Role.EXCHANGE_FINANCE)
# Whoever drafts or publishes prices; no person does both to one price.
PRICING_ROLES = (Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE)


def settler_does_not_release(actor: Any, subject: models.Model) -> str | Promise | None:
    """Return why the person who posted a statement may not release its payouts."""
    if getattr(subject, "posted_by_id", None) == actor.pk:
        return _("A statement you posted yourself cannot be released by you.")
    return None


policy.declare(
    "settlement.see_statement",
    desks=[
        BUYER_AGENT,
        BUYER_LEGAL,
        SETTLER,
        FINANCE,
        ("treasury", Role.TREASURY_VIEWER),
        ("authority", Role.AUTHORITY_SUPERVISOR),
        ("platform", Role.AUDITOR),
    ],
    system=True,
)
policy.declare(
    "settlement.issue_statement",
    desks=[SETTLER],
    system=True,
    note="the rest of a disputed statement is issued at once",
)
policy.declare("settlement.discard_statement", desks=[SETTLER])
policy.declare(
    "settlement.confirm_statement",
    desks=[BUYER_AGENT, BUYER_LEGAL],
    system=True,
    note="silence confirms when the period has passed",
)
policy.declare("settlement.dispute_statement", desks=[BUYER_AGENT, BUYER_LEGAL])
policy.declare("settlement.resolve_statement", desks=[SETTLER])
policy.declare("settlement.post_statement", desks=[SETTLER])
policy.declare(
    "settlement.release_statement", desks=[FINANCE], barriers=[settler_does_not_release]
)
policy.declare(
    "settlement.settle_statement",
    desks=[FINANCE],
    system=True,
    note="a statement of nothing is settled with its release",
)
