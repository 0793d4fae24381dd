"""
Clocks as pages read them: what is used, what remains, which days counted, who stopped them.

Source: domain §3.4, docs/sources.md#deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from core import clock, counting
from core.calendars import working_calendar
from core.working_days import WorkingCalendar
from workflow import audit
from workflow.models import ClockExtension, ClockStop, Deadline

SOON_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop of a clock; ``working_days`` of it so far. Names are empty for outsiders."""

    cause: str
    cause_name: str
    from_on: date
    until_on: date | None
    reason: str
    working_days: int
    stopped_by: str
    resumed_by: str


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """One request for more time; ``granted`` None while it is open. Names as in StopView."""

    working_days: int
    reason: str
    asked_by: str
    granted: bool | None
    settled_by: str
    note: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """
    A deadline as pages show it; days are working days, ``remaining`` negative when overdue.

    ``due_on_unstopped`` is where the count from the first day ends when no stop is taken into
    account; ``due_on_if_resumed`` where a standing clock would end if it ran again today. ``days``
    and ``extensions`` are read for one subject only; ``waits_for`` names the years whose calendar
    a provisional day waits for.
    """

    kind: str
    started_on: date
    due_on: date
    provisional: bool
    stopped: bool
    used: int
    remaining: int
    total: int
    status: str  # normal | soon | overdue | stopped | closed
    legal_basis: str
    stopped_days: int
    due_on_unstopped: date
    due_on_if_resumed: date | None
    rule_version: int
    extension_days: int
    waits_for: tuple[int, ...]
    stops: tuple[StopView, ...] = ()
    extensions: tuple[ExtensionView, ...] = ()
    days: tuple[counting.CountedDay, ...] = ()


def of_subject(
    subject: models.Model, *, at: datetime, names: bool = False
) -> tuple[ClockView, ...]:
    """
    Return every clock of a subject as people read it, the running ones first.

    With its stops, extensions and days; the ``names`` of officials only when asked for.
    """
    subject_type, subject_id = audit.subject_key(subject)
    rows = (
        Deadline.objects.filter(subject_type=subject_type, subject_id=subject_id)
        .select_related("rule")
        .prefetch_related(
            models.Prefetch(
                "stops", ClockStop.objects.select_related("stopped_by", "resumed_by")
            ),
            models.Prefetch(
                "extensions", ClockExtension.objects.select_related("asked_by", "settled_by")
            ),
        )
        .order_by("-closed_on", "due_on", "id")
    )
    calendar, day = working_calendar(), clock.local_date(at)
    views = [_Reading(row, calendar, day).view(full=True, names=names) for row in rows]
    return tuple(sorted(views, key=lambda v: (v.status == "closed", v.stopped, v.due_on)))


def of_subjects(
    subjects: Iterable[models.Model], *, at: datetime
) -> dict[str, tuple[ClockView, ...]]:
    """Return the running clocks of many subjects of one class by primary key, in two queries."""
    return {key: clocks for (_, key), clocks in of_several(subjects, at=at).items()}


def of_several(
    subjects: Iterable[models.Model], *, at: datetime
) -> dict[tuple[str, str], tuple[ClockView, ...]]:
    """
    Return the open clocks of subjects of any classes, by class label and primary key.

    Those that run before those that stand. Two queries, and two for the calendar when there is a
    clock at all.
    """
    found: dict[tuple[str, str], tuple[ClockView, ...]] = {
        audit.subject_key(subject): () for subject in subjects
    }
    rows = _running(found)
    calendar, day = (working_calendar() if rows else None), clock.local_date(at)
    for row in rows:
        assert calendar is not None
        found[row.subject_type, row.subject_id] += (_Reading(row, calendar, day).view(),)
    return {key: tuple(sorted(views, key=lambda v: v.stopped)) for key, views in found.items()}


def _running(keys: Iterable[tuple[str, str]]) -> list[Deadline]:
    by_type: dict[str, list[str]] = {}
    for subject_type, subject_id in keys:
        by_type.setdefault(subject_type, []).append(subject_id)
    if not by_type:
        return []
    asked = models.Q()
    for subject_type, subject_ids in by_type.items():
        asked |= models.Q(subject_type=subject_type, subject_id__in=subject_ids)
    rows = Deadline.objects.filter(asked, closed_on=None).select_related("rule")
    return list(rows.prefetch_related("stops").order_by("due_on", "id"))


