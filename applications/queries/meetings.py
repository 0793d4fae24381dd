"""Meetings of the committee and their agenda, as who is invited and who arranges them see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from applications import documents
from applications.models import AgendaItem, Application, Meeting, ProviderBranch
from applications.queries.roster import in_office
from applications.queries.verdicts import state_name_of
from applications.states import ApplicationState as S
from core import clock
from core.errors import NotFound
from workflow import policy, rounds, tallying
from workflow.models import ReviewRound
from workflow.tallying import PanelRules


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in a list."""

    id: UUID
    number: str
    planned_at: datetime
    place: str
    online: bool
    state: str
    state_name: str
    cases: int


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One case of an agenda: its panel so far, without anything that is sealed."""

    application_id: str
    position: int
    number: str
    scenario_name: str
    applicant_name: str
    state_name: str
    seated: bool
    declared: int
    recused: tuple[str, ...]
    voted: int
    eligible: int
    needed: int
    quorate: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person in office who may be invited."""

    id: str
    full_name: str
    role_name: str


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """A case that may be put on the agenda."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with its agenda in order."""

    id: UUID
    number: str
    planned_at: datetime
    place: str
    online: bool
    state: str
    state_name: str
    cancel_reason: str
    invited: tuple[str, ...]
    items: tuple[AgendaRow, ...]
    may_arrange: bool
    cases: tuple[CaseChoice, ...]
    people: tuple[Person, ...]


def meetings(*, actor: Any) -> tuple[MeetingRow, ...]:
    """Return the meetings an actor arranges or is invited to, the latest first."""
    found = _visible(actor).annotate(cases=Count("items")).order_by("-planned_at", "id")
    return tuple(
        MeetingRow(
            id=m.pk,
            number=m.number,
            planned_at=m.planned_at,
            place=m.place,
            online=m.online,
            state=m.state,
            state_name=str(m.get_state_display()),
            cases=m.cases,
        )
        for m in found[: settings.PAGE_ROWS_MAX]
    )


def meeting_page(*, meeting_id: UUID, actor: Any, at: datetime) -> MeetingPage:
    """
    Return one meeting with the quorum of each case of its agenda.

    :raises NotFound: there is none, or the actor neither arranges it nor is invited.
    """
    meeting: Any = _visible(actor).filter(id=meeting_id).first()
    if meeting is None:
        raise NotFound
    open_ = meeting.state in (Meeting.State.PLANNED, Meeting.State.CALLED)
    arranges = open_ and policy.may(actor, "applications.arrange_meeting", meeting)
    people = in_office(on=clock.local_date(meeting.planned_at)).filter(
        roster__committee=meeting.committee_id
    )
    return MeetingPage(
        id=meeting.pk,
        number=meeting.number,
        planned_at=meeting.planned_at,
        place=meeting.place,
        online=meeting.online,
        state=meeting.state,
        state_name=str(meeting.get_state_display()),
        cancel_reason=meeting.cancel_reason,
        invited=tuple(meeting.invited.order_by("username").values_list("full_name", flat=True)),
        items=_agenda(meeting),
        may_arrange=arranges,
        cases=_choices(meeting) if arranges else (),
        people=tuple(
            Person(str(t.member_id), t.member.full_name, str(t.get_role_display()))
            for t in people.select_related("member").order_by("member__username")[
                : settings.PAGE_ROWS_MAX
            ]
        )
        if arranges
        else (),
    )


def agenda_pack(*, meeting_id: UUID, actor: Any, at: datetime) -> documents.AgendaFacts:
    """
    Return the agenda of a meeting for print; a case the reader may not open yet is named only.

    A member opens a case by declaring no interest in it, so the pack holds no more than that.

    :raises NotFound: there is no such meeting for this actor.
    """
    page = meeting_page(meeting_id=meeting_id, actor=actor, at=at)
    meeting = Meeting.objects.select_related("committee").get(id=meeting_id)
    opened = set(
        policy.visible(actor, "applications.see_application", Application)
        .filter(agenda_items__meeting=meeting)
        .values_list("pk", flat=True)
    )
    items = meeting.items.select_related("application__applicant").order_by("position")
    return documents.AgendaFacts(
        number=meeting.number,
        committee=meeting.committee.name,
        planned_at=meeting.planned_at,
        place=meeting.place,
        invited=page.invited,
        cases=tuple(_paper(i, opened=i.application_id in opened) for i in items),
        issued_at=at,
        watermark="演示" if settings.DEMO else "",
    )


