"""Statements in lists: by month, by state, by agreement; only those the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from contracts.models import Agreement
from parties import queries as parties
from parties.roles import Role
from settlement.models import Statement
from workflow import policy
from workflow.deadlines import of_subjects

MONTHS_MAX = 36
SEE = "settlement.see_statement"
_COUNTED = [Statement.State.DRAFT, *Statement.STANDING]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement in a list; ``due_on`` is the nearest running time limit."""

    id: UUID
    number: str
    revision: int
    agreement_id: UUID
    agreement_number: str
    licensee_name: str
    period_from: date
    period_to: date
    payable_fen: int
    state: str
    state_name: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class StatementList:
    """A page of statements."""

    rows: tuple[StatementRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The batch of one month; amounts in fen, ``waiting`` counts what is not paid yet."""

    period_from: date
    period_to: date
    count: int
    waiting: int
    payable_fen: int
    paid_fen: int
    disputed: int


def statements(
    *,
    actor: Any,
    at: datetime,
    page: int = 1,
    month: date | None = None,
    state: str = "",
    text: str = "",
) -> StatementList:
    """
    Return a page of the statements this actor may see, the latest month first.

    ``month`` is any day of the month wanted; ``text`` looks in numbers and the buyer's name.
    """
    rows = policy.visible(actor, SEE, Statement)
    if month is not None:
        rows = rows.filter(period_from=month.replace(day=1))
    if state in Statement.State.values:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(agreement__number__icontains=text)
            | Q(licensee__name__icontains=text)
        )
    total, size = rows.count(), settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    chosen = _ordered(rows)[(page - 1) * size : page * size]
    return StatementList(_rows(chosen, at=at), total, page, pages)


def statements_of(*, agreement_id: UUID, actor: Any, at: datetime) -> tuple[StatementRow, ...]:
    """Return the statements of an agreement that this actor may see, the latest month first."""
    rows = policy.visible(actor, SEE, Statement).filter(agreement_id=agreement_id)
    return _rows(_ordered(rows)[: settings.PAGE_ROWS_MAX], at=at)


def months(*, actor: Any) -> tuple[MonthRow, ...]:
    """Return the batches of the latest months, at most MONTHS_MAX, as far as the actor sees."""
    counted, paid = Q(state__in=_COUNTED), Q(state=Statement.State.PAID)
    rows = (
        policy.visible(actor, SEE, Statement)
        .order_by()
        .values("period_from", "period_to")
        .annotate(
            count=Count("id", filter=counted),
            waiting=Count("id", filter=counted & ~paid),
            payable=Sum("payable_fen", filter=counted),
            paid=Sum("payable_fen", filter=paid),
            disputed=Count("id", filter=Q(state=Statement.State.DISPUTED)),
        )
        .order_by("-period_from")[:MONTHS_MAX]
    )
    return tuple(
        MonthRow(
            period_from=row["period_from"],
            period_to=row["period_to"],
            count=row["count"],
            waiting=row["waiting"],
            payable_fen=int(row["payable"] or 0),
            paid_fen=int(row["paid"] or 0),
            disputed=row["disputed"],
        )
        for row in rows
    )


def settleable(*, actor: Any) -> tuple[tuple[UUID, str], ...]:
    """
    Return (id, name) of the agreements that have licenses, for drawing up a statement.

    :raises Forbidden: the actor does not settle for the exchange.
    """
    parties.organization_for(actor, Role.EXCHANGE_SETTLER)
    rows = (
        Agreement.objects.filter(licenses__isnull=False)
        .select_related("applicant")
        .order_by("-number", "pk")
        .distinct()[: settings.PAGE_ROWS_MAX]
    )
    return tuple((row.pk, f"{row.number} {row.applicant.name}") for row in rows)


def _ordered(rows: QuerySet[Statement]) -> QuerySet[Statement]:
    return rows.select_related("agreement", "licensee").order_by(
        "-period_from", "-drafted_at", "number"
    )


def _rows(chosen: Iterable[Statement], *, at: datetime) -> tuple[StatementRow, ...]:
    found = list(chosen)
    clocks = of_subjects(found, at=at)
    return tuple(
        StatementRow(
            id=row.id,
            number=row.number,
            revision=row.revision,
            agreement_id=row.agreement_id,
            agreement_number=row.agreement.number,
            licensee_name=row.licensee.name,
            period_from=row.period_from,
            period_to=row.period_to,
            payable_fen=row.payable_fen,
            state=row.state,
            state_name=str(row.get_state_display()),
            due_on=clocks[str(row.pk)][0].due_on if clocks.get(str(row.pk)) else None,
        )
        for row in found
    )
