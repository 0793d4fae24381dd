"""The bar on new applications that comes with a closing of access, and its end. §3.11, §3.12."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from contracts.calendar import add_months
from core import clock
from oversight import ladder
from oversight.models import CaseState, ViolationCase
from parties import actions as parties_actions
from parties import queries as parties
from parties.models import Organization

SWEEP_ROWS = 200


def bar_until(bar: ladder.Bar, *, on: date) -> date | None:
    """Return the last day of a bar that begins on a day; None is for good."""
    return None if bar.months is None else add_months(on, months=bar.months)


def bar(case: ViolationCase, stated: ladder.Bar, *, actor: Any, at: datetime) -> None:
    """Bar the party of a case; of two bars the longer one stands."""
    party = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=case.party_id)
    until = bar_until(stated, on=clock.local_date(at))
    if party.state == Organization.State.BARRED:
        known = party.barred_until
        if known is None or (until is not None and known >= until):
            return
        parties_actions.lift_bar(
            organization_id=party.pk, reason=case.decision_number, actor=actor, at=at
        )
    if party.state != Organization.State.REGISTERED:
        parties_actions.bar_organization(
            organization_id=party.pk, reason=_reason(case), until=until, actor=actor, at=at
        )


def lift_for_case(case: ViolationCase, *, reason: str, actor: Any, at: datetime) -> bool:
    """
    Lift the bar that a case brought, unless another one still stands.

    Returns whether it was lifted.
    """
    party = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=case.party_id)
    if party.state != Organization.State.BARRED or party.bar_reason != _reason(case):
        return False
    parties_actions.lift_bar(organization_id=party.pk, reason=reason, actor=actor, at=at)
    return True


def lift_expired_bars(*, at: datetime) -> int:
    """Lift the bars whose last day has passed; returns how many."""
    rows = Organization.objects.filter(
        state=Organization.State.BARRED, barred_until__lt=clock.local_date(at)
    ).order_by("barred_until", "id")[:SWEEP_ROWS]
    for row in rows:
        parties_actions.lift_bar(
            organization_id=row.pk, reason="期限届满", actor=parties.system_actor(), at=at
        )
    return len(rows)


def _reason(case: ViolationCase) -> str:
    assert case.state != CaseState.REPORTED
    return f"{case.decision_number}（{case.code}）"
