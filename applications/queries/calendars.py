"""Calendars that were handed in: what they change, which clocks they move, how far the work is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings

from applications.clock_keeping import CALENDAR_PROPOSERS, READERS, days_from
from applications.models import CalendarImport
from core import calendar_import
from core.calendar_import import YearChange
from core.errors import NotFound
from core.models import CalendarDay, CalendarYear
from parties import queries as parties
from workflow import concerned, policy, recomputing, transitions
from workflow.models import DeadlineChange
from workflow.recomputing import Moved, Span

State = CalendarImport.State


@dataclass(frozen=True, slots=True)
class YearRow:
    """One published year: when it came in and how many departures from weekdays it states."""

    year: int
    imported_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import in the list."""

    id: UUID
    filename: str
    years: tuple[int, ...]
    state: str
    state_name: str
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    clocks_moved: int


@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """The published years and the imports, newest first."""

    years: tuple[YearRow, ...]
    imports: tuple[ImportRow, ...]
    may_propose: bool


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One clock whose last day moves; ``link`` is empty when the reader has no page of it."""

    subject_type: str
    number: str
    link: str
    kind: str
    due_on_before: date
    due_on_after: date


@dataclass(frozen=True, slots=True)
class ImportPage:
    """
    One import with one page of the clocks it moves or has moved.

    ``moved_count`` are clocks with another last day; ``confirmed_count`` those whose day stays and
    stops being provisional (known before the approval only).
    """

    id: UUID
    filename: str
    sha256: str
    years: tuple[int, ...]
    state: str
    state_name: str
    changes: tuple[YearChange, ...]
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    settled_at: datetime | None
    finished_at: datetime | None
    note: str
    clocks_total: int
    clocks_done: int
    clocks_moved: int
    people_told: int
    percent: int
    running: bool
    moved_count: int
    confirmed_count: int
    rows: tuple[MovedRow, ...]
    number: int
    pages: int
    total: int
    offers: tuple[transitions.Offer, ...]


def calendars(*, actor: Any) -> CalendarsPage:
    """
    Return the published years and the imports an actor may see, newest first.

    :raises NotFound: the actor has no desk that keeps or reads the calendar.
    """
    if not any(parties.has_role(actor, role) for role in READERS):
        raise NotFound
    found = policy.visible(actor, "applications.see_calendarimport", CalendarImport)
    rows = found.defer("days", "changes").select_related("proposed_by", "settled_by")
    counts: dict[int, int] = {}
    for day in CalendarDay.objects.values_list("day", flat=True):
        counts[day.year] = counts.get(day.year, 0) + 1
    return CalendarsPage(
        years=tuple(
            YearRow(row.year, row.imported_at, counts.get(row.year, 0))
            for row in CalendarYear.objects.order_by("-year")
        ),
        imports=tuple(
            _row(row) for row in rows.order_by("-proposed_at", "id")[: settings.PAGE_ROWS_MAX]
        ),
        may_propose=any(parties.has_role(actor, role) for role in CALENDAR_PROPOSERS),
    )


def calendar_page(*, import_id: UUID, actor: Any, page: int = 1) -> ImportPage:
    """
    Return one import; before its approval with what it would move, afterwards with what it moved.

    :raises NotFound: there is no such import for this actor.
    """
    found = (
        policy.visible(actor, "applications.see_calendarimport", CalendarImport)
        .select_related("proposed_by", "settled_by")
        .filter(pk=import_id)
        .first()
    )
    if found is None:
        raise NotFound
    proposed = found.state == State.PROPOSED
    moved, total, confirmed = _foreseen(found, page) if proposed else _done(found, page)
    pages = max(1, -(-total // settings.PAGE_ROWS_MAX))
    running = found.state == State.APPLYING
    return ImportPage(
        id=found.pk,
        filename=found.filename,
        sha256=found.sha256,
        years=tuple(found.years),
        state=found.state,
        state_name=_state_name(found),
        changes=_changes(found, foreseen=proposed),
        proposed_by=found.proposed_by.full_name,
        proposed_at=found.proposed_at,
        settled_by=found.settled_by.full_name if found.settled_by else "",
        settled_at=found.settled_at,
        finished_at=found.finished_at,
        note=found.note,
        clocks_total=found.clocks_total,
        clocks_done=found.clocks_done,
        clocks_moved=found.clocks_moved,
        people_told=found.people_told,
        percent=min(100, 100 * found.clocks_done // max(1, found.clocks_total)),
        running=running,
        moved_count=total,
        confirmed_count=confirmed,
        rows=_rows(moved),
        number=min(max(page, 1), pages),
        pages=pages,
        total=total,
        offers=transitions.offers(found, actor=actor) if proposed else (),
    )


def _foreseen(found: CalendarImport, page: int) -> tuple[list[Moved], int, int]:
    """Count what would move and keep the rows of one page; the rest is never held."""
    days = days_from(found.days)
    span = calendar_import.span_of(days=days)
    if span is None:
        return [], 0, 0
    size = settings.PAGE_ROWS_MAX
    kept: list[Moved] = []
    last: list[Moved] = []
    total = confirmed = 0
    calendar = calendar_import.as_if(days=days)
    for one in recomputing.affected(calendar=calendar, span=Span(*span)):
        if not one.has_another_day:
            confirmed += 1
            continue
        if total % size == 0:
            last = []
        last.append(one)
        if (max(page, 1) - 1) * size <= total < max(page, 1) * size:
            kept.append(one)
        total += 1
    # A page beyond the last one is the last one.
    return kept or last, total, confirmed


def _done(found: CalendarImport, page: int) -> tuple[list[Moved], int, int]:
    rows = DeadlineChange.objects.filter(origin=str(found.pk)).exclude(origin="")
    size, total = settings.PAGE_ROWS_MAX, rows.count()
    number = min(max(page, 1), max(1, -(-total // size)))
    several = rows.select_related("deadline").order_by("id")
    return (
        [
            Moved(
                deadline_id=row.deadline_id,
                subject_type=row.deadline.subject_type,
                subject_id=row.deadline.subject_id,
                kind=row.deadline.kind,
                due_on_before=row.due_on_before,
                due_on_after=row.due_on_after,
                provisional_before=False,
                provisional_after=row.deadline.provisional,
            )
            for row in several[(number - 1) * size : number * size]
        ],
        total,
        0,
    )


def _rows(moved: Iterable[Moved]) -> tuple[MovedRow, ...]:
    several = list(islice(moved, settings.PAGE_ROWS_MAX))
    known = concerned.of((one.subject_type, one.subject_id) for one in several)
    found = []
    for one in several:
        concern = known.get((one.subject_type, one.subject_id))
        found.append(
            MovedRow(
                subject_type=one.subject_type,
                number=concern.number if concern else "",
                link=concern.link if concern else "",
                kind=one.kind,
                due_on_before=one.due_on_before,
                due_on_after=one.due_on_after,
            )
        )
    return tuple(found)


def _row(row: CalendarImport) -> ImportRow:
    return ImportRow(
        id=row.pk,
        filename=row.filename,
        years=tuple(row.years),
        state=row.state,
        state_name=_state_name(row),
        proposed_by=row.proposed_by.full_name,
        proposed_at=row.proposed_at,
        settled_by=row.settled_by.full_name if row.settled_by else "",
        clocks_moved=row.clocks_moved,
    )


def _changes(found: CalendarImport, *, foreseen: bool) -> tuple[YearChange, ...]:
    if foreseen:
        return calendar_import.compare(days=days_from(found.days))
    return tuple(
        YearChange(
            year=one["year"],
            is_new=one["is_new"],
            added=tuple(one["added"]),
            removed=tuple(one["removed"]),
            changed=tuple(one["changed"]),
        )
        for one in found.changes
    )


def _state_name(row: CalendarImport) -> str:
    return str(row.get_state_display())  # type: ignore[attr-defined]
