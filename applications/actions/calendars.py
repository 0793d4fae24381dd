"""
An official calendar, handed in by one person and approved by another; clocks follow in batches.

The work after the approval is a row that says how far it is. Each batch, its history, its
messages and the mark of how far it came are one commit: a worker that dies loses nothing and
repeats nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions.access import ask
from applications.clock_keeping import CALENDAR_PROPOSERS, days_from
from applications.models import CalendarImport
from applications.rules import STEP_NAMES
from core import calendar_import, clock, hashing, scanner, uploads
from core.calendars import working_calendar
from core.errors import Conflict, Forbidden, InvalidInput, NotFound
from core.models import CalendarDay
from notify import actions as notify
from parties import queries as parties
from parties.roles import Kind
from workflow import concerned, policy, recomputing, transitions
from workflow.recomputing import Moved, Span

logger = logging.getLogger(__name__)

FILE_BYTES_MAX = 1024 * 1024
# Days of a year on which people work; a file that yields others is not the whole calendar.
YEAR_WORKING_DAYS_MIN, YEAR_WORKING_DAYS_MAX = 244, 256
YEARS_BACK, YEARS_AHEAD = 1, 2
BATCHES_PER_RUN = 200
TASK = "applications.apply_calendars"
Now = Callable[[], datetime]
State = CalendarImport.State


class NothingToChange(Conflict):
    """The calendar says already what the file says."""

    code = "calendar_unchanged"
    default_message = _("The calendar says this already. Nothing would change.")


class ImportAtWork(Conflict):
    """Clocks are being recomputed by another import."""

    code = "calendar_at_work"
    default_message = _("Another calendar is being applied. Wait until it is done.")


@transitions.action
def propose_calendar(
    *, path: Path, filename: str, actor: Any, at: datetime
) -> CalendarImport:
    """
    Hand in an official calendar; nothing changes until another person approves it.

    :raises Forbidden: the actor has no desk at the authority or the platform.
    :raises InvalidInput: the file is too large, or is not the whole calendar of its years.
    :raises ScannerSilent: a scanner is configured and does not answer.
    :raises tabular.TableRefused: a cell does not fit; every such cell is named.
    :raises NothingToChange: the calendar says this already.
    """
    if not any(parties.has_role(actor, wanted) for wanted in CALENDAR_PROPOSERS):
        raise Forbidden
    if path.stat().st_size > FILE_BYTES_MAX:
        raise InvalidInput(fields={"file": _("Choose a file of at most 1 MB.")})
    if scanner.finds_threat(content=path.read_bytes()):
        raise InvalidInput(fields={"file": _("The scanner found something harmful in this file.")})
    days = calendar_import.read_days(path=path)
    _ask_whole(days, on=clock.local_date(at))
    if not calendar_import.compare(days=days):
        raise NothingToChange
    found = CalendarImport(
        filename=uploads.plain_name(filename) or "calendar",
        sha256=hashing.digest(path.read_bytes()),
        days=[[d.day.isoformat(), d.day_type, d.name, d.source_notice] for d in days],
        years=sorted({d.day.year for d in days}),
        proposed_by=actor,
        proposed_at=at,
    )
    return transitions.create(
        found,
        actor=actor,
        at=at,
        authority=parties.the(Kind.AUTHORITY),
        platform=parties.the(Kind.PLATFORM),
    )


@transitions.action
def settle_calendar(
    *, import_id: UUID, approve: bool, actor: Any, at: datetime, note: str = ""
) -> CalendarImport:
    """
    Approve or refuse a calendar. An approved one holds at once; running clocks follow.

    :raises Forbidden: the actor may not, or handed it in.
    :raises InvalidInput: a refusal without a reason.
    :raises ImportAtWork: another calendar is being applied.
    :raises NothingToChange: somebody else brought the same calendar in meanwhile.
    :raises NotAllowedNow: it is settled already.
    """
    # All that are open are locked in one order, so that two cannot begin to work at once.
    rows = CalendarImport.objects.select_for_update(of=("self",), no_key=True)
    several = list(rows.filter(state__in=[State.PROPOSED, State.APPLYING]).order_by("id"))
    found = next((one for one in several if one.pk == import_id), None)
    found = found or CalendarImport.objects.filter(pk=import_id).first()
    if found is None or not policy.holds(actor, "applications.see_calendarimport", found):
        raise NotFound
    verb = "approve" if approve else "refuse"
    ask(found, verb, actor=actor, at=at)
    if not approve:
        if not note.strip():
            raise InvalidInput(fields={"note": _("State the reason.")})
        return transitions.perform(
            found, verb, actor=actor, at=at, by=actor, note=note.strip()[:300]
        )
    if any(one.state == State.APPLYING for one in several):
        raise ImportAtWork
    _put_in_force(found, at=at)
    transitions.perform(found, verb, actor=actor, at=at, by=actor)
    _wake()
    return found


def apply_calendars(*, now: Now) -> int:
    """Recompute clocks by an approved calendar, batch by batch; return how many were looked at."""
    done = 0
    for _turn in range(BATCHES_PER_RUN):
        looked_at = _apply_batch(at=now())
        if looked_at is None:
            break
        done += looked_at
    return done


@transitions.action
def _apply_batch(*, at: datetime) -> int | None:
    """Recompute the next batch of the import at work; None when there is none for this worker."""
    rows = CalendarImport.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = rows.select_related("proposed_by", "settled_by").filter(state=State.APPLYING).first()
    if found is None:
        return None
    assert found.span_first is not None
    assert found.span_last is not None
    keys, moved = recomputing.recompute_batch(
        after_id=found.last_deadline_id,
        span=Span(found.span_first, found.span_last),
        calendar=working_calendar(),
        at=at,
        reason=reason_of(found),
        origin=str(found.pk),
    )
    if not keys:
        # A clock that was started by the old calendar and committed just now is not among them;
        # its next stop, extension or import recomputes it.
        return _finish(found, at=at)
    others = [one for one in moved if one.has_another_day]
    found.last_deadline_id, found.clocks_done = keys[-1], found.clocks_done + len(keys)
    found.clocks_moved += len(others)
    found.people_told += _tell(found, others, at=at)
    found.save(
        update_fields=["last_deadline_id", "clocks_done", "clocks_moved", "people_told"]
    )
    return len(keys)


def _finish(found: CalendarImport, *, at: datetime) -> int:
    transitions.perform(found, "finish", actor=parties.system_actor(), at=at)
    notify.tell(
        people=[person for person in (found.proposed_by, found.settled_by) if person],
        subject=f"工作日历已生效，{found.clocks_moved}个办理期限有变动",
        body=reason_of(found),
        link=reverse("portal:calendar_import", args=[found.pk]),
        topic=topics.DEADLINE,
        key=f"calendar.{found.pk}.done",
        at=at,
    )
    return 0


def _put_in_force(found: CalendarImport, *, at: datetime) -> None:
    days = days_from(found.days)
    span = calendar_import.span_of(days=days)
    changes = calendar_import.store_days(days=days, at=at)
    if not changes:
        raise NothingToChange
    # Only a name or a notice differs: no clock can move, and the work ends with its first look.
    first, last = span or (days[0].day, days[0].day)
    found.span_first, found.span_last = first, last
    found.changes = [
        {
            "year": change.year,
            "is_new": change.is_new,
            "added": list(change.added),
            "removed": list(change.removed),
            "changed": list(change.changed),
        }
        for change in changes
    ]
    found.clocks_total = recomputing.count_open(span=Span(first, last))


def reason_of(found: CalendarImport) -> str:
    """Return why a clock was moved by an import, as its history and its letters say it."""
    years = "、".join(str(year) for year in found.years)
    return f"国务院办公厅公布{years}年节假日安排，期限重新计算"


def _ask_whole(days: tuple[CalendarDay, ...], *, on: date) -> None:
    for year in sorted({day.day.year for day in days}):
        if not on.year - YEARS_BACK <= year <= on.year + YEARS_AHEAD:
            raise InvalidInput(
                fields={"file": _("The calendar of %(year)d is not due now.") % {"year": year}}
            )
        count = calendar_import.working_days_of(days=days, year=year)
        if not YEAR_WORKING_DAYS_MIN <= count <= YEAR_WORKING_DAYS_MAX:
            text = _(
                "By this file %(year)d has %(count)d working days, so it is not the whole calendar."
            )
            raise InvalidInput(fields={"file": text % {"year": year, "count": count}})


def _tell(found: CalendarImport, moved: list[Moved], *, at: datetime) -> int:
    """Tell holders once an import, and the people of a case once a clock; return how many."""
    known = concerned.of((one.subject_type, one.subject_id) for one in moved)
    page = reverse("portal:calendar_import", args=[found.pk])
    notices = []
    for one in moved:
        concern = known.get((one.subject_type, one.subject_id))
        if concern is None:
            continue
        notices += [
            notify.Notice(
                person=person,
                subject="工作日历更新，您承办事项的办理期限有变动",
                body=reason_of(found),
                link=page,
                key=f"calendar.{found.pk}",
            )
            for person in concern.holders
        ]
        notices += [
            notify.Notice(
                person=person,
                subject=(
                    f"申请{concern.number}“{STEP_NAMES.get(one.kind, '办理')}”期限"
                    f"由{_day(one.due_on_before)}调整为{_day(one.due_on_after)}"
                ),
                body=reason_of(found),
                link=concern.link,
                key=f"calendar.{found.pk}.{one.deadline_id}",
            )
            for person in concern.parties
        ]
    return notify.tell_each(notices, topic=topics.DEADLINE, at=at)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _wake() -> None:
    """Wake a worker after the commit; the sweep would find the row anyway."""
    if settings.OUTBOX_NUDGE:
        transaction.on_commit(
            lambda: current_app.send_task(TASK, ignore_result=True, retry=False), robust=True
        )