class _Reading:
    """One deadline, read on one day by one calendar."""

    def __init__(self, deadline: Deadline, calendar: WorkingCalendar, day: date) -> None:
        self.deadline, self.calendar, self.day = deadline, calendar, day
        self.stops = [s for s in deadline.stops.all() if s.from_on <= day]
        self.standing = next((s for s in self.stops if s.until_on is None), None)
        self.until = min(deadline.closed_on or day, day)
        # While it stands nothing is used up: a clock reads as on the day it was stopped.
        self.reads_on = min(self.until, self.standing.from_on) if self.standing else self.until

    def view(self, *, full: bool = False, names: bool = False) -> ClockView:
        row, calendar = self.deadline, self.calendar
        ended = sum(self._length(s) for s in self.stops if s is not self.standing)
        standing_days = calendar.between(after=self.reads_on, until=self.until)
        remaining = calendar.between(after=self.reads_on, until=row.due_on)
        total = row.working_days + row.extension_days
        last = row.due_on
        if self.standing is not None:
            last = self._due(total + ended + standing_days)
        return ClockView(
            kind=row.kind,
            started_on=row.started_on,
            due_on=row.due_on,
            provisional=row.provisional,
            stopped=self.standing is not None,
            used=calendar.between(after=row.started_on, until=self.reads_on) - ended,
            remaining=remaining,
            total=total,
            status=self._status(remaining),
            legal_basis=row.rule.legal_basis,
            stopped_days=ended + standing_days,
            due_on_unstopped=self._due(total),
            due_on_if_resumed=last if self.standing is not None else None,
            rule_version=row.rule.version,
            extension_days=row.extension_days,
            waits_for=counting.unpublished_years(
                calendar=calendar, after=row.started_on, until=last
            ),
            stops=tuple(self._stop(s, names=names) for s in self.stops) if full else (),
            extensions=tuple(_extension(e, names=names) for e in row.extensions.all())
            if full
            else (),
            days=self._days() if full else (),
        )

    def _status(self, remaining: int) -> str:
        if self.deadline.closed_on is not None:
            return "closed"
        if self.standing:
            return "stopped"
        if self.day > self.deadline.due_on:
            return "overdue"
        return "soon" if remaining <= SOON_WORKING_DAYS else "normal"

    def _due(self, working_days: int) -> date:
        return self.calendar.due(start=self.deadline.started_on, working_days=working_days).on

    def _length(self, stop: ClockStop) -> int:
        until = self.until if stop.until_on is None else min(stop.until_on, self.until)
        return self.calendar.between(after=min(stop.from_on, until), until=until)

    def _days(self) -> tuple[counting.CountedDay, ...]:
        """Return the days up to the last one; of a clock that stands or is closed, up to now."""
        done = self.standing is not None or self.deadline.closed_on is not None
        return counting.days_of(
            calendar=self.calendar,
            after=self.deadline.started_on,
            until=max(self.until if done else self.deadline.due_on, self.deadline.started_on),
            stops=[counting.Stop(s.from_on, s.until_on, s.reason) for s in self.stops],
        )

    def _stop(self, stop: ClockStop, *, names: bool) -> StopView:
        return StopView(
            cause=stop.cause,
            cause_name=str(stop.get_cause_display()),
            from_on=stop.from_on,
            until_on=stop.until_on,
            reason=stop.reason,
            working_days=self._length(stop),
            stopped_by=_name(stop.stopped_by, names=names),
            resumed_by=_name(stop.resumed_by, names=names),
        )


def _extension(asked: ClockExtension, *, names: bool) -> ExtensionView:
    return ExtensionView(
        working_days=asked.working_days,
        reason=asked.reason,
        asked_by=_name(asked.asked_by, names=names),
        granted=asked.granted,
        settled_by=_name(asked.settled_by, names=names),
        note=asked.note,
    )


def _name(person: Any, *, names: bool) -> str:
    return person.full_name if names and person is not None else ""
