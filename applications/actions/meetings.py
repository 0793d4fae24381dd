"""Meetings of the committee: plan, put cases on the agenda in an order, call, close, cancel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions.access import ask_right
from applications.models import AgendaItem, Application, Meeting
from applications.queries.roster import in_office
from applications.states import ApplicationState as S
from core import clock
from core.calendars import next_number
from core.documents.chinese import long_moment
from core.errors import InvalidInput, NotAllowedNow, NotFound
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, policy, transitions

ITEMS_MAX = 60
OPEN_STATES = (Meeting.State.PLANNED, Meeting.State.CALLED)


@transitions.action
def plan_meeting(
    *, planned_at: datetime, place: str, online: bool, actor: Any, at: datetime
) -> Meeting:
    """
    Plan a meeting of the committee; ``planned_at`` is aware.

    :raises Forbidden: the actor is not the secretary of the committee.
    :raises InvalidInput: no place or link, or a time that has passed.
    """
    committee = parties.organization_for(actor, Role.COMMITTEE_SECRETARY)
    _check(planned_at, place, at)
    year = clock.local_date(at).year
    meeting = Meeting(
        number=f"锡数审会〔{year}〕{next_number(f'applications.MEETING.{year}')}号",
        committee=committee,
        planned_at=planned_at,
        place=place.strip(),
        online=online,
        created_by=actor,
        created_at=at,
    )
    return transitions.create(meeting, actor=actor, at=at, committee=committee)


@transitions.action
def move_meeting(
    *, meeting_id: UUID, planned_at: datetime, place: str, online: bool, actor: Any, at: datetime
) -> Meeting:
    """
    Change when and where a meeting takes place; who was invited is told.

    :raises NotAllowedNow: it is held or canceled.
    """
    meeting = _lock(meeting_id, actor)
    _check(planned_at, place, at)
    meeting.planned_at, meeting.place, meeting.online = planned_at, place.strip(), online
    meeting.save()
    facts = {"planned_at": planned_at.isoformat(), "place": meeting.place}
    audit.record(meeting, "move_meeting", actor=actor, at=at, facts=facts)
    if meeting.state == Meeting.State.CALLED:
        _tell(meeting, key=f"moved.{at.isoformat()}", at=at)
    return meeting


@transitions.action
def put_on_agenda(
    *, meeting_id: UUID, application_id: UUID, actor: Any, at: datetime
) -> AgendaItem:
    """
    Put a case on the agenda, at its end.

    :raises InvalidInput: the case is not before a panel, or on this agenda already.
    :raises NotAllowedNow: the meeting is held or canceled.
    """
    meeting = _lock(meeting_id, actor)
    case = Application.objects.filter(
        id=application_id,
        committee=meeting.committee_id,
        state__in=[S.COMMITTEE_REVIEW, S.OBJECTION],
    ).first()
    if case is None or not policy.holds(actor, "applications.seat_panel", case):
        raise InvalidInput(fields={"application": _("Choose a case that is before the committee.")})
    there = meeting.items.count()
    if there >= ITEMS_MAX or meeting.items.filter(application=case).exists():
        raise InvalidInput(fields={"application": _("The case is on this agenda already.")})
    item = AgendaItem.objects.create(
        meeting=meeting, application=case, position=there + 1, added_by=actor, added_at=at
    )
    facts = {"meeting": meeting.number, "position": item.position}
    audit.record(case, "put_on_agenda", actor=actor, at=at, facts=facts)
    return item


@transitions.action
def order_agenda(
    *, meeting_id: UUID, application_ids: Sequence[Any], actor: Any, at: datetime
) -> Meeting:
    """
    Set the order of the agenda; a case that is not named any more leaves it.

    :raises InvalidInput: a case that is not on the agenda, or one twice.
    :raises NotAllowedNow: the meeting is held or canceled.
    """
    meeting = _lock(meeting_id, actor)
    items = {str(item.application_id): item for item in meeting.items.all()}
    wanted = [str(one) for one in application_ids]
    if len(set(wanted)) != len(wanted) or set(wanted) - set(items):
        raise InvalidInput(fields={"order": _("Name every case of the agenda once.")})
    for key, item in items.items():
        if key not in wanted:
            item.delete()
            continue
        item.position = wanted.index(key) + 1
        item.save()
    audit.record(meeting, "order_agenda", actor=actor, at=at, facts={"cases": wanted})
    return meeting


@transitions.action
def call_meeting(
    *, meeting_id: UUID, members: Iterable[Any], actor: Any, at: datetime
) -> Meeting:
    """
    Call a meeting: invite people in office, who are told and may see its agenda.

    :raises InvalidInput: nobody is invited, or somebody is not in office on the day.
    :raises NotAllowedNow: it was called before, or is canceled.
    """
    meeting = _lock(meeting_id, actor)
    wanted = {str(getattr(m, "pk", m)) for m in members}
    terms = in_office(on=clock.local_date(meeting.planned_at)).filter(
        roster__committee=meeting.committee_id, member__in=[*wanted]
    )
    people = {str(t.member_id): t.member for t in terms.select_related("member")}
    if not wanted or set(people) != wanted:
        raise InvalidInput(fields={"members": _("Invite people in office on that day.")})
    transitions.perform(meeting, "call", actor=actor, at=at, invited=len(people))
    meeting.invited.set(people.values())
    for person in people.values():
        policy.grant_person("applications.see_meeting", person=person, subject=meeting)
    _tell(meeting, key="called", at=at)
    return meeting


@transitions.action
def close_meeting(*, meeting_id: UUID, actor: Any, at: datetime) -> Meeting:
    """
    Put on record that a meeting was held.

    :raises NotAllowedNow: it was not called.
    """
    meeting = _lock(meeting_id, actor)
    return transitions.perform(meeting, "close", actor=actor, at=at)


@transitions.action
def cancel_meeting(*, meeting_id: UUID, reason: str, actor: Any, at: datetime) -> Meeting:
    """
    Cancel a meeting; who was invited is told.

    :raises InvalidInput: no reason.
    :raises NotAllowedNow: it is held or canceled already.
    """
    meeting = _lock(meeting_id, actor)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    transitions.perform(meeting, "cancel", actor=actor, at=at, reason=reason.strip())
    _tell(meeting, key="canceled", at=at)
    return meeting


def _lock(meeting_id: UUID, actor: Any) -> Meeting:
    found = (
        Meeting.objects.select_for_update(of=("self",), no_key=True).filter(id=meeting_id).first()
    )
    if found is None or not policy.holds(actor, "applications.see_meeting", found):
        raise NotFound
    ask_right(found, "applications.arrange_meeting", actor=actor)
    if found.state not in OPEN_STATES:
        raise NotAllowedNow
    return found


def _check(planned_at: datetime, place: str, at: datetime) -> None:
    if not place.strip():
        raise InvalidInput(fields={"place": _("State the room, or the link of an online meeting.")})
    if planned_at < at:
        raise InvalidInput(fields={"planned_at": _("A meeting is planned for a time to come.")})


def _tell(meeting: Meeting, *, key: str, at: datetime) -> None:
    words = {"called": "请参加审查委员会会议", "canceled": "审查委员会会议已取消"}
    notify.tell(
        people=list(meeting.invited.all()),
        subject=f"{words.get(key, '审查委员会会议时间地点有变更')}：{meeting.number}",
        body=f"{long_moment(meeting.planned_at)}，{meeting.place}",
        link=reverse("portal:committee_meeting", args=[meeting.pk]),
        topic=topics.COMMITTEE,
        key=f"applications.meeting.{meeting.pk}.{key}",
        at=at,
    )
