"""Two people pressing at the same moment: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions
from applications.models import Application, Decision
from core.errors import DomainError, NotAllowedNow
from tests.applications.conftest import running
from tests.builders import applications as build
from workflow.models import Ballot
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]


def test_two_deciders_at_once_make_one_decision(together: Together) -> None:
    city = build.build_city()
    case = build.concluded(city)

    def decide(actor: Any, result: str, **extra: Any) -> Callable[[], Any]:
        return lambda: actions.decide(
            application_id=case.pk,
            result=result,
            reasons="理由",
            actor=actor,
            at=build.DECIDED,
            **extra,
        )

    results = together(
        decide(city.decider, "APPROVED"),
        decide(city.second_decider, "REJECTED", departure_reason="另有考虑"),
    )

    assert sum(isinstance(r, Application) for r in results) == 1
    assert sum(isinstance(r, NotAllowedNow) for r in results) == 1
    assert Decision.objects.count() == 1
    case.refresh_from_db()
    assert case.state in ("APPROVED", "REJECTED")
    assert len(running(case)) == 1
    assert case.documents.filter(kind="DECISION").count() == 1


def test_a_vote_and_the_close_of_the_panel_do_not_cross(together: Together) -> None:
    city = build.build_city()
    people = [*city.panel, city.members[4]]
    case = build.seated(city, members=people)
    for who in people[:5]:
        build.vote(case, who)

    results = together(
        lambda: build.vote(case, people[5], ballot="AGAINST"),
        lambda: actions.close_panel(
            application_id=case.pk, actor=city.chair, at=build.CONCLUDED
        ),
    )

    case = build.sign_both(city, case)
    assert case.state == "DECISION_PENDING"
    voted_in_time = results[0] is None
    assert voted_in_time or isinstance(results[0], NotAllowedNow | PanelError)
    # What was counted is what was cast: no ballot arrives after the count.
    assert case.committee_conclusion["present"] == Ballot.objects.count()
    assert case.committee_conclusion["votes_against"] == int(voted_in_time)


def test_the_last_two_providers_at_once_move_the_case_once(together: Together) -> None:
    city = build.build_city()
    case = build.accepted(city)
    first, second = case.branches.order_by("id")
    for branch in (first, second):
        officer, _leader = build.people_of(city, branch)
        actions.draft_provider_opinion(
            branch_id=branch.pk, opinion=build.opinion_on(branch), actor=officer, at=build.REVIEWED
        )

    def confirm(branch: Any) -> Callable[[], Any]:
        leader = build.people_of(city, branch)[1]
        return lambda: actions.confirm_provider_opinion(
            branch_id=branch.pk, actor=leader, at=build.REVIEWED
        )

    results = together(confirm(first), confirm(second))

    assert not any(isinstance(r, Exception) for r in results), results
    case.refresh_from_db()
    assert case.state == "SECURITY_REVIEW"
    assert running(case) == {"overall", "security_review"}


def test_a_withdrawal_and_an_acceptance_at_once_leave_one_of_them(together: Together) -> None:
    city = build.build_city()
    case = build.submitted(city)

    results = together(
        lambda: actions.withdraw_application(
            application_id=case.pk, actor=city.agent, at=build.ACCEPTED
        ),
        lambda: actions.accept_application(
            application_id=case.pk, actor=city.case, at=build.ACCEPTED
        ),
    )

    # An accepted case may still be withdrawn; a withdrawn one is never accepted.
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"
    assert running(case) == set()
    assert all(isinstance(r, Application | DomainError) for r in results), results
