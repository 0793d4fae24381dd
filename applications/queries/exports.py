"""What is exported of a list: its columns and rows, and the files people asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ListExport
from applications.queries.filters import Filters, read_filters
from applications.queries.lists import LISTS, listed
from applications.queries.verdicts import state_name_of
from core.errors import NotFound
from core.sheets import Heading, Value
from workflow import deadlines
from workflow.deadlines import ClockView

EXPORT_ROWS_MAX = 200_000
CHUNK_ROWS = 500
AT_WORK = (ListExport.Stage.WAITING, ListExport.Stage.FINDING, ListExport.Stage.WRITING)
AGAIN = (ListExport.Stage.FAILED, ListExport.Stage.CANCELED, ListExport.Stage.EXPIRED)
# Where the officials' own notes on a case may be read: never in a list of the applicant's.
OFFICE_LISTS = ("desk",)
DESK_TABS = (
    "new", "corrected", "soon", "overdue", "mine", "unassigned", "running", "all"
)  # fmt: skip

LIST_NAMES: dict[str, str | Promise] = {
    "mine": _("My applications"),
    "desk": _("Acceptance desk"),
    "decisions": _("Decisions"),
    "security": _("Security reviews"),
    "agenda": _("Committee agenda"),
    "search": _("Applications found"),
}

Clocks = Sequence[ClockView]


@dataclass(frozen=True, slots=True)
class Column:
    """One column that can be exported; ``office`` ones only from the desk of the officials."""

    key: str
    title: str | Promise
    value: Callable[[Application, Clocks], Value]
    width: int = 18
    office: bool = False


def _datasets(a: Application, _clocks: Clocks) -> str:
    return "、".join(sorted(item.dataset.code for item in a.items.all()))


def _providers(a: Application, _clocks: Clocks) -> str:
    return "、".join(sorted({item.dataset.provider.name for item in a.items.all()}))


COLUMNS = (
    Column("number", _("Number"), lambda a, _c: a.number or "", 22),
    Column("reference", _("Reference of the office"), lambda a, _c: a.external_reference,
           office=True),
    Column("scenario", _("Scenario"), lambda a, _c: a.scenario_name, 30),
    Column("applicant", _("Applicant"), lambda a, _c: a.applicant.name, 30),
    Column("uscc", _("Unified social credit code"), lambda a, _c: a.applicant.uscc, 24),
    Column("datasets", _("Datasets"), _datasets),
    Column("providers", _("Providers"), _providers, 30),
    Column("purpose", _("Purpose class"), lambda a, _c: str(a.get_purpose_class_display())),
    Column("state", _("State"), lambda a, _c: state_name_of(a)),
    Column("holder", _("Held by"), lambda a, _c: a.holder.full_name if a.holder else "",
           office=True),
    Column("submitted", _("Submitted"), lambda a, _c: a.submitted_at),
    Column("due", _("Time limit"), lambda _a, clocks: clocks[0].due_on if clocks else None, 14),
    Column("decided", _("Decided"), lambda a, _c: a.decided_at),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One file of the export centre; ``percent`` is None until the rows are counted."""

    id: int
    list_name: str | Promise
    list_code: str
    filters: Filters
    tab: str
    query: str
    form: str
    stage: str
    stage_name: str
    rows_done: int
    rows_total: int | None
    percent: int | None
    running: bool
    may_resume: bool
    created_at: datetime
    heartbeat_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    problem: str
    filename: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ExportCentre:
    """One page of a person's files; ``running`` when one of them is still made."""

    rows: tuple[ExportRow, ...]
    running: bool
    number: int
    pages: int
    total: int


def columns_of(*, list_name: str) -> tuple[Column, ...]:
    """Return the columns that a list can be exported with."""
    return tuple(c for c in COLUMNS if not c.office or list_name in OFFICE_LISTS)


def filters_of(*, query: str) -> Filters:
    """Return the filters that the query of an address asks for."""
    return read_filters(values=QueryDict(query).dict())


def tabs_are_known(*, list_name: str, tab: str) -> bool:
    """Return whether a list has such a tab; only the desk has any."""
    return tab in DESK_TABS if list_name == "desk" else tab == ""


def export_size(
    *, list_name: str, tab: str, filters: Filters, actor: Any, at: datetime
) -> int:
    """
    Return how many rows an export would have now.

    :raises NotFound: there is no such list.
    """
    if list_name not in LISTS:
        raise NotFound
    return listed(list_name, tab=tab, filters=filters, actor=actor, at=at).count()


def export_ids(job: ListExport, *, at: datetime) -> list[Any]:
    """Return the ids of the rows, in order, as the owner may see them at this moment."""
    found = listed(
        job.list_name,
        tab=job.tab,
        filters=filters_of(query=job.query),
        actor=job.owner,
        at=at,
    )
    return list(found.values_list("pk", flat=True)[: EXPORT_ROWS_MAX + 1])


def export_headings(job: ListExport) -> list[Heading]:
    """Return the header of the file."""
    return [Heading(str(c.title), c.width) for c in _chosen(job)]


def export_rows(
    job: ListExport, ids: Sequence[Any], *, now: Callable[[], datetime]
) -> Iterator[list[list[Value]]]:
    """Yield the rows chunk by chunk; a right that ended meanwhile ends here too."""
    columns = _chosen(job)
    for start in range(0, len(ids), CHUNK_ROWS):
        chunk = ids[start : start + CHUNK_ROWS]
        found = listed(job.list_name, tab="all", actor=job.owner, at=now()).filter(pk__in=chunk)
        rows = {
            a.pk: a
            for a in found.select_related("applicant", "holder").prefetch_related(
                "items__dataset__provider"
            )
        }
        clocks = deadlines.of_subjects(list(rows.values()), at=now())
        yield [
            [column.value(rows[pk], clocks.get(str(pk), ())) for column in columns]
            for pk in chunk
            if pk in rows
        ]


def export_centre(*, actor: Any, page: int = 1) -> ExportCentre:
    """Return the files a person asked for, the newest first."""
    size = settings.PAGE_ROWS_MAX
    mine = ListExport.objects.filter(owner=actor).defer("content")
    total = mine.count()
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = mine.order_by("-created_at", "-id")[(number - 1) * size : number * size]
    shown = tuple(_row(job) for job in rows)
    return ExportCentre(shown, any(r.running for r in shown), number, pages, total)


def export_file(*, export_id: int, actor: Any) -> ListExport:
    """
    Return a file with its content.

    :raises NotFound: it is somebody else's, or not there (any more).
    """
    found = ListExport.objects.filter(
        pk=export_id, owner=actor, stage=ListExport.Stage.READY
    ).first()
    if found is None:
        raise NotFound
    return found


def _chosen(job: ListExport) -> list[Column]:
    return [c for c in columns_of(list_name=job.list_name) if c.key in job.columns]


def _row(job: ListExport) -> ExportRow:
    total = job.rows_total
    return ExportRow(
        id=job.pk,
        list_name=LIST_NAMES.get(job.list_name, job.list_name),
        list_code=job.list_name,
        filters=filters_of(query=job.query),
        tab=job.tab,
        query=job.query,
        form=job.form,
        stage=job.stage,
        stage_name=str(job.get_stage_display()),
        rows_done=job.rows_done,
        rows_total=total,
        percent=None if total is None else 100 if not total else job.rows_done * 100 // total,
        running=job.stage in AT_WORK,
        may_resume=job.stage in AGAIN,
        created_at=job.created_at,
        heartbeat_at=job.heartbeat_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
        problem=job.problem,
        filename=job.filename,
        sha256=job.sha256,
        bytes=job.bytes,
    )
