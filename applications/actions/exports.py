"""
Files made of lists: asked for by a person, made by a worker, gone after a week.

A file is a row with a lease and a fencing number (docs/decisions/0003): a worker that dies loses
nothing, because the next sweep takes the row on; two workers never make the same file. Its rows are
found with the rights its owner has when it is made, not when it was asked for.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.models import ListExport
from applications.queries import exports as facts
from applications.queries.lists import LISTS
from core import clock, sheets
from core.errors import Conflict, DomainError, InvalidInput, NotFound
from notify import actions as notify
from workflow import audit, transitions

logger = logging.getLogger(__name__)

OPEN_MAX = 5
LEASE_SECONDS = 120
ATTEMPTS_MAX = 3
KEPT_DAYS = 7
RUN_JOBS_MAX = 20
QUERY_CHARACTERS_MAX = 500
PROBLEM_CHARACTERS_MAX = 300
TASK = "applications.run_exports"

Stage = ListExport.Stage
Now = Callable[[], datetime]


class TooManyExports(Conflict):
    """A person has as many files in the making as one may."""

    code = "too_many_exports"
    default_message = _("Five of your files are being made. Wait for one, or cancel it.")


class ExportTooLarge(DomainError):
    """More rows than one file holds."""

    code = "export_too_large"
    default_message = _("The list has more than 200,000 rows. Narrow it by a filter.")


class Superseded(Exception):
    """The job was canceled, or another worker took it on."""


@transitions.action
def begin_export(
    *,
    list_name: str,
    tab: str,
    query: str,
    form: str,
    columns: Sequence[str],
    actor: Any,
    at: datetime,
) -> ListExport:
    """
    Ask for a file of a list as its address narrows it.

    ``query`` is the query of the address; what makes no sense in it is left out, as on the page.

    :raises NotFound: there is no such list or tab.
    :raises InvalidInput: no column or no known format is chosen.
    :raises TooManyExports: five files of this person are in the making.
    """
    _ask_list(list_name, tab)
    known = [c.key for c in facts.columns_of(list_name=list_name)]
    chosen = [key for key in known if key in columns]
    problems: dict[str, str | Promise] = {}
    if not chosen:
        problems["columns"] = _("Choose at least one column.")
    if form not in ListExport.Form.values:
        problems["form"] = _("Choose a format.")
    if problems:
        raise InvalidInput(fields=problems)
    if ListExport.objects.filter(owner=actor, stage__in=facts.AT_WORK).count() >= OPEN_MAX:
        raise TooManyExports
    job = ListExport.objects.create(
        owner=actor,
        list_name=list_name,
        tab=tab,
        query=query[:QUERY_CHARACTERS_MAX],
        columns=chosen,
        form=form,
        created_at=at,
    )
    _record(job, "begin_export", actor=actor, at=at)
    _wake()
    return job


@transitions.action
def cancel_export(*, export_id: int, actor: Any, at: datetime) -> ListExport:
    """
    Stop a file in the making; a worker that is at it stops at its next rows.

    :raises NotFound: it is not the actor's.
    :raises Conflict: it is made or ended already.
    """
    job = _own(export_id, actor)
    if job.stage not in facts.AT_WORK:
        raise Conflict
    job.stage, job.finished_at, job.lease_until = Stage.CANCELED, at, None
    job.fence += 1
    job.save(update_fields=["stage", "finished_at", "lease_until", "fence"])
    _record(job, "cancel_export", actor=actor, at=at)
    return job


@transitions.action
def resume_export(*, export_id: int, actor: Any, at: datetime) -> ListExport:
    """
    Have a file made after all that was canceled, failed or is gone, with the rows of now.

    :raises NotFound: it is not the actor's.
    :raises Conflict: it is in the making or ready.
    """
    job = _own(export_id, actor)
    if job.stage not in facts.AGAIN:
        raise Conflict
    job.stage, job.attempts, job.fence = Stage.WAITING, 0, job.fence + 1
    job.rows_done, job.rows_total, job.problem, job.finished_at = 0, None, "", None
    job.expires_at, job.sha256, job.filename, job.bytes = None, "", "", 0
    job.save()
    _record(job, "resume_export", actor=actor, at=at)
    _wake()
    return job


@transitions.action
def take_export(*, export_id: int, actor: Any, at: datetime) -> ListExport:
    """
    Return one's own file, and put on record that it was taken.

    :raises NotFound: it is somebody else's, or not there (any more).
    """
    job = facts.export_file(export_id=export_id, actor=actor)
    if job.expires_at is not None and job.expires_at <= at:
        raise NotFound
    _record(job, "take_export", actor=actor, at=at)
    return job


def run_exports(*, now: Now) -> int:
    """Make the files that wait, the oldest first; return how many were taken on."""
    taken = 0
    while taken < RUN_JOBS_MAX:
        job = _claim(at=now())
        if job is None:
            break
        taken += 1
        _run(job, now)
    return taken


def expire_exports(*, at: datetime) -> int:
    """Remove the content of files whose time is over; who took what stays on record."""
    gone = ListExport.objects.filter(stage=Stage.READY, expires_at__lte=at)
    return gone.update(stage=Stage.EXPIRED, content=None)


def _claim(*, at: datetime) -> ListExport | None:
    """Take the oldest job that nobody is at; whoever let go of it three times has failed."""
    free = Q(stage=Stage.WAITING) | Q(
        stage__in=[Stage.FINDING, Stage.WRITING], lease_until__lte=at
    )
    with transaction.atomic():
        job = (
            ListExport.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("owner")
            .filter(free)
            .order_by("created_at", "id")
            .first()
        )
        if job is None:
            return None
        job.fence, job.attempts = job.fence + 1, job.attempts + 1
        job.stage, job.started_at = Stage.FINDING, at
        job.rows_done, job.rows_total = 0, None
        job.heartbeat_at, job.lease_until = at, at + timedelta(seconds=LEASE_SECONDS)
        job.save()
        return job


def _run(job: ListExport, now: Now) -> None:
    try:
        if job.attempts > ATTEMPTS_MAX:
            _fail(job, _("The work was interrupted three times."), at=now())
            return
        with translation.override(settings.LANGUAGE_CODE):
            content = _make(job, now)
        _finish(job, content, at=now())
    except Superseded:
        logger.info("export_superseded", extra={"export": job.pk})
    except DomainError as error:
        _fail(job, str(error), at=now())
    except Exception:
        # Whatever went wrong is for the log; its owner reads that the file was not made.
        logger.exception("export_failed", extra={"export": job.pk})
        _fail(job, _("The file could not be made. Try again later."), at=now())


def _make(job: ListExport, now: Now) -> bytes:
    if not job.owner.is_active:
        raise DomainError(_("The account is closed."))
    ids = facts.export_ids(job, at=now())
    if len(ids) > facts.EXPORT_ROWS_MAX:
        raise ExportTooLarge
    _beat(job, now(), stage=Stage.WRITING, rows_done=0, rows_total=len(ids))
    headings, rows = facts.export_headings(job), _beating(job, ids, now)
    if job.form == ListExport.Form.CSV:
        return sheets.comma_separated(headings=headings, rows=rows)
    return sheets.xlsx(
        sheet=str(facts.LIST_NAMES[job.list_name]),
        headings=headings,
        rows=rows,
        made_by=job.owner.full_name,
    )


def _beating(job: ListExport, ids: list[Any], now: Now) -> Iterator[list[Any]]:
    """Yield the rows; after each chunk say how far it is, and stop when the job is lost."""
    job.rows_done = 0
    for chunk in facts.export_rows(job, ids, now=now):
        yield from chunk
        job.rows_done += len(chunk)
        _beat(job, now(), rows_done=job.rows_done)


def _beat(job: ListExport, at: datetime, **values: Any) -> None:
    lease = at + timedelta(seconds=LEASE_SECONDS)
    mine = ListExport.objects.filter(pk=job.pk, fence=job.fence)
    if not mine.update(heartbeat_at=at, lease_until=lease, **values):
        raise Superseded


def _finish(job: ListExport, content: bytes, *, at: datetime) -> None:
    name = f"{facts.LIST_NAMES[job.list_name]}-{clock.local_date(at):%Y%m%d}-{job.pk}"
    with transaction.atomic():
        _beat(
            job,
            at,
            stage=Stage.READY,
            content=content,
            bytes=len(content),
            rows_done=job.rows_done,
            rows_total=job.rows_done,
            sha256=hashlib.sha256(content).hexdigest(),
            filename=f"{name}.{job.form.lower()}",
            finished_at=at,
            expires_at=at + timedelta(days=KEPT_DAYS),
            problem="",
        )
        ListExport.objects.filter(pk=job.pk).update(lease_until=None)
        _tell(job, _("Your file is ready"), at=at)


def _fail(job: ListExport, problem: str | Promise, *, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        text = str(problem)[:PROBLEM_CHARACTERS_MAX]
    with transaction.atomic():
        mine = ListExport.objects.filter(pk=job.pk, fence=job.fence)
        if mine.update(stage=Stage.FAILED, problem=text, finished_at=at, lease_until=None):
            _tell(job, _("Your file could not be made"), at=at, body=text)


def _tell(job: ListExport, subject: str | Promise, *, at: datetime, body: str = "") -> None:
    notify.tell(
        people=[job.owner],
        subject=subject,
        body=body or str(facts.LIST_NAMES[job.list_name]),
        link=reverse("portal:exports"),
        topic=topics.EXPORTS,
        key=f"applications.export.{job.pk}.{job.fence}",
        at=at,
    )


def _ask_list(list_name: str, tab: str) -> None:
    known = list_name in LISTS
    if not known or not facts.tabs_are_known(list_name=list_name, tab=tab):
        raise NotFound


def _own(export_id: int, actor: Any) -> ListExport:
    job = (
        ListExport.objects.select_for_update(of=("self",))
        .defer("content")
        .filter(pk=export_id, owner=actor)
        .first()
    )
    if job is None:
        raise NotFound
    return job


def _record(job: ListExport, act: str, *, actor: Any, at: datetime) -> None:
    said = {
        "export": job.pk,
        "list": job.list_name,
        "tab": job.tab,
        "query": job.query,
        "format": job.form,
        "rows": job.rows_total,
        "sha256": job.sha256,
    }
    audit.record(actor, act, actor=actor, at=at, facts=said)


def _wake() -> None:
    """Wake a worker after the commit; the sweep would find the row anyway."""
    if settings.OUTBOX_NUDGE:
        transaction.on_commit(
            lambda: current_app.send_task(TASK, ignore_result=True, retry=False), robust=True
        )