def _visible(actor: Any) -> QuerySet[Meeting]:
    return policy.visible(actor, "applications.see_meeting", Meeting)


def _agenda(meeting: Meeting) -> tuple[AgendaRow, ...]:
    items = list(meeting.items.select_related("application__applicant").order_by("position"))
    latest = {
        row.subject_id: row
        for row in ReviewRound.objects.filter(
            subject_type=Application._meta.label_lower,
            subject_id__in=[str(i.application_id) for i in items],
        )
        .prefetch_related("seats__member", "seats__ballot")
        .order_by("number")
    }
    return tuple(_row(item, latest.get(str(item.application_id))) for item in items)


def _row(item: AgendaItem, sitting: ReviewRound | None) -> AgendaRow:
    case = item.application
    seats = [s for s in sitting.seats.all() if s.left_at is None] if sitting else []
    waiting = list(rounds.standing_members(sitting)) if sitting else []
    eligible = sum(s.recused_at is None for s in seats) + len(waiting)
    voted = sum(hasattr(s, "ballot") for s in seats)
    least = (
        tallying.needed(PanelRules.from_json(sitting.rules), eligible=eligible) if sitting else 0
    )
    return AgendaRow(
        application_id=str(case.pk),
        position=item.position,
        number=case.number or "",
        scenario_name=case.scenario_name,
        applicant_name=case.applicant.name,
        state_name=state_name_of(case),
        seated=sitting is not None,
        declared=sum(s.declared_at is not None for s in seats),
        recused=tuple(
            f"{s.member.full_name}：{s.recusal_reason}" for s in seats if s.recused_at
        ),
        voted=voted,
        eligible=eligible,
        needed=least,
        quorate=sitting is not None and voted >= least,
        closed=sitting is not None and sitting.concluded_at is not None,
    )


def _choices(meeting: Meeting) -> tuple[CaseChoice, ...]:
    found = (
        Application.objects.filter(
            committee=meeting.committee_id, state__in=[S.COMMITTEE_REVIEW, S.OBJECTION]
        )
        .exclude(agenda_items__meeting=meeting)
        .select_related("applicant")
        .order_by("submitted_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(
        CaseChoice(str(c.pk), f"{c.number} {c.scenario_name}（{c.applicant.short_name}）")
        for c in found
    )


def _paper(item: AgendaItem, *, opened: bool) -> documents.AgendaCase:
    case = item.application
    assessment = getattr(case, "assessment", None) if opened else None
    branches = (
        case.branches.filter(state=ProviderBranch.State.ANSWERED).select_related("provider")
        if opened
        else ()
    )
    return documents.AgendaCase(
        position=item.position,
        number=case.number or "",
        applicant=case.applicant.name,
        scenario=case.scenario_name,
        opened=opened,
        purpose=case.purpose_text if opened else "",
        datasets=tuple(
            f"{i.dataset.code} {i.dataset.title}（{i.dataset.provider.name}）"
            f"：{'、'.join(i.fields) if opened else ''}"
            for i in case.items.select_related("dataset__provider").order_by("dataset__code")
        ),
        opinions=tuple(f"{b.provider.name}：{_opinion(b)}" for b in branches),
        security=(
            f"{assessment.conclusion}（{'；'.join(assessment.findings)}）" if assessment else ""
        ),
    )


def _opinion(branch: ProviderBranch) -> str:
    counts = {"ALLOW": 0, "TRANSFORM": 0, "DENY": 0}
    for answer in branch.opinion.values():
        for one in answer["fields"].values():
            counts[one["decision"]] += 1
    return (
        f"同意 {counts['ALLOW']} 项，处理后同意 {counts['TRANSFORM']} 项，"
        f"不同意 {counts['DENY']} 项"
    )
