"""Public notices as everyone reads them. Source: clause A15."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from core import clock
from core.errors import NotFound
from oversight.models import Code, OversightDocument, PublicNotice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """
    One notice. ``shown`` is false when it was taken off: then nothing of its content is given.
    """

    id: UUID
    number: str
    title: str
    party_name: str
    party_uscc: str
    code: str
    code_name: str
    act: str
    rule_article: str
    measures: tuple[str, ...]
    license_numbers: tuple[str, ...]
    datasets: tuple[str, ...]
    decision_number: str
    authority_name: str
    published_at: datetime
    publish_from: date
    publish_to: date
    state: str
    state_name: str
    shown: bool
    content_hash: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, the newest first."""

    rows: tuple[NoticeRow, ...]
    total: int
    page: int
    pages: int


def public_notices(*, at: datetime, page: int = 1, text: str = "") -> NoticePage:
    """
    Return the notices published now, the newest first, PAGE_ROWS_MAX a page.

    ``text`` looks in the names of parties, their codes and the numbers.
    """
    rows = _published(at)
    if text.strip():
        wanted = text.strip()
        rows = rows.filter(
            Q(party_name__icontains=wanted)
            | Q(party_uscc__iexact=wanted)
            | Q(number__icontains=wanted)
            | Q(decision_number__icontains=wanted)
        )
    total = rows.count()
    size = settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    chosen = rows.order_by("-published_at", "number", "id")[(page - 1) * size : page * size]
    return NoticePage(tuple(_row(row, at=at) for row in chosen), total, page, pages)


def public_notice(
    *, at: datetime, number: str = "", notice_id: UUID | None = None
) -> NoticeRow:
    """
    Return one notice by its number or its id; its address stays when it is taken off.

    :raises NotFound: there never was such a notice.
    """
    wanted: Any = {"id": notice_id} if notice_id else {"number": number.strip()}
    row = PublicNotice.objects.select_related("authority").filter(**wanted).first()
    if row is None:
        raise NotFound
    found = _row(row, at=at)
    if found.shown:
        return found
    return replace(
        found, title=found.number, party_name="", party_uscc="", act="", rule_article="",
        measures=(), license_numbers=(), datasets=(), code="", code_name="", content_hash="",
        decision_number="",
    )  # fmt: skip


def notice_document(*, notice_id: UUID, at: datetime) -> tuple[str, bytes]:
    """
    Return the number and the PDF of a notice that is published now.

    :raises NotFound: there is none, or it was taken off.
    """
    found = (
        OversightDocument.objects.filter(
            notice__in=_published(at), notice_id=notice_id, kind=OversightDocument.Kind.NOTICE
        )
        .values_list("number", "file")
        .first()
    )
    if found is None:
        raise NotFound
    return found[0], bytes(found[1])


def _published(at: datetime) -> Any:
    return PublicNotice.objects.select_related("authority").filter(
        state=PublicNotice.State.PUBLISHED, publish_to__gte=clock.local_date(at)
    )


def _row(row: PublicNotice, *, at: datetime) -> NoticeRow:
    shown = row.state == PublicNotice.State.PUBLISHED and row.publish_to >= clock.local_date(at)
    state = row.state
    if row.state == PublicNotice.State.PUBLISHED and not shown:
        # The sweep has not come by yet; the day counts.
        state = PublicNotice.State.EXPIRED
    paper = row.documents.values_list("content_hash", flat=True).first() if shown else None
    return NoticeRow(
        id=row.id,
        number=row.number,
        title=f"{row.party_name} · {Code(row.code).label}",
        party_name=row.party_name,
        party_uscc=row.party_uscc,
        code=row.code,
        code_name=str(Code(row.code).label),
        act=row.act,
        rule_article=row.rule_article,
        measures=tuple(row.measures),
        license_numbers=tuple(row.license_numbers),
        datasets=tuple(row.datasets),
        decision_number=row.decision_number,
        authority_name=row.authority.name,
        published_at=row.published_at,
        publish_from=row.publish_from,
        publish_to=row.publish_to,
        state=str(state),
        state_name=str(PublicNotice.State(state).label),
        shown=shown,
        content_hash=paper or "",
    )
