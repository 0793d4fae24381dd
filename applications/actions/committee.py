"""The committee: seats, interests, ballots, conclusion and minutes. Source: domain T08, §3.10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import documents, panel
from applications.actions import papers
from applications.actions.access import ask, lock_application
from applications.errors import CannotBeSeated
from applications.models import Application
from applications.policies import affiliation
from parties import queries as parties
from parties.models import User
from parties.roles import Role
from workflow import deadlines, policy, rounds, transitions
from workflow.models import ReviewRound, ReviewSeat

SEAT_ROLES = (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.EXPERT)
VOTE_WORDS = {"FOR": "同意", "AGAINST": "不同意", "ABSTAIN": "弃权"}
DUTY_WORDS = {"CHAIR": "主任委员", "MEMBER": "委员"}
QUORUM_RULE = "出席委员不少于 5 人，且不少于应到委员（回避者除外）的三分之二"
PASS_RULE = "同意票不少于表决票的三分之二，且平均分不低于 75 分"  # noqa: S105 - a rule in words
PLACE = "线上评审"


@transitions.action
def seat_panel(
    *, application_id: UUID, members: Iterable[Any], chair: Any, actor: Any, at: datetime
) -> Application:
    """
    Seat a panel; ``members`` and ``chair`` are people or their ids.

    Each seat gets the right to see and to vote, the chair the right to conclude.

    :raises CannotBeSeated: somebody is not of the committee, or is affiliated with a party.
    :raises PanelError: too few members, one twice, or a panel is sitting.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "seat_panel", actor=actor, at=at)
    people = [_member(application, m) for m in members]
    leader = _member(application, chair)
    if not parties.has_role(leader, Role.COMMITTEE_CHAIR):
        raise CannotBeSeated(fields={"chair": _("The chair must hold the desk of a chair.")})
    transitions.perform(application, "seat_panel", actor=actor, at=at, seats=len(people))
    rounds.open_round(
        application, members=people, chair=leader, rules=panel.RULES, actor=actor, at=at
    )
    for person in people:
        _grant_seat(application, person)
    policy.grant_person("applications.conclude_committee", person=leader, subject=application)
    return application


@transitions.action
def seat_substitute(
    *, application_id: UUID, member: Any, actor: Any, at: datetime
) -> Application:
    """
    Add a member to the sitting panel, so that a recusal does not end it.

    :raises CannotBeSeated: not of the committee, affiliated, or seated already.
    :raises PanelError: no panel is sitting.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "seat_panel", actor=actor, at=at)
    person = _member(application, member)
    sitting = rounds.current(application, lock=True)
    if sitting is None:
        raise rounds.PanelError(_("No panel is sitting on this."))
    if sitting.seats.filter(member=person).exists():
        raise CannotBeSeated(fields={"members": _("This person is seated already.")})
    transitions.perform(
        application, "seat_panel", actor=actor, at=at, seats=sitting.seats.count() + 1
    )
    ReviewSeat.objects.create(round=sitting, member=person, role=ReviewSeat.Role.MEMBER)
    _grant_seat(application, person)
    return application


@transitions.action
def declare_interest(
    *, application_id: UUID, conflict: str, actor: Any, at: datetime
) -> Application:
    """
    Declare that no interest stands in the way, or recuse the actor.

    ``conflict`` is empty for "none", else the reason of the recusal.

    :raises PanelError: no seat, declared already, or the panel is not sitting.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "vote", actor=actor, at=at)
    rounds.declare_interest(application, member=actor, conflict=conflict.strip(), at=at)
    return application


