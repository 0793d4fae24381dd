"""
The daily reminder: who has work that is overdue or due soon is told so, once a working day.

What is listed is what the work list shows, desk by desk; a desk with nothing to do is told nothing.
A day on which nothing ran is made up by the next run. Source: docs/sources.md#deadlines.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation

from core import clock
from core.calendars import working_calendar
from core.errors import DomainError
from core.working_days import WorkingCalendar
from notify import topics
from notify.actions import tell
from notify.models import Message, ReminderRun
from parties import queries as parties
from parties.models import Desk
from workflow import inbox

logger = logging.getLogger(__name__)

# Local time from which the reminders of a working day are told.
REMIND_HOUR = 8
LINES_MAX = 20
STATUS_WORDS = {"overdue": "已超期", "soon": "即将到期"}


def remind(*, at: datetime) -> int:
    """
    Tell each desk of each person what is overdue or due within two working days.

    Once a working day, from REMIND_HOUR on; a second run of the day tells nothing. Somebody for
    whom it fails keeps the run open, and the next run tells only who was not told yet. Returns how
    many messages were told now.
    """
    day, calendar = clock.local_date(at), working_calendar()
    if not calendar.is_working_day(day) or at < _opening(day):
        return 0
    run, _created = ReminderRun.objects.get_or_create(
        day=day, defaults={"started_at": at, "missed_days": _missed(day, calendar)}
    )
    if run.finished_at is not None:
        return 0
    told = failed = 0
    horizon = inbox.soon_until(day, calendar=calendar)
    people = _people() if inbox.anything_runs_out(horizon=horizon) else ()
    for person in people:
        try:
            told += _remind(person, run=run, horizon=horizon, at=at)
        except (DomainError, DatabaseError):
            logger.exception("reminder_failed", extra={"person": str(person.pk)})
            failed += 1
    ReminderRun.objects.filter(pk=run.pk).update(
        messages_told=F("messages_told") + told, finished_at=None if failed else at
    )
    return told


def _opening(day: date) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=REMIND_HOUR)


def _missed(day: date, calendar: WorkingCalendar) -> int:
    """Return the working days since the last finished run on which nobody was reminded."""
    last = (
        ReminderRun.objects.filter(day__lt=day)
        .exclude(finished_at=None)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    return 0 if last is None else calendar.between(after=last, until=day) - 1


def _people() -> Iterable[Any]:
    """Return everybody who holds a desk, in a stable order."""
    desks = Desk.objects.filter(user=OuterRef("pk"), closed_at=None)
    rows: QuerySet[Any] = get_user_model()._default_manager.filter(
        Exists(desks), is_active=True, is_system=False
    )
    return rows.order_by("pk").iterator()


def _remind(person: Any, *, run: ReminderRun, horizon: date, at: datetime) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        by_desk: dict[str, list[inbox.WorkItem]] = {}
        for desk, item in inbox.running_out(person, horizon=horizon, at=at):
            by_desk.setdefault(desk, []).append(item)
        if not by_desk:
            return 0
        known = set(
            Message.objects.filter(
                recipient=person, key__startswith=f"reminder.{run.day}."
            ).values_list("key", flat=True)
        )
        names = _desk_names(person)
        return sum(
            _tell(person, desk, names.get(desk, ("", "个人")), items, run=run, at=at)
            for desk, items in sorted(by_desk.items())
            if _key(run, desk) not in known
        )


def _tell(
    person: Any,
    desk: str,
    name: tuple[str, str],
    items: list[inbox.WorkItem],
    *,
    run: ReminderRun,
    at: datetime,
) -> int:
    role, title = name
    overdue = sum(item.due_status == "overdue" for item in items)
    lines = [_line(item) for item in items[:LINES_MAX]]
    if len(items) > LINES_MAX:
        lines.append(f"另有{len(items) - LINES_MAX}件，请在工作台查看。")
    if run.missed_days:
        lines.append(f"此前{run.missed_days}个工作日的提醒未能发出，本次一并列出。")
    return tell(
        people=[person],
        topic=topics.REMINDER,
        role=role,
        subject=f"待办提醒（{title}）：超期{overdue}件，即将到期{len(items) - overdue}件",
        body="\n".join(lines),
        link=reverse("portal:home"),
        key=_key(run, desk),
        at=at,
    )


def _line(item: inbox.WorkItem) -> str:
    due = f"期限{item.due_on.isoformat()}" if item.due_on else ""
    return f"{item.number} {item.title}（{item.subject}），{due}，{STATUS_WORDS[item.due_status]}"


def _key(run: ReminderRun, desk: str) -> str:
    return f"reminder.{run.day.isoformat()}.{desk or 'own'}"


def _desk_names(person: Any) -> dict[str, tuple[str, str]]:
    """Return role and title of the desks of a person, by the name their rights are held under."""
    return {
        f"{row.organization_id}:{row.role}": (
            row.role,
            f"{row.organization_short_name}·{row.role_name}"[:80],
        )
        for row in parties.desks_of(person)
    }
