"""
Issuing as work of workers: any number of agreements, any number of workers, any of them killed.

A job is a row with a lease and a fencing number (docs/decisions/0003). Each license to come is a
row with its number; a batch of them is one commit. So a worker that dies loses at most the batch
it was drawing, the next one goes on with the rest, and the constraints let nothing be issued twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import Agreement, SigningBatchItem
from core.errors import Conflict, DomainError, NotFound
from licensing.actions import issuing
from licensing.actions.locks import lock_agreement
from licensing.models import IssueItem, IssueJob, License
from licensing.topics import LICENSE
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, policy, transitions

logger = logging.getLogger(__name__)

TASK = "licensing.run_issue_jobs"
ATTEMPTS_MAX = 5
RETRY_SECONDS = 20
PROBLEM_CHARACTERS_MAX = 300

Stage = IssueJob.Stage
Now = Callable[[], datetime]


class Superseded(Exception):
    """Another worker took the job on."""


@transitions.action
def queue_issue(*, agreement_id: UUID, at: datetime) -> IssueJob:
    """
    Put the licenses of an agreement in force before the workers, each with its number.

    Repeatable: what is licensed or queued is left alone; a job that failed is taken up again.

    :raises AgreementNotInForce: the agreement has not taken effect, or no longer holds.
    :raises NotIssuable: its terms name no dataset.
    Source: domain T12.
    """
    agreement = lock_agreement(agreement_id)
    missing = issuing.missing_datasets(agreement)
    signed_in = SigningBatchItem.objects.filter(agreement=agreement, signed=True)
    batch = signed_in.order_by("-batch__signed_at", "-id").values_list("batch", flat=True).first()
    job, _created = IssueJob.objects.select_for_update(of=("self",)).get_or_create(
        agreement=agreement, defaults={"created_at": at, "batch_id": batch}
    )
    known = set(job.items.values_list("dataset_id", flat=True))
    numbers = {one: issuing.next_license_number(at=at) for one in missing if one not in known}
    IssueItem.objects.bulk_create(
        IssueItem(
            job=job, dataset_id=one, numbered_on=n.day, year=n.day.year, serial=n.serial
        )
        for one, n in numbers.items()
    )
    if job.stage in (Stage.DONE, Stage.FAILED) and _items_to_do(job).exists():
        _begin_again(job)
    _wake()
    return job


@transitions.action
def resume_issue(*, job_id: int, actor: Any, at: datetime) -> IssueJob:
    """
    Have the licenses of a failed job issued after all.

    :raises NotFound: there is no such job, or the actor may not see its agreement.
    :raises Forbidden: the actor does not handle the agreement for the authority.
    :raises Conflict: it has not failed.
    """
    job = IssueJob.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    agreement = lock_agreement(job.agreement_id)
    if not policy.holds(actor, "contracts.see_agreement", agreement):
        raise NotFound
    if not policy.may(actor, "contracts.open_negotiation", agreement):
        raise policy.denial(actor, "contracts.open_negotiation", agreement)
    if job.stage != Stage.FAILED:
        raise Conflict
    _begin_again(job)
    audit.record(agreement, "resume_issue", actor=actor, at=at, facts={"job": job.pk})
    _wake()
    return job


def run_issue_jobs(*, now: Now) -> int:
    """Issue what waits, the oldest agreement first; return how many licenses were issued."""
    issued = 0
    while (job := _claim(at=now())) is not None:
        issued += _run(job, now)
    return issued


def _claim(*, at: datetime) -> IssueJob | None:
    """Take the oldest job that nobody is at."""
    free = Q(stage=Stage.WAITING, lease_until=None) | Q(
        stage__in=IssueJob.AT_WORK, lease_until__lte=at
    )
    with transaction.atomic():
        job = (
            IssueJob.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(free)
            .order_by("created_at", "id")
            .first()
        )
        if job is None:
            return None
        job.fence, job.attempts = job.fence + 1, job.attempts + 1
        job.stage, job.started_at = Stage.ISSUING, job.started_at or at
        job.heartbeat_at, job.lease_until = at, _lease_from(at)
        job.save()
        return job


def _run(job: IssueJob, now: Now) -> int:
    issued = 0
    try:
        if job.attempts > ATTEMPTS_MAX:
            _fail(job, _("The work was interrupted too often."), at=now())
            return 0
        with translation.override(settings.LANGUAGE_CODE):
            while batch := _next_batch(job):
                issued += _issue(job, batch, now)
            _finish(job, at=now())
    except Superseded:
        logger.info("issue_job_superseded", extra={"job": job.pk})
    except DomainError as error:
        _fail(job, str(error), at=now())
    except Exception:
        # Whatever went wrong is for the log; the job is tried again, by then perhaps elsewhere.
        logger.exception("issue_job_failed", extra={"job": job.pk})
        _let_go(job, at=now())
    return issued


def _items_to_do(job: IssueJob) -> Any:
    return job.items.filter(license=None).order_by("serial")


def _next_batch(job: IssueJob) -> list[IssueItem]:
    return list(_items_to_do(job)[: settings.LICENSE_ISSUE_BATCH_ROWS])


def _issue(job: IssueJob, batch: list[IssueItem], now: Now) -> int:
    """Draw a batch without any lock, then store it in one commit."""
    at = now()
    agreement = Agreement.objects.select_related(
        "application", "application__platform", "applicant", "authority"
    ).get(pk=job.agreement_id)
    datasets = {row.pk: row for row in issuing.read_datasets(one.dataset_id for one in batch)}
    prepared = []
    for item in batch:
        number = issuing.Number(item.numbered_on, item.serial)
        dataset = datasets[item.dataset_id]
        prepared.append(issuing.prepare(agreement, dataset, number=number, at=at))
        _beat_when_due(job, now())
    return _store(job, batch, prepared, at=at, seen_at=now())


@transitions.action
def _store(
    job: IssueJob,
    batch: list[IssueItem],
    prepared: list[issuing.Prepared],
    *,
    at: datetime,
    seen_at: datetime,
) -> int:
    # Progress was made: whoever is killed after this starts counting anew.
    _beat(job, seen_at, attempts=1)
    job.attempts = 1
    agreement = lock_agreement(job.agreement_id)
    missing = set(issuing.missing_datasets(agreement))
    wanted = [one for one in prepared if one.dataset_id in missing]
    issued = issuing.store(
        agreement,
        issuing.lock_datasets(one.dataset_id for one in wanted),
        wanted,
        actor=parties.system_actor(),
        at=at,
    )
    # One that got its license another way is done with; the number kept for it stays on record.
    held = License.objects.filter(agreement=agreement).order_by("issued_at", "serial")
    by_dataset = {row.dataset_id: row for row in held.only("dataset_id")}
    for item in batch:
        item.license, item.issued_at = by_dataset[item.dataset_id], at
    IssueItem.objects.bulk_update(batch, ["license", "issued_at"])
    return len(issued)


def _finish(job: IssueJob, *, at: datetime) -> None:
    _beat(job, at, stage=Stage.DONE, finished_at=at, problem="")
    IssueJob.objects.filter(pk=job.pk, fence=job.fence).update(lease_until=None)


def _fail(job: IssueJob, problem: str | Promise, *, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        text = str(problem)[:PROBLEM_CHARACTERS_MAX]
    mine = IssueJob.objects.filter(pk=job.pk, fence=job.fence)
    with transaction.atomic():
        if not mine.update(stage=Stage.FAILED, problem=text, finished_at=at, lease_until=None):
            return
        agreement = Agreement.objects.select_related("authority").get(pk=job.agreement_id)
        notify.tell_desk(
            organization=agreement.authority,
            role=Role.AUTHORITY_CASE,
            subject=_("The licenses of an agreement could not be issued"),
            body=f"{agreement.number}\n{text}",
            topic=LICENSE,
            key=f"licensing.issue.{job.pk}.{job.fence}",
            link=f"/agreements/{agreement.pk}/",
            at=at,
        )


def _let_go(job: IssueJob, *, at: datetime) -> None:
    later = at + timedelta(seconds=RETRY_SECONDS)
    IssueJob.objects.filter(pk=job.pk, fence=job.fence).update(
        stage=Stage.WAITING, lease_until=later
    )


def _begin_again(job: IssueJob) -> None:
    job.stage, job.attempts, job.fence = Stage.WAITING, 0, job.fence + 1
    job.problem, job.finished_at, job.lease_until = "", None, None
    job.save()


def _beat_when_due(job: IssueJob, at: datetime) -> None:
    assert job.heartbeat_at is not None
    if at - job.heartbeat_at >= timedelta(seconds=settings.LICENSE_ISSUE_LEASE_SECONDS / 3):
        _beat(job, at)


def _beat(job: IssueJob, at: datetime, **values: Any) -> None:
    mine = IssueJob.objects.filter(pk=job.pk, fence=job.fence, stage=Stage.ISSUING)
    if not mine.update(heartbeat_at=at, lease_until=_lease_from(at), **values):
        raise Superseded
    job.heartbeat_at = at


def _lease_from(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.LICENSE_ISSUE_LEASE_SECONDS)


def _wake() -> None:
    """Wake a worker after the commit; the sweep would find the row anyway."""
    if settings.OUTBOX_NUDGE:
        transaction.on_commit(
            lambda: current_app.send_task(TASK, ignore_result=True, retry=False), robust=True
        )
