"""The rules of signing in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from contracts.models import SigningOrder, SigningRule
from contracts.signing_rules import KINDS
from core import clock
from core.errors import NotFound
from parties.queries import organization_for
from parties.roles import Role


def rule_in_force(kind: str, *, at: datetime) -> SigningRule:
    """
    Return the version of a rule about signing that holds on the day of ``at``.

    :raises NotFound: none holds: the baseline is not installed.
    """
    rows = SigningRule.objects.filter(kind=kind, effective_on__lte=clock.local_date(at))
    found = rows.order_by("-effective_on", "-version").first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One version of a rule about signing, as its page shows it."""

    kind: str
    version: int
    value: str
    legal_basis: str
    effective_on: date
    in_force: bool


def signing_rules(*, actor: Any, at: datetime) -> tuple[RuleRow, ...]:
    """
    Return every version of the rules about signing, newest first, at most PAGE_ROWS_MAX.

    :raises Forbidden: the actor is not a decider of the authority.
    """
    organization_for(actor, Role.AUTHORITY_DECIDER)
    holds = {rule_in_force(kind, at=at).pk for kind in KINDS}
    orders = dict(SigningOrder.choices)
    rows = SigningRule.objects.order_by("kind", "-version")[: settings.PAGE_ROWS_MAX]
    return tuple(
        RuleRow(
            kind=row.kind,
            version=row.version,
            value=str(orders.get(row.value, row.value)),
            legal_basis=row.legal_basis,
            effective_on=row.effective_on,
            in_force=row.pk in holds,
        )
        for row in rows
    )
