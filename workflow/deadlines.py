"""
Deadlines: counted in working days, stopped, extended, recomputed, and never silently moved.

A deadline belongs to a subject and a kind; how many days it has is a versioned rule with its
legal basis. Days on which the clock stood are not counted.
Source: domain §3.4, docs/sources.md#deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.calendars import working_calendar
from core.errors import DomainError
from core.working_days import WorkingCalendar
from workflow import audit
from workflow.models import ClockStop, Deadline, DeadlineChange, DeadlineRule

SOON_WORKING_DAYS = 2
SWEEP_ROWS = 500


class ClockError(DomainError):
    """A clock that cannot be moved that way: already stopped, not stopped, or closed."""

    code = "clock_error"
    status = 409
    default_message = _("The clock cannot be changed this way. Reload the page to see it.")


@dataclass(frozen=True, slots=True)
class Rule:
    """The default of one kind of deadline, as an app declares it."""

    kind: str
    working_days: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline as pages show it; days are working days, ``remaining`` negative when overdue."""

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
    stopped_days: int = 0


def install_rules(rules: Iterable[Rule], *, effective_on: date) -> int:
    """Install the first version of rules that are not there yet; return how many were new."""
    new = 0
    for rule in rules:
        _row, created = DeadlineRule.objects.get_or_create(
            kind=rule.kind,
            version=1,
            defaults={
                "working_days": rule.working_days,
                "legal_basis": rule.legal_basis,
                "effective_on": effective_on,
            },
        )
        new += created
    return new


def start(subject: models.Model, kind: str, *, at: datetime) -> Deadline:
    """
    Start a clock of a subject on the day of ``at``, by the rule then in force.

    :raises ClockError: such a clock is running already, or no rule is in force.
    """
    day = clock.local_date(at)
    rule = (
        DeadlineRule.objects.filter(kind=kind, effective_on__lte=day).order_by("-version").first()
    )
    if rule is None:
        raise ClockError(_("No deadline rule of kind %(kind)s is in force."), kind=kind)
    subject_type, subject_id = audit.subject_key(subject)
    if _open(subject, kind).exists():
        raise ClockError
    due = working_calendar().due(start=day, working_days=rule.working_days)
    return Deadline.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        rule=rule,
        kind=kind,
        started_on=day,
        working_days=rule.working_days,
        due_on=due.on,
        provisional=due.provisional,
    )


def close(subject: models.Model, kind: str, *, at: datetime) -> Deadline | None:
    """Close a running clock; None when there is none (closing twice is harmless)."""
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None:
        return None
    deadline.closed_on = clock.local_date(at)
    deadline.stops.filter(until_on=None).update(until_on=deadline.closed_on)
    deadline.save()
    return deadline


def close_all(subject: models.Model, *, at: datetime) -> None:
    """Close every running clock of a subject that has come to its end."""
    for kind in list(_open(subject).values_list("kind", flat=True)):
        close(subject, kind, at=at)


def stop(subject: models.Model, kind: str, *, reason: str, actor: Any, at: datetime) -> ClockStop:
    """
    Stop a running clock from the day of ``at``; days after it do not count.

    :raises ClockError: no such clock is running, or it stands already.
    """
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None or deadline.stops.filter(until_on=None).exists():
        raise ClockError
    audit.record(subject, "stop_clock", actor=actor, at=at, facts={"kind": kind, "reason": reason})
    return ClockStop.objects.create(
        deadline=deadline, from_on=clock.local_date(at), reason=reason, stopped_by=actor
    )


def resume(subject: models.Model, kind: str, *, actor: Any, at: datetime) -> Deadline:
    """
    Let a stopped clock run again; the working days in between are added to its end.

    :raises ClockError: the clock does not stand.
    """
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None:
        raise ClockError
    standing = deadline.stops.filter(until_on=None).first()
    if standing is None:
        raise ClockError
    standing.until_on = clock.local_date(at)
    standing.save()
    audit.record(subject, "resume_clock", actor=actor, at=at, facts={"kind": kind})
    _recompute(deadline, calendar=working_calendar(), at=at, reason=standing.reason)
    return deadline


def extend(
    subject: models.Model, kind: str, *, working_days: int, reason: str, actor: Any, at: datetime
) -> Deadline:
    """
    Extend a running clock once, by whole working days, for a stated reason.

    :raises ClockError: no such clock is running, or it was extended before.
    """
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None or deadline.extension_days:
        raise ClockError
    deadline.extension_days, deadline.extension_reason = working_days, reason
    audit.record(
        subject, "extend_clock", actor=actor, at=at, facts={"kind": kind, "reason": reason}
    )
    _recompute(deadline, calendar=working_calendar(), at=at, reason=reason)
    return deadline


