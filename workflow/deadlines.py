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

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.calendars import working_calendar
from core.errors import DomainError
from workflow import audit
from workflow.clock_reading import (
    SOON_WORKING_DAYS,
    ClockView,
    of_several,
    of_subject,
    of_subjects,
)
from workflow.models import ClockStop, Deadline, DeadlineRule
from workflow.recomputing import recompute, recompute_open

__all__ = [
    "SOON_WORKING_DAYS",
    "SWEEP_ROWS",
    "ClockError",
    "ClockView",
    "Rule",
    "add_version",
    "close",
    "close_all",
    "extend",
    "install_rules",
    "of_several",
    "of_subject",
    "of_subjects",
    "overdue",
    "recompute_open",
    "resume",
    "standing",
    "start",
    "stop",
]

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


def add_version(
    kind: str, *, working_days: int, legal_basis: str, effective_on: date
) -> DeadlineRule:
    """
    Add the next version of a rule; clocks that run keep the version they started with.

    :raises ClockError: there is no such rule, or the last version begins later than this one.
    """
    # The first version is the lock of all: two may be added at once.
    if not DeadlineRule.objects.select_for_update().filter(kind=kind, version=1).exists():
        raise ClockError(_("There is no rule of kind %(kind)s."), kind=kind)
    last = DeadlineRule.objects.filter(kind=kind).latest("version")
    if effective_on < last.effective_on:
        raise ClockError(_("An approved version begins later. Choose its day or a later one."))
    return DeadlineRule.objects.create(
        kind=kind,
        version=last.version + 1,
        working_days=working_days,
        legal_basis=legal_basis,
        effective_on=effective_on,
    )


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


def stop(
    subject: models.Model,
    kind: str,
    *,
    reason: str,
    actor: Any,
    at: datetime,
    cause: str = ClockStop.Cause.OTHER,
) -> ClockStop:
    """
    Stop a running clock from the day of ``at``; days after it do not count.

    ``cause`` is the kind of the stop (``ClockStop.Cause``), ``reason`` what happened in words.

    :raises ClockError: no such clock is running, or it stands already.
    """
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None or deadline.stops.filter(until_on=None).exists():
        raise ClockError
    facts = {"kind": kind, "cause": str(cause), "reason": reason}
    audit.record(subject, "stop_clock", actor=actor, at=at, facts=facts)
    return ClockStop.objects.create(
        deadline=deadline,
        from_on=clock.local_date(at),
        cause=cause,
        reason=reason,
        stopped_by=actor,
    )


def standing(subject: models.Model, kind: str) -> ClockStop | None:
    """Return the stop for which a clock stands now, or None when it runs or is not there."""
    return ClockStop.objects.filter(deadline__in=_open(subject, kind), until_on=None).first()


def resume(subject: models.Model, kind: str, *, actor: Any, at: datetime) -> Deadline:
    """
    Let a stopped clock run again; the working days in between are added to its end.

    :raises ClockError: the clock does not stand.
    """
    deadline = _open(subject, kind).select_for_update().first()
    if deadline is None:
        raise ClockError
    ending = deadline.stops.filter(until_on=None).first()
    if ending is None:
        raise ClockError
    ending.until_on, ending.resumed_by = clock.local_date(at), actor
    ending.save()
    audit.record(subject, "resume_clock", actor=actor, at=at, facts={"kind": kind})
    recompute(deadline, calendar=working_calendar(), at=at, reason=ending.reason)
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
    recompute(deadline, calendar=working_calendar(), at=at, reason=reason)
    return deadline


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
