"""Requests for an opinion, and what a person who was asked may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from applications.models import Application, Consultation
from core.errors import NotFound
from parties.models import Desk, User
from parties.roles import Role
from workflow import policy, rounds
from workflow.models import ReviewSeat

ASKABLE = (
    Role.AUTHORITY_CASE,
    Role.AUTHORITY_SUPERVISOR,
    Role.PROVIDER_OFFICER,
    Role.PROVIDER_LEADER,
    Role.SECRECY_REVIEWER,
    Role.SECURITY_OFFICER,
    Role.COMMITTEE_MEMBER,
    Role.EXPERT,
)
TONES = {"WAITING": "yellow", "GIVEN": "green", "DECLINED": "secondary", "RECALLED": "secondary"}


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """One opinion that was asked for."""

    id: UUID
    application_id: UUID
    number: str
    question: str
    person_name: str
    asked_by_name: str
    asked_at: datetime
    due_on: date
    state: str
    state_name: str
    tone: str
    text: str
    closed_at: datetime | None
    is_mine: bool
    may_recall: bool


@dataclass(frozen=True, slots=True)
class AskableRow:
    """A person who can be asked, with the office."""

    id: UUID
    full_name: str
    office: str


def people_to_ask(*, keys: Sequence[str]) -> list[User]:
    """Return the officials of these keys who can be asked at all, in the order of the keys."""
    wanted = [key for key in keys if _is_key(key)]
    found = {
        str(person.pk): person
        for person in User.objects.filter(
            pk__in=wanted,
            is_active=True,
            is_system=False,
            desks__closed_at=None,
            desks__role__in=ASKABLE,
        ).distinct()
    }
    return [found[key] for key in keys if key in found]


def askable(*, application_id: UUID, actor: Any, text: str = "") -> tuple[AskableRow, ...]:
    """
    Return whom a case officer can ask about a case, by office and name, PAGE_ROWS_MAX at most.

    ``text`` narrows by name or office.
    """
    case = Application.objects.filter(pk=application_id).first()
    if case is None or not policy.holds(actor, "applications.consult_application", case):
        raise NotFound
    near = Desk.objects.filter(organization_id=case.applicant_id, closed_at=None)
    rows = (
        Desk.objects.filter(closed_at=None, role__in=ASKABLE, user__is_active=True)
        .exclude(user_id__in=[k for k in (actor.pk, case.handler_id, case.holder_id) if k])
        .exclude(user_id__in=near.values("user_id"))
        .select_related("user", "organization")
    )
    if text:
        rows = rows.filter(
            Q(user__full_name__icontains=text) | Q(organization__name__icontains=text)
        )
    found: dict[Any, AskableRow] = {}
    for desk in rows.order_by("organization__name", "user__full_name", "id")[
        : settings.PAGE_ROWS_MAX
    ]:
        row = AskableRow(desk.user_id, desk.user.full_name, desk.organization.short_name)
        found.setdefault(desk.user_id, row)
    return tuple(found.values())


def consultations_of(application: Application, *, actor: Any) -> tuple[ConsultationRow, ...]:
    """Return the opinions asked on a case: all for the office, otherwise the reader's own."""
    rows = Consultation.objects.filter(application=application)
    office = policy.may(actor, "applications.read_notes", application)
    if not office:
        rows = rows.filter(person=actor)
    may_recall = office and policy.holds(
        actor, "applications.consult_application", application
    )
    return tuple(
        _row(row, application, actor=actor, may_recall=may_recall)
        for row in rows.select_related("person", "asked_by").order_by("asked_at", "id")[
            : settings.PAGE_ROWS_MAX
        ]
    )


def consultation(*, consultation_id: UUID, actor: Any) -> ConsultationRow:
    """
    Return one request for an opinion to the person asked.

    :raises NotFound: there is none for this person.
    """
    row = (
        Consultation.objects.filter(id=consultation_id, person=actor)
        .select_related("application", "person", "asked_by")
        .first()
    )
    if row is None:
        raise NotFound
    return _row(row, row.application, actor=actor, may_recall=False)


def reads_as_consulted(application: Application, *, actor: Any) -> bool:
    """Return whether a person reads a case only because an opinion was asked: not everything."""
    if policy.holds(actor, "applications.read_notes", application):
        return False
    if not Consultation.objects.filter(application=application, person=actor).exists():
        return False
    # Whoever came to sit on a panel reads what the panel reads, once no interest is declared; a
    # seat alone, or one stepped down from, opens nothing.
    seats = ReviewSeat.objects.filter(
        round__in=rounds.of_subject(application), member=actor, recused_at=None, left_at=None
    )
    return not seats.exclude(declared_at=None).exists()


def _row(
    row: Consultation, application: Application, *, actor: Any, may_recall: bool
) -> ConsultationRow:
    return ConsultationRow(
        id=row.pk,
        application_id=application.pk,
        number=application.number or "",
        question=row.question,
        person_name=row.person.full_name,
        asked_by_name=row.asked_by.full_name,
        asked_at=row.asked_at,
        due_on=row.due_on,
        state=row.state,
        state_name=str(row.get_state_display()),  # type: ignore[attr-defined]
        tone=TONES[row.state],
        text=row.text,
        closed_at=row.closed_at,
        is_mine=row.person_id == actor.pk,
        may_recall=may_recall and row.state == Consultation.State.WAITING,
    )


def _is_key(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
