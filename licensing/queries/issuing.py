"""How far the issuing of licenses is, for those who may see the agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Max, Min, Q, QuerySet, When

from contracts.models import Agreement, SigningBatch
from core.errors import NotFound
from licensing.models import IssueItem, IssueJob
from workflow import policy

# The pace of the last minute says when it will be done.
PACE_SECONDS = 60
Stage = IssueJob.Stage
# What needs somebody stands first, then what is being done, what waits, what is done.
_FIRST = Case(
    When(stage=Stage.FAILED, then=0),
    When(stage=Stage.ISSUING, then=1),
    When(stage=Stage.WAITING, then=2),
    default=3,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far licenses are; ``a_minute`` is the present pace, ``seconds_left`` None when unknown.

    ``agreements`` counts jobs by stage: waiting, being issued, issued, failed.
    """

    done: int
    total: int
    percent: int
    waiting: int
    at_work: int
    issued: int
    failed: int
    a_minute: int
    seconds_left: int | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    silent: bool

    @property
    def running(self) -> bool:
        """Whether anything is left to do by itself."""
        return bool(self.waiting or self.at_work)


@dataclass(frozen=True, slots=True)
class JobRow:
    """The licenses of one agreement on their way."""

    id: int
    agreement_id: UUID
    agreement_number: str
    applicant_name: str
    stage: str
    stage_name: str
    done: int
    total: int
    problem: str
    created_at: datetime
    may_resume: bool


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One page of jobs with how far all of them are; ``batch`` when they were signed together."""

    progress: Progress
    rows: tuple[JobRow, ...]
    total: int
    page: int
    pages: int
    batch_id: UUID | None
    batch_signer: str
    batch_at: datetime | None


def issue_page(
    *, actor: Any, at: datetime, batch_id: UUID | None = None, page: int = 1
) -> IssuePage:
    """
    Return how far licenses are that the actor may see: of one signing batch, or all of today's.

    Without a batch: what is unfinished or failed, and what was finished in the last day. Failed
    ones first, then the newest.

    :raises NotFound: the batch has no agreement that the actor may see.
    """
    jobs = _visible(actor)
    batch = None
    if batch_id is not None:
        batch = SigningBatch.objects.select_related("signer").filter(pk=batch_id).first()
        jobs = jobs.filter(batch_id=batch_id)
        if batch is None or not jobs.exists():
            raise NotFound
    else:
        recent = Q(finished_at__gt=at - timedelta(days=1)) & ~Q(stage=Stage.FAILED)
        jobs = jobs.filter(~Q(stage=Stage.DONE) | recent)
    total = jobs.count()
    size = settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    return IssuePage(
        progress=_progress(jobs, at=at),
        rows=_rows(jobs, actor=actor, offset=(page - 1) * size, size=size),
        total=total,
        page=page,
        pages=pages,
        batch_id=batch.pk if batch else None,
        batch_signer=batch.signer.full_name if batch else "",
        batch_at=batch.signed_at if batch else None,
    )


def _visible(actor: Any) -> QuerySet[IssueJob]:
    seen = policy.visible(actor, "contracts.see_agreement", Agreement)
    return IssueJob.objects.filter(agreement__in=seen.values("pk"))


def _progress(jobs: QuerySet[IssueJob], *, at: datetime) -> Progress:
    stages = dict(jobs.order_by().values_list("stage").annotate(n=Count("pk")))
    times = jobs.aggregate(
        started=Min("started_at"), beat=Max("heartbeat_at"), finished=Max("finished_at")
    )
    items = IssueItem.objects.filter(job__in=jobs.order_by().values("pk"))
    since = at - timedelta(seconds=PACE_SECONDS)
    counted = items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(license__isnull=False)),
        lately=Count("pk", filter=Q(issued_at__gt=since)),
        first=Min("issued_at", filter=Q(issued_at__gt=since)),
    )
    done, total, lately = counted["done"], counted["total"], counted["lately"]
    span = max((at - counted["first"]).total_seconds(), 1.0) if counted["first"] else 1.0
    pace = lately * 60 / min(max(span, 1.0), PACE_SECONDS)
    running = bool(stages.get(Stage.WAITING) or stages.get(Stage.ISSUING))
    silence = timedelta(seconds=2 * settings.LICENSE_ISSUE_LEASE_SECONDS)
    return Progress(
        done=done,
        total=total,
        percent=done * 100 // total if total else 100,
        waiting=stages.get(Stage.WAITING, 0),
        at_work=stages.get(Stage.ISSUING, 0),
        issued=stages.get(Stage.DONE, 0),
        failed=stages.get(Stage.FAILED, 0),
        a_minute=round(pace),
        seconds_left=round((total - done) * 60 / pace) if running and pace else None,
        started_at=times["started"],
        heartbeat_at=times["beat"],
        finished_at=None if running else times["finished"],
        silent=running and (times["beat"] is None or at - times["beat"] > silence),
    )


def _rows(
    jobs: QuerySet[IssueJob], *, actor: Any, offset: int, size: int
) -> tuple[JobRow, ...]:
    rows = (
        jobs.select_related("agreement__applicant")
        .annotate(
            counted=Count("items"), issued=Count("items", filter=Q(items__license__isnull=False))
        )
        .order_by(_FIRST, "-created_at", "-pk")
    )
    shown = list(rows[offset : offset + size])
    may = {
        row.pk
        for row in shown
        if row.stage == Stage.FAILED
        and policy.may(actor, "contracts.open_negotiation", row.agreement)
    }
    return tuple(
        JobRow(
            id=row.pk,
            agreement_id=row.agreement_id,
            agreement_number=row.agreement.number,
            applicant_name=row.agreement.applicant.name,
            stage=row.stage,
            stage_name=str(row.get_stage_display()),
            done=row.issued,
            total=row.counted,
            problem=row.problem,
            created_at=row.created_at,
            may_resume=row.pk in may,
        )
        for row in shown
    )
