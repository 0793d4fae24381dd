"""Exits as the licensee, the platform and the authority read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import NotFound
from oversight import certificates
from oversight.models import DestructionCertificate, ExitCase
from oversight.queries.case_rows import DocumentRow
from oversight.queries.strips import Stage, Step, strip, tone
from workflow import deadlines, history, policy, transitions

S = ExitCase.State
STAGES = (
    Stage(_("Access closed"), (S.TRIGGERED, S.ACCESS_CLOSED), _("System")),
    Stage(_("Usage frozen"), (S.USAGE_FROZEN,), _("System")),
    Stage(_("Destruction"), (S.DESTRUCTION_DUE, S.REJECTED), _("Data user")),
    Stage(_("Verification"), (S.CERTIFICATE_SUBMITTED,), _("Platform")),
    Stage(_("Final settlement"), (S.VERIFIED, S.FINAL_SETTLEMENT), _("Data exchange")),
    Stage(_("Archive"), (S.ARCHIVED,), _("Platform")),
)


@dataclass(frozen=True, slots=True)
class ExitRow:
    """One exit in a list."""

    id: UUID
    number: str
    licensee_name: str
    license_id: UUID
    license_number: str
    dataset: str
    cause_name: str
    destruction_due_on: date | None
    state: str
    state_name: str
    tone: str


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One place where the data was."""

    kind_name: str
    location: str
    content: str
    method: str
    destroyed_on: date | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate; ``gaps`` are what it leaves open."""

    round: int
    number: str
    copies: tuple[CopyRow, ...]
    none_of: tuple[str, ...]
    method: str
    standard: str
    operator: str
    witness: str
    destroyed_on: date
    content_hash: str
    submitted_by: str
    submitted_at: datetime
    accepted: bool | None
    findings: tuple[str, ...]
    gaps: tuple[str, ...]
    checked_by: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExitPage:
    """The page of one exit."""

    row: ExitRow
    cause_text: str
    disposal: str
    triggered_at: datetime
    access_closed_at: datetime | None
    usage: dict[str, int]
    certificates: tuple[CertificateRow, ...]
    documents: tuple[DocumentRow, ...]
    refund_fen: int | None
    damages_fen: int | None
    settlement_note: str
    retain_until: date | None
    strip: tuple[Step, ...]
    clocks: tuple[deadlines.ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]


def my_exits(
    *, actor: Any, open_only: bool = False, limit: int | None = None
) -> tuple[ExitRow, ...]:
    """Return the exits an actor may see, the newest first."""
    rows = _with_names(policy.visible(actor, "oversight.see_exitcase", ExitCase))
    if open_only:
        rows = rows.exclude(state=S.ARCHIVED)
    size = min(limit or settings.PAGE_ROWS_MAX, settings.PAGE_ROWS_MAX)
    return tuple(_row(row) for row in rows.order_by("-triggered_at", "number", "id")[:size])


def exit_page(*, exit_id: UUID, actor: Any, at: datetime) -> ExitPage:
    """
    Return one exit with every certificate.

    :raises NotFound: there is none, or the actor may not see it.
    """
    visible = policy.visible(actor, "oversight.see_exitcase", ExitCase)
    case = _with_names(visible).filter(id=exit_id).first()
    if case is None:
        raise NotFound
    rows = case.certificates.select_related("submitted_by", "checked_by").order_by("-round")
    papers = case.documents.defer("file").order_by("created_at", "id")
    return ExitPage(
        row=_row(case),
        cause_text=case.cause_text,
        disposal=case.disposal,
        triggered_at=case.triggered_at,
        access_closed_at=case.access_closed_at,
        usage=dict(case.usage),
        certificates=tuple(_certificate(row) for row in rows[:20]),
        documents=tuple(
            DocumentRow(
                p.pk, str(p.get_kind_display()), p.number, p.content_hash, p.created_at
            )
            for p in papers[:20]
        ),
        refund_fen=case.refund_fen,
        damages_fen=case.damages_fen,
        settlement_note=case.settlement_note,
        retain_until=case.retain_until,
        strip=strip(STAGES, state=case.state, ended=(S.ARCHIVED,)),
        clocks=deadlines.of_subject(case, at=at),
        timeline=history.timeline(case),
        offers=transitions.offers(case, actor=actor),
    )


def _certificate(row: DestructionCertificate) -> CertificateRow:
    gaps = certificates.gaps(copies=row.copies, none_of=row.none_of)
    return CertificateRow(
        round=row.round,
        number=row.number,
        copies=tuple(
            CopyRow(
                kind_name=str(certificates.KINDS[copy["kind"]]),
                location=copy["location"],
                content=copy["content"],
                method=copy["method"],
                destroyed_on=date.fromisoformat(copy["destroyed_on"])
                if copy["destroyed_on"]
                else None,
            )
            for copy in row.copies
        ),
        none_of=tuple(str(certificates.KINDS[kind]) for kind in row.none_of),
        method=row.method,
        standard=row.standard,
        operator=row.operator,
        witness=row.witness,
        destroyed_on=row.destroyed_on,
        content_hash=row.content_hash,
        submitted_by=row.submitted_by.full_name,
        submitted_at=row.submitted_at,
        accepted=row.accepted,
        findings=tuple(row.findings),
        gaps=tuple(str(certificates.GAP_WORDS[gap]) for gap in gaps),
        checked_by=row.checked_by.full_name if row.checked_by else "",
        checked_at=row.checked_at,
    )


def _with_names(rows: QuerySet[ExitCase]) -> QuerySet[ExitCase]:
    return rows.select_related("license__dataset", "licensee")


def _row(row: ExitCase) -> ExitRow:
    return ExitRow(
        id=row.pk,
        number=row.number,
        licensee_name=row.licensee.name,
        license_id=row.license_id,
        license_number=row.license.number,
        dataset=f"{row.license.dataset.code} {row.license.dataset.title}",
        cause_name=str(row.get_cause_display()),
        destruction_due_on=row.destruction_due_on,
        state=row.state,
        state_name=str(row.get_state_display()),
        tone=tone(row.state),
    )
