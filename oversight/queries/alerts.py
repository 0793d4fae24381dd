"""Alerts as the supervision reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from core.errors import NotFound
from oversight.models import Alert, Measure
from oversight.queries.strips import GRADE_TONES, tone
from workflow import deadlines, history, policy, transitions


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert in a list."""

    id: UUID
    rule: str
    rule_name: str
    grade: str
    grade_name: str
    grade_tone: str
    summary: str
    organization_name: str
    license_number: str
    raised_at: datetime
    owner_name: str
    state: str
    state_name: str
    tone: str
    outcome_name: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert with its evidence, its interim measures and what may be done."""

    row: AlertRow
    organization_id: UUID
    license_id: UUID | None
    evidence: tuple[tuple[str, str], ...]
    measures: tuple[tuple[datetime, str, datetime | None, datetime | None], ...]
    cases: tuple[tuple[UUID, str], ...]
    note: str
    may_restrict: bool
    may_report: bool
    clocks: tuple[deadlines.ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]


def alerts_board(*, actor: Any, open_only: bool = True) -> tuple[AlertRow, ...]:
    """Return the alerts an actor may see: the gravest, then the newest; PAGE_ROWS_MAX at most."""
    rows = policy.visible(actor, "oversight.see_alert", Alert)
    if open_only:
        rows = rows.exclude(state=Alert.State.CLOSED)
    # I, II, III, IV sort as they are graded: the text order of Roman one to four is theirs.
    chosen = rows.select_related("organization", "license", "owner").order_by(
        "grade", "-raised_at", "id"
    )
    return tuple(_row(row) for row in chosen[: settings.PAGE_ROWS_MAX])


def alert_page(*, alert_id: UUID, actor: Any, at: datetime) -> AlertPage:
    """
    Return one alert.

    :raises NotFound: there is none, or the actor may not see it.
    """
    alert = (
        policy.visible(actor, "oversight.see_alert", Alert)
        .select_related("organization", "license", "owner")
        .filter(id=alert_id)
        .first()
    )
    if alert is None:
        raise NotFound
    still = alert.state != Alert.State.CLOSED
    measures = list(alert.measures.order_by("ordered_at", "id")[:20])
    may_restrict = (
        still
        and alert.license is not None
        and alert.license.state == "ACTIVE"
        and all(m.ended_at for m in measures)
        and policy.may(actor, "licensing.restrict_license", alert.license)
    )
    return AlertPage(
        row=_row(alert),
        organization_id=alert.organization_id,
        license_id=alert.license_id,
        evidence=tuple((key, str(value)) for key, value in sorted(alert.evidence.items())),
        measures=tuple(_measure(m) for m in measures),
        cases=tuple((c.pk, c.number or c.reference) for c in alert.cases.order_by("reported_at")),
        note=alert.note,
        may_restrict=may_restrict,
        may_report=still
        and alert.license_id is not None
        and policy.may(actor, "oversight.handle_alert", alert),
        clocks=deadlines.of_subject(alert, at=at),
        timeline=history.timeline(alert),
        offers=transitions.offers(alert, actor=actor),
    )


def _measure(row: Measure) -> tuple[datetime, str, datetime | None, datetime | None]:
    percent = (Decimal(row.terms.get("quota_factor", "1")) * 100).normalize()
    text = f"{row.get_kind_display()} {format(percent, 'f')}%"
    return row.ordered_at, text, row.until, row.ended_at


def _row(alert: Alert) -> AlertRow:
    return AlertRow(
        id=alert.id,
        rule=alert.rule,
        rule_name=str(alert.get_rule_display()),
        grade=alert.grade,
        grade_name=str(alert.get_grade_display()),
        grade_tone=GRADE_TONES[alert.grade],
        summary=alert.summary,
        organization_name=alert.organization.name,
        license_number=alert.license.number if alert.license else "",
        raised_at=alert.raised_at,
        owner_name=alert.owner.full_name if alert.owner else "",
        state=alert.state,
        state_name=str(alert.get_state_display()),
        tone=tone(alert.state),
        outcome_name=str(alert.get_outcome_display()) if alert.outcome else "",
    )
