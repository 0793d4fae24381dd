"""The permanent record of violations, for reviewers of later applications. Source: clause A13."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.calendar import add_months
from core import clock
from oversight import rules
from oversight.models import CaseState, Code, MeasureKind, ViolationCase
from parties.models import Organization

RECORDS_MAX = 50


@dataclass(frozen=True, slots=True)
class ViolationRecord:
    """One decided violation; ``repaired`` takes the notice off, never the record."""

    case_id: UUID
    number: str
    decision_number: str
    code: str
    code_name: str
    measure: str
    measure_name: str
    decided_on: date
    repaired: bool


def violations_of(organization: Organization) -> tuple[ViolationRecord, ...]:
    """Return every decided violation of a party, the newest first, at most RECORDS_MAX."""
    return records_of(organization.pk)


def violation_lines(*, organization_id: UUID, at: datetime) -> tuple[str, ...]:
    """Return the record of a party as short lines, as it stood at a moment."""
    return tuple(
        f"{row.decision_number} {row.decided_on.isoformat()} {row.code} {row.measure_name}"
        for row in records_of(organization_id)
        if row.decided_on <= clock.local_date(at)
    )


def prior_count(case: ViolationCase, *, at: datetime) -> int:
    """Return how many violations of the same kind were decided in the months that count."""
    day = add_months(clock.local_date(at), months=-rules.REPETITION_MONTHS)
    return (
        ViolationCase.objects.filter(
            party_id=case.party_id,
            code=case.code,
            decided_at__gte=clock.start_of_day(day),
            decided_at__lte=at,
        )
        .exclude(pk=case.pk)
        .exclude(state=CaseState.DISMISSED)
        .count()
    )


def records_of(organization_id: UUID) -> tuple[ViolationRecord, ...]:
    """Return the decided violations of a party by its id, newest first, at most RECORDS_MAX."""
    rows = (
        ViolationCase.objects.filter(party_id=organization_id, decided_at__isnull=False)
        .exclude(state=CaseState.DISMISSED)
        .select_related("notice")
        .order_by("-decided_at", "id")[:RECORDS_MAX]
    )
    return tuple(
        ViolationRecord(
            case_id=row.id,
            number=row.number or row.reference,
            decision_number=row.decision_number,
            code=row.code,
            code_name=str(Code(row.code).label),
            measure=row.measure,
            measure_name=str(MeasureKind(row.measure).label),
            decided_on=clock.local_date(row.decided_at),
            repaired=row.state == CaseState.REPAIRED
            or (hasattr(row, "notice") and row.notice.state == "WITHDRAWN"),
        )
        for row in rows
    )
