"""Who had one part in a case is kept from the next: each earlier act against each later one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, panel
from applications.models import Application, Roster
from core import clock
from core.errors import Forbidden
from parties import queries as parties
from parties.actions import close_desk
from parties.models import Desk
from parties.roles import Role
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import add_desk, person
from workflow import inbox, policy, rounds
from workflow.models import Ballot
from workflow.models.audit import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.scenario(40)]

AT = build.DECIDED
Act = Callable[[Application, Any], Any]

# Who did the earlier act while the case was brought to where the later one is tried.
EARLIER: dict[str, Callable[[City], Any]] = {
    "handled it": lambda city: city.case,
    "drafted the opinion of a provider": lambda city: city.officer,
    "confirmed the opinion of a provider": lambda city: city.leader,
    "assessed its security": lambda city: city.security,
    "voted on it": lambda city: city.members[0],
    "presided over its panel": lambda city: city.chair,
    "kept its minutes": lambda city: city.secretary,
    "decided it": lambda city: city.decider,
}
SHEET = {f"score_{key}": most for key, most in panel.CRITERIA.items()}


def _voting(city: City) -> Application:
    case = build.seated(city)
    build.vote(case, city.members[0])
    return case


def _objected(city: City) -> Application:
    case = build.concluded(city)
    case = actions.decide(
        application_id=case.pk, result="REJECTED", reasons="不同意。", actor=city.decider,
        at=AT, departure_reason="另有考虑",
    )  # fmt: skip
    return actions.object_to_decision(
        application_id=case.pk, grounds="请复核", actor=city.agent, at=AT
    )


def _heard(city: City) -> Application:
    return build.heard(city, _objected(city), at=AT)


def _hearing(city: City) -> Application:
    case = _objected(city)
    people = [city.vice, *city.members[4:6]]
    actions.seat_panel(
        application_id=case.pk, members=people, chair=city.vice, actor=city.secretary, at=AT
    )
    return case


def _sits(case: Application, who: Any) -> None:
    """Give a person a seat past every check, as if it had come about some other way."""
    opened = rounds.current(case)
    assert opened is not None
    if not opened.seats.filter(member=who).exists():
        rounds.add_seat(opened, member=who)
    opened.seats.filter(member=who).update(declared_at=AT)
    policy.grant_person("applications.vote_application", person=who, subject=case)


# The later act: where the case stands, the desk it takes, the page, what is sent, the action.
LATER: dict[str, tuple[Callable[[City], Application], Role, str, dict[str, Any], Act]] = {
    "assess its security again": (
        _voting,
        Role.SECURITY_OFFICER,
        "application_security_renew",
        {"findings": "有效", "conclusion": "相符", "valid_until": "2027-09-30"},
        lambda case, who: actions.renew_assessment(
            application_id=case.pk, assessment=build.ASSESSMENT, actor=who, at=AT
        ),
    ),
    "vote on it": (
        _voting,
        Role.COMMITTEE_MEMBER,
        "application_vote",
        {"vote": "FOR", "reason": "可行", **SHEET},
        build.vote,
    ),
    "decide it": (
        build.concluded,
        Role.AUTHORITY_DECIDER,
        "application_decide",
        {"result": "APPROVED", "reasons": "同意"},
        lambda case, who: actions.decide(
            application_id=case.pk, result="APPROVED", reasons="同意", actor=who, at=AT
        ),
    ),
    "vote on the objection": (
        _hearing,
        Role.COMMITTEE_MEMBER,
        "application_vote",
        {"vote": "FOR", "reason": "可行", **SHEET},
        build.vote,
    ),
    "answer the objection": (
        _heard,
        Role.AUTHORITY_DECIDER,
        "application_answer",
        {"result": "OVERTURNED", "reasons": "成立"},
        lambda case, who: actions.answer_objection(
            application_id=case.pk, result="OVERTURNED", reasons="成立", actor=who, at=AT
        ),
    ),
}
HOUSES = {
    Role.SECURITY_OFFICER: "platform",
    Role.AUTHORITY_DECIDER: "authority",
    Role.COMMITTEE_MEMBER: "committee",
}
DUTIES = {
    "decide it": "applications.decide",
    "vote on it": "applications.vote",
    "vote on the objection": "applications.vote",
    "answer the objection": "applications.answer",
}
# Who assessed may assess again; who voted has voted, which is another refusal; no decision yet.
FREE = {
    ("assessed its security", "assess its security again"),
    ("presided over its panel", "vote on it"),
    ("voted on it", "vote on it"),
    ("decided it", "assess its security again"),
    ("decided it", "vote on it"),
    ("decided it", "decide it"),
}
PAIRS = [(one, two) for one in EARLIER for two in LATER if (one, two) not in FREE]


def _moved(city: City, who: Any, later: str) -> Application:
    """Bring a case to the later act, and let the person change to the desk that does it."""
    stage, role, _page, _data, _act = LATER[later]
    case = stage(city)
    house = getattr(city, HOUSES[role])
    if not Desk.objects.filter(user=who, organization=house, role=role, closed_at=None).exists():
        add_desk(who, house, role)
    for desk in Desk.objects.filter(user=who, closed_at=None).exclude(
        organization=house, role=role
    ):
        close_desk(desk_id=desk.pk, actor=parties.system_actor(), at=AT)
    if role == Role.COMMITTEE_MEMBER:
        if not who.committee_terms.exists():
            _appoint(city, who)
        _sits(case, who)
    return case


def _appoint(city: City, who: Any) -> None:
    actions.appoint_members(
        roster_id=Roster.objects.get().pk,
        appointments=[
            actions.Appointment(
                member_id=who.pk,
                role="MEMBER",
                basis="聘任文件",
                from_on=clock.local_date(build.SUBMITTED),
            )
        ],
        actor=person(city.committee, Role.COMMITTEE_SECRETARY),
        at=AT,
    )


def _standing(case: Application) -> tuple[Any, ...]:
    case.refresh_from_db()
    done = AuditEntry.objects.filter(subject_id=str(case.pk), outcome="DONE").count()
    return case.state, done, Ballot.objects.count(), case.assessments.count()


def _refused() -> int:
    return AuditEntry.objects.filter(outcome="REFUSED").count()


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_who_had_an_earlier_part_is_kept_from_the_later_one_by_every_door(
    city: City, earlier: str, later: str
) -> None:
    who = EARLIER[earlier](city)
    case = _moved(city, who, later)
    _stage, _role, page, data, act = LATER[later]
    before, refused = _standing(case), _refused()

    with pytest.raises(Forbidden) as caught:
        act(case, who)
    assert str(caught.value) != str(Forbidden())
    with clock.fixed(AT):
        client = Client(raise_request_exception=False)
        client.force_login(who)
        answer = client.post(reverse(f"portal:{page}", args=[case.pk]), data)
    assert answer.status_code in (403, 404)

    assert _standing(case) == before
    assert _refused() > refused
    if later in DUTIES:
        waiting = inbox.waiting_for(who, at=AT, name=DUTIES[later])
        assert str(case.pk) not in {item.subject_id for item in waiting}


@pytest.mark.parametrize("later", sorted(LATER))
def test_somebody_with_no_earlier_part_is_let_through(city: City, later: str) -> None:
    who = city.supervisor
    case = _moved(city, who, later)
    before = _standing(case)
    LATER[later][-1](case, who)
    assert _standing(case) != before


def test_the_work_list_of_deciders_and_members_asks_no_more_for_many_cases_than_for_few(
    city: City, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    build.concluded(city)
    build.seated(city)

    def ask() -> None:
        for who in (city.decider, city.members[0]):
            inbox.waiting_for(who, at=AT)

    ask()
    few = queries_of(ask)
    for _more in range(2):
        build.concluded(city)
        build.seated(city)
    assert queries_of(ask) == few
    assert len(inbox.waiting_for(city.decider, at=AT, name="applications.decide")) == 3


def test_a_member_recused_from_the_first_panel_does_not_sit_on_the_objection(city: City) -> None:
    case = build.secured(city)
    people = [*city.panel, city.members[4]]
    actions.seat_panel(
        application_id=case.pk, members=people, chair=city.chair, actor=city.secretary, at=AT
    )
    recused = city.members[4]
    for one in people:
        reason = "亲属在申请单位任职" if one == recused else ""
        actions.declare_interest(application_id=case.pk, conflict=reason, actor=one, at=AT)
    for one in city.panel:
        build.vote(case, one, at=AT)
    build.sign_off(city, case, at=AT)
    actions.decide(
        application_id=case.pk, result="REJECTED", reasons="不同意。", actor=city.decider,
        at=AT, departure_reason="另有考虑",
    )  # fmt: skip
    actions.object_to_decision(
        application_id=case.pk, grounds="请复核", actor=city.agent, at=AT
    )
    case.refresh_from_db()
    assert policy.refusal(recused, "applications.vote_application", case)
    assert policy.refusal(city.vice, "applications.vote_application", case) is None
