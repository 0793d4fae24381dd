"""Questions, answers and remarks on a case, as each side reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from applications.models import Application, Attachment, Clarification, Comment, Remark
from applications.queries.access import (
    is_of_applicant,
    visible_application,
    visible_applications,
)
from applications.queries.rows import FileRow
from applications.queries.timeline import offices_of_people
from core.errors import NotFound
from workflow import deadlines, policy

TONES = {"ASKED": "yellow", "ANSWERED": "green", "RECALLED": "secondary"}
READ = "applications.read_notes"


@dataclass(frozen=True, slots=True)
class ClarificationRow:
    """One question with its answer; ``asked_by`` is an office for the applicant."""

    id: UUID
    question: str
    asked_by: str
    asked_at: datetime
    state: str
    state_name: str
    tone: str
    stopped: tuple[str, ...]
    stop_reason: str
    due_on: date | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    files: tuple[FileRow, ...]
    may_answer: bool
    may_recall: bool


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """One remark on the whole case."""

    id: int
    text: str
    is_public: bool
    author: str
    written_at: datetime
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One comment that was written for the applicant."""

    label: str
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Talks:
    """Everything said on a case beside the form."""

    clarifications: tuple[ClarificationRow, ...]
    remarks: tuple[RemarkRow, ...]
    notes: tuple[NoteRow, ...]
    waiting: int


def talks_of(case: Application, *, actor: Any, at: datetime, is_applicant: bool) -> Talks:
    """Return the threads and remarks of a case that this reader may see, oldest first."""
    inside = policy.may(actor, READ, case)
    asked = list(
        Clarification.objects.filter(application=case)
        .select_related("asked_by", "answered_by", "office")
        .order_by("asked_at", "id")[: settings.PAGE_ROWS_MAX]
        if inside or is_applicant
        else ()
    )
    visible = Q(is_public=True) if is_applicant else Q(author=actor)
    remarks = Remark.objects.filter(application=case)
    if not inside:
        remarks = remarks.filter(visible)
    shown = list(
        remarks.select_related("author").order_by("id")[: settings.PAGE_ROWS_MAX]
    )
    files = _files(case)
    clocks = deadlines.of_subjects(asked, at=at)
    rights = (
        is_applicant and policy.holds(actor, "applications.withdraw_application", case),
        inside and policy.may(actor, "applications.write_to_applicant", case),
    )
    rows = tuple(
        _clarification(one, files, clocks, anonymous=is_applicant, rights=rights) for one in asked
    )
    offices = (
        offices_of_people(case, {str(r.author_id) for r in shown}) if is_applicant else {}
    )
    return Talks(
        clarifications=rows,
        remarks=tuple(
            RemarkRow(
                r.pk,
                r.text,
                r.is_public,
                offices.get(str(r.author_id), case.authority.name)
                if is_applicant
                else r.author.full_name,
                r.written_at,
                files.get(("remark", str(r.pk)), ()),
            )
            for r in shown
        ),
        notes=_notes(case) if is_applicant else (),
        waiting=sum(row.state == "ASKED" for row in rows),
    )


def clarification(*, clarification_id: UUID, actor: Any, at: datetime) -> ClarificationRow:
    """
    Return one question to those who answer it.

    :raises NotFound: there is no such question for this actor.
    """
    asked = (
        policy.visible(actor, "applications.answer_clarification", Clarification)
        .select_related("asked_by", "answered_by", "office")
        .filter(id=clarification_id)
        .first()
    )
    if asked is None:
        raise NotFound
    case = visible_application(application_id=asked.application_id, actor=actor)
    clocks = deadlines.of_subjects([asked], at=at)
    return _clarification(asked, _files(case), clocks, anonymous=True, rights=(True, False))


def case_of_clarification(*, clarification_id: UUID, actor: Any) -> UUID:
    """
    Return the case a question is about.

    :raises NotFound: there is no such question on a case this actor sees.
    """
    found = Clarification.objects.filter(
        id=clarification_id, application__in=visible_applications(actor)
    ).first()
    if found is None:
        raise NotFound
    return UUID(str(found.application_id))


def attachment(*, attachment_id: int, actor: Any) -> tuple[str, str, bytes]:
    """
    Return name, media type and bytes of one file.

    Files of an internal remark are for the office, those of an answer for both sides.

    :raises NotFound: there is no such file for this actor.
    """
    found = (
        Attachment.objects.filter(id=attachment_id, application__in=visible_applications(actor))
        .select_related("application", "remark")
        .first()
    )
    if found is None:
        raise NotFound
    case, remark = found.application, found.remark
    inside = policy.may(actor, READ, case)
    outside = is_of_applicant(case, actor=actor)
    allowed = (
        inside
        or (outside and (remark is None or remark.is_public))
        or (remark is not None and remark.author_id == actor.pk)
    )
    if not allowed:
        raise NotFound
    return found.name, found.media_type, bytes(found.content)


def _clarification(
    one: Clarification,
    files: dict[tuple[str, str], tuple[FileRow, ...]],
    clocks: dict[str, tuple[deadlines.ClockView, ...]],
    *,
    anonymous: bool,
    rights: tuple[bool, bool],
) -> ClarificationRow:
    is_open = one.state == Clarification.State.ASKED
    running = clocks.get(str(one.pk), ())
    return ClarificationRow(
        id=one.pk,
        question=one.question,
        asked_by=one.office.name if anonymous else one.asked_by.full_name,
        asked_at=one.asked_at,
        state=one.state,
        state_name=str(one.get_state_display()),  # type: ignore[attr-defined]
        tone=TONES[one.state],
        stopped=tuple(dict.fromkeys(stop["kind"] for stop in one.stopped)),
        stop_reason=one.stop_reason,
        due_on=running[0].due_on if running else None,
        answer=one.answer,
        answered_by=one.answered_by.full_name if one.answered_by else "",
        answered_at=one.answered_at,
        files=files.get(("clarification", str(one.pk)), ()),
        may_answer=is_open and rights[0],
        may_recall=is_open and rights[1],
    )


def _files(case: Application) -> dict[tuple[str, str], tuple[FileRow, ...]]:
    found: dict[tuple[str, str], tuple[FileRow, ...]] = {}
    for row in Attachment.objects.filter(application=case).defer("content").order_by("id"):
        owner = (
            ("remark", str(row.remark_id))
            if row.remark_id
            else ("clarification", str(row.clarification_id))
        )
        file = FileRow(row.pk, row.name, row.size_bytes, row.content_hash)
        found[owner] = (*found.get(owner, ()), file)
    return found


def _notes(case: Application) -> tuple[NoteRow, ...]:
    rows = list(
        Comment.objects.filter(application=case, for_applicant=True)
        .select_related("author")
        .order_by("id")[: settings.PAGE_ROWS_MAX]
    )
    offices = offices_of_people(case, {str(row.author_id) for row in rows})
    return tuple(
        NoteRow(
            row.label,
            row.text,
            offices.get(str(row.author_id), case.authority.name),
            row.written_at,
        )
        for row in rows
    )