@transitions.action
def cast_ballot(
    *,
    application_id: UUID,
    vote: str,
    scores: Mapping[str, int],
    reason: str,
    actor: Any,
    at: datetime,
) -> Application:
    """
    Cast the actor's ballot: vote, whole points per criterion, written reason.

    What was voted stays hidden until the panel is concluded.

    :raises PanelError: not declared, recused, voted already, scores or reason missing.
    :raises Forbidden: the actor has no seat, or is affiliated with a party.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "vote", actor=actor, at=at)
    rounds.cast(application, member=actor, vote=vote, scores=scores, reason=reason, at=at)
    return transitions.perform(application, "vote", actor=actor, at=at)


@transitions.action
def conclude_committee(
    *, application_id: UUID, actor: Any, at: datetime, conditions: Iterable[str] = ()
) -> Application:
    """
    Close the panel, freeze its count and issue the minutes.

    ``conditions`` are what the committee proposes to attach.

    :raises PanelError: no panel is sitting, or the quorum is not reached.
    :raises Forbidden: the actor is not the chair of the panel.
    Source: domain T08.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "conclude_committee", actor=actor, at=at)
    tally = rounds.conclude(application, actor=actor, at=at)
    number = papers.number_for("MINUTES", at=at)
    proposed = papers.as_lines(list(conditions))
    conclusion = {**asdict(tally), "minutes_number": number, "conditions": proposed}
    transitions.perform(
        application, "conclude_committee", actor=actor, at=at, conclusion=conclusion
    )
    deadlines.close(application, "committee", at=at)
    sitting = rounds.latest(application)
    assert sitting is not None
    facts = _minutes(application, sitting, number=number, conditions=proposed, at=at)
    content = documents.render_minutes(facts)
    papers.store(application, kind="MINUTES", number=number, content=content, at=at)
    return application


def _member(application: Application, member: Any) -> User:
    person = User.objects.filter(id=getattr(member, "pk", member), is_active=True).first()
    problem: str | Promise | None = _("This person does not belong to the committee.")
    if person is not None:
        desks = parties.desks_of(person)
        ours = {d.role for d in desks if d.organization_id == application.committee_id}
        if ours & set(SEAT_ROLES):
            problem = affiliation(person, application)
            if problem is None:
                return person
    name = person.full_name if person else ""
    raise CannotBeSeated(
        _("%(name)s cannot sit on the panel: %(reason)s"), name=name, reason=str(problem)
    )


def _grant_seat(application: Application, person: User) -> None:
    for permission in ("applications.see_application", "applications.vote_application"):
        policy.grant_person(permission, person=person, subject=application)


def _minutes(
    application: Application,
    sitting: ReviewRound,
    *,
    number: str,
    conditions: list[str],
    at: datetime,
) -> documents.MinutesFacts:
    conclusion = sitting.conclusion or {}
    seats = list(sitting.seats.all())
    chair = next(s.member for s in seats if s.role == ReviewSeat.Role.CHAIR)
    secretaries = parties.people_at(application.committee, Role.COMMITTEE_SECRETARY)
    passed = bool(conclusion["passed"])
    return documents.MinutesFacts(
        number=number,
        authority=application.committee.name,
        case=papers.case_facts(application),
        held_at=sitting.opened_at,
        place=PLACE,
        chair=chair.full_name,
        secretary=secretaries[0].full_name if secretaries else "",
        quorum_rule=QUORUM_RULE,
        pass_rule=PASS_RULE,
        members=tuple(_vote_line(application, seat) for seat in seats),
        passed=passed,
        conclusion=f"审查委员会{'同意' if passed else '不同意'}本申请，提请数据主管部门作出决定。",
        conditions=tuple(conditions),
        issued_at=at,
        demo_seal=settings.DEMO,
        watermark=papers.DEMO_WATERMARK if settings.DEMO else "",
    )


def _vote_line(application: Application, seat: ReviewSeat) -> documents.MemberVote:
    ballot = getattr(seat, "ballot", None)
    # Experts and members from elsewhere are named by the desk they came from.
    desks = [
        d for d in parties.desks_of(seat.member) if d.organization_id != application.committee_id
    ]
    return documents.MemberVote(
        name=seat.member.full_name,
        organization=desks[0].organization_name if desks else application.committee.name,
        duty=DUTY_WORDS[seat.role],
        present=ballot is not None,
        recusal_reason=seat.recusal_reason,
        vote=VOTE_WORDS[ballot.vote] if ballot else "",
        score=Decimal(ballot.total) if ballot else None,
        reason=ballot.reason if ballot else "",
    )
