"""
Recompute running clocks by a calendar: one after a step, all of them in batches after an import.

A batch costs a constant number of statements and holds a constant number of rows, however many
clocks are open. Source: domain §3.4, docs/sources.md#deadlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction

from core.calendars import working_calendar
from core.working_days import Due, WorkingCalendar
from workflow.models import ClockStop, Deadline, DeadlineChange

BATCH_ROWS = 500
Spans = dict[int, list[tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day on which two calendars differ."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock whose last day moves, or stops being provisional, under another calendar."""

    deadline_id: int
    subject_type: str
    subject_id: str
    kind: str
    due_on_before: date
    due_on_after: date
    provisional_before: bool
    provisional_after: bool

    @property
    def has_another_day(self) -> bool:
        """Return whether the last day itself is another one."""
        return self.due_on_before != self.due_on_after


def recompute(
    deadline: Deadline, *, calendar: WorkingCalendar, at: datetime, reason: str
) -> Moved | None:
    """Recompute one locked clock and store it, with its history when the last day moved."""
    stops = deadline.stops.exclude(until_on=None).values_list("from_on", "until_on")
    moved = _reckon(deadline, [(a, b) for a, b in stops if b is not None], _Counter(calendar))
    deadline.save()
    if moved is not None and moved.has_another_day:
        _history(moved, at=at, reason=reason).save()
    return moved


def recompute_open(*, at: datetime, reason: str) -> int:
    """Recompute every running clock after a calendar was imported; return how many moved."""
    calendar, count, last_id = working_calendar(), 0, 0
    with transaction.atomic():
        while True:
            batch, moved = recompute_batch(
                after_id=last_id, span=None, calendar=calendar, at=at, reason=reason
            )
            if not batch:
                return count
            last_id, count = batch[-1], count + len(moved)


def recompute_batch(
    *,
    after_id: int,
    span: Span | None,
    calendar: WorkingCalendar,
    at: datetime,
    reason: str,
    origin: str = "",
) -> tuple[list[int], list[Moved]]:
    """
    Recompute the next BATCH_ROWS running clocks; return their keys and those that moved.

    Four statements whatever moves; in the caller's transaction. ``origin`` is kept with each move.
    """
    rows = list(_open(span).filter(id__gt=after_id).select_for_update()[:BATCH_ROWS])
    stops, counter = _stops_of([row.pk for row in rows]), _Counter(calendar)
    moved = []
    for row in rows:
        before = row.stopped_days
        found = _reckon(row, stops.get(row.pk, []), counter)
        if found is not None or row.stopped_days != before:
            moved.append((row, found))
    Deadline.objects.bulk_update(
        [row for row, _ in moved], ["stopped_days", "due_on", "provisional"]
    )
    found_all = [found for _, found in moved if found is not None]
    DeadlineChange.objects.bulk_create(
        [
            _history(one, at=at, reason=reason, origin=origin)
            for one in found_all
            if one.has_another_day
        ]
    )
    return [row.pk for row in rows], found_all


def affected(*, calendar: WorkingCalendar, span: Span) -> Iterator[Moved]:
    """Yield what another calendar would move, by key of the clock; writes nothing."""
    last_id, counter = 0, _Counter(calendar)
    while rows := list(_open(span).filter(id__gt=last_id)[:BATCH_ROWS]):
        stops = _stops_of([row.pk for row in rows])
        for row in rows:
            found = _reckon(row, stops.get(row.pk, []), counter)
            if found is not None:
                yield found
        last_id = rows[-1].pk


def count_open(*, span: Span) -> int:
    """Return how many running clocks two calendars may differ on."""
    return _open(span).count()


def _open(span: Span | None) -> models.QuerySet[Deadline]:
    rows = Deadline.objects.filter(closed_on=None).order_by("id")
    if span is None:
        return rows
    # A day before the count began or after its end cannot move that end.
    return rows.filter(due_on__gte=span.first, started_on__lt=span.last)


def _stops_of(deadline_ids: list[int]) -> Spans:
    found: Spans = {}
    rows = ClockStop.objects.filter(deadline__in=deadline_ids).exclude(until_on=None)
    for deadline_id, from_on, until_on in rows.values_list("deadline_id", "from_on", "until_on"):
        if until_on is not None:
            found.setdefault(deadline_id, []).append((from_on, until_on))
    return found


class _Counter:
    """Counts by one calendar; many clocks started on one day with one rule are counted once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._known: dict[tuple[date, int], Due] = {}

    def due(self, start: date, working_days: int) -> Due:
        key = (start, working_days)
        if key not in self._known:
            self._known[key] = self.calendar.due(start=start, working_days=working_days)
        return self._known[key]


def _reckon(
    deadline: Deadline, stops: list[tuple[date, date]], counter: _Counter
) -> Moved | None:
    """Set the last day of a clock anew; return what that changed."""
    before = Due(deadline.due_on, deadline.provisional)
    deadline.stopped_days = sum(counter.calendar.between(after=a, until=b) for a, b in stops)
    total = deadline.working_days + deadline.extension_days + deadline.stopped_days
    due = counter.due(deadline.started_on, total)
    deadline.due_on, deadline.provisional = due.on, due.provisional
    if due == before:
        return None
    return Moved(
        deadline_id=deadline.pk,
        subject_type=deadline.subject_type,
        subject_id=deadline.subject_id,
        kind=deadline.kind,
        due_on_before=before.on,
        due_on_after=due.on,
        provisional_before=before.provisional,
        provisional_after=due.provisional,
    )


def _history(moved: Moved, *, at: datetime, reason: str, origin: str = "") -> DeadlineChange:
    return DeadlineChange(
        origin=origin,
        deadline_id=moved.deadline_id,
        due_on_before=moved.due_on_before,
        due_on_after=moved.due_on_after,
        reason=reason,
        changed_at=at,
    )