def recompute_open(*, at: datetime, reason: str) -> int:
    """Recompute every running clock after a calendar was imported; return how many moved."""
    calendar, moved = working_calendar(), 0
    with transaction.atomic():
        for deadline in Deadline.objects.filter(closed_on=None).select_for_update().iterator():
            moved += _recompute(deadline, calendar=calendar, at=at, reason=reason)
    return moved


def of_subject(subject: models.Model, *, at: datetime) -> tuple[ClockView, ...]:
    """Return every clock of a subject as people read it, the running ones first."""
    subject_type, subject_id = audit.subject_key(subject)
    rows = (
        Deadline.objects.filter(subject_type=subject_type, subject_id=subject_id)
        .select_related("rule")
        .prefetch_related("stops")
        .order_by("-closed_on", "due_on", "id")
    )
    calendar, day = working_calendar(), clock.local_date(at)
    views = [_view(row, calendar=calendar, day=day) for row in rows]
    return tuple(sorted(views, key=lambda v: (v.status == "closed", v.due_on)))


def of_subjects(
    subjects: Iterable[models.Model], *, at: datetime
) -> dict[str, tuple[ClockView, ...]]:
    """Return the running clocks of many subjects of one class by primary key, in two queries."""
    return {key: clocks for (_, key), clocks in of_several(subjects, at=at).items()}


def of_several(
    subjects: Iterable[models.Model], *, at: datetime
) -> dict[tuple[str, str], tuple[ClockView, ...]]:
    """
    Return the running clocks of subjects of any classes, by class label and primary key.

    Two queries, and two for the calendar when there is a clock at all.
    """
    found: dict[tuple[str, str], tuple[ClockView, ...]] = {
        audit.subject_key(subject): () for subject in subjects
    }
    rows = _running(found)
    calendar, day = (working_calendar() if rows else None), clock.local_date(at)
    for row in rows:
        assert calendar is not None
        found[row.subject_type, row.subject_id] += (_view(row, calendar=calendar, day=day),)
    return found


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


def overdue(*, at: datetime, kinds: Iterable[str] | None = None) -> tuple[Deadline, ...]:
    """Return running clocks whose last day has passed, oldest first, at most SWEEP_ROWS."""
    rows = Deadline.objects.filter(closed_on=None, due_on__lt=clock.local_date(at)).exclude(
        stops__isnull=False, stops__until_on=None
    )
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return tuple(rows.order_by("due_on", "id")[:SWEEP_ROWS])


def _open(subject: models.Model, kind: str | None = None) -> models.QuerySet[Deadline]:
    subject_type, subject_id = audit.subject_key(subject)
    rows = Deadline.objects.filter(subject_type=subject_type, subject_id=subject_id, closed_on=None)
    return rows if kind is None else rows.filter(kind=kind)


def _recompute(deadline: Deadline, *, calendar: WorkingCalendar, at: datetime, reason: str) -> bool:
    before = (deadline.due_on, deadline.provisional)
    stops = deadline.stops.exclude(until_on=None).values_list("from_on", "until_on")
    deadline.stopped_days = sum(
        calendar.between(after=from_on, until=until_on) for from_on, until_on in stops if until_on
    )
    due = calendar.due(start=deadline.started_on, working_days=_total(deadline))
    deadline.due_on, deadline.provisional = due.on, due.provisional
    deadline.save()
    if before[0] != due.on:
        DeadlineChange.objects.create(
            deadline=deadline,
            due_on_before=before[0],
            due_on_after=due.on,
            reason=reason,
            changed_at=at,
        )
    return before != (due.on, due.provisional)


def _total(deadline: Deadline) -> int:
    return deadline.working_days + deadline.extension_days + deadline.stopped_days


def _view(deadline: Deadline, *, calendar: WorkingCalendar, day: date) -> ClockView:
    stops = [s for s in deadline.stops.all() if s.from_on <= day]
    standing = next((s for s in stops if s.until_on is None), None)
    until = min(deadline.closed_on or day, day)
    # While it stands nothing is used up: a clock reads as on the day it was stopped.
    reads_on = min(until, standing.from_on) if standing else until
    ended = sum(
        calendar.between(after=s.from_on, until=min(s.until_on, until)) for s in stops if s.until_on
    )
    stopped_days = ended + calendar.between(after=reads_on, until=until)
    remaining = calendar.between(after=reads_on, until=deadline.due_on)
    if deadline.closed_on is not None:
        status = "closed"
    elif standing:
        status = "stopped"
    elif day > deadline.due_on:
        status = "overdue"
    else:
        status = "soon" if remaining <= SOON_WORKING_DAYS else "normal"
    total = deadline.working_days + deadline.extension_days
    return ClockView(
        kind=deadline.kind,
        started_on=deadline.started_on,
        due_on=deadline.due_on,
        provisional=deadline.provisional,
        stopped=standing is not None,
        used=calendar.between(after=deadline.started_on, until=reads_on) - ended,
        remaining=remaining,
        total=total,
        status=status,
        legal_basis=deadline.rule.legal_basis,
        stopped_days=stopped_days,
    )
