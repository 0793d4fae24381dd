"""The committee pressed by two people at the same moment: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from applications import actions
from applications.models import Application, Minutes, MinutesSignature
from core.errors import DomainError
from tests.builders import applications as build
from workflow import ballots, rounds, tallying
from workflow.models import Ballot, ReviewRound
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]
REPEATS = 50
SHEET = {"need": 60, "care": 30}


def small_round(case: Application, people: list[Any], actor: Any) -> ReviewRound:
    """Open a further round of three on a case, two of whom have voted."""
    with transaction.atomic():
        rules = tallying.PanelRules(criteria={"need": 60, "care": 40}, quorum_seats_min=2)
        opened = rounds.open_round(
            case, members=people, chair=people[0], rules=rules, actor=actor, at=build.CONCLUDED
        )
        for who in people:
            rounds.declare_interest(case, member=who, conflict="", at=build.CONCLUDED)
        for who in people[:2]:
            cast(case, who)
    return opened


def cast(case: Application, who: Any, vote: str = "FOR") -> Any:
    with transaction.atomic():
        return ballots.cast(
            case, member=who, vote=vote, scores=SHEET, reason="r", at=build.CONCLUDED
        )


def conclude(case: Application, actor: Any) -> Any:
    with transaction.atomic():
        return rounds.conclude(case, actor=actor, at=build.CONCLUDED)


@pytest.mark.scenario(43)
def test_a_vote_and_the_close_fifty_times_are_counted_or_refused(together: Together) -> None:
    city = build.build_city()
    case = build.secured(city)
    people = [city.chair, *city.members[:2]]
    late = 0
    for _ in range(REPEATS):
        opened = small_round(case, people, city.secretary)
        vote, close = together(
            lambda: cast(case, people[2], "AGAINST"), lambda: conclude(case, city.chair)
        )
        assert isinstance(close, tallying.Tally), close
        kept = Ballot.objects.filter(seat__round=opened)
        refused = isinstance(vote, PanelError)
        late += refused
        assert refused or isinstance(vote, Ballot), vote
        assert kept.count() == close.present == (2 if refused else 3)
        opened.refresh_from_db()
        assert opened.conclusion["votes_against"] == kept.filter(vote="AGAINST").count()
    # Nothing is asserted of who wins; a race that never lost would be no race to speak of.
    assert 0 <= late <= REPEATS


def outcomes(results: list[Any]) -> tuple[int, int]:
    """Return how many went through and how many were refused by a rule."""
    refused = [r for r in results if isinstance(r, DomainError)]
    wrong = [r for r in results if isinstance(r, Exception) and not isinstance(r, DomainError)]
    assert not wrong, wrong
    return len(results) - len(refused), len(refused)


def test_two_ballots_of_one_member_leave_one(together: Together) -> None:
    city = build.build_city()
    case = build.seated(city)
    who = city.members[0]
    results = together(
        lambda: build.vote(case, who), lambda: build.vote(case, who, ballot="AGAINST")
    )
    assert outcomes(results) == (1, 1)
    assert Ballot.objects.count() == 1


def test_two_closes_freeze_one_count_and_draft_one_text(together: Together) -> None:
    city = build.build_city()
    case = build.seated(city)
    for who in city.panel:
        build.vote(case, who)

    def close() -> Any:
        return actions.close_panel(
            application_id=case.pk, actor=city.chair, at=build.CONCLUDED
        )

    assert outcomes(together(close, close)) == (1, 1)
    assert Minutes.objects.count() == 1
    assert ReviewRound.objects.exclude(concluded_at=None).count() == 1


def test_two_signatures_in_one_capacity_leave_one(together: Together) -> None:
    city = build.build_city()
    case = build.seated(city)
    for who in city.panel:
        build.vote(case, who)
    actions.close_panel(application_id=case.pk, actor=city.chair, at=build.CONCLUDED)
    hash_ = Minutes.objects.get().content_hash

    def sign(who: Any) -> Callable[[], Any]:
        return lambda: actions.sign_minutes(
            application_id=case.pk, content_hash=hash_, actor=who, at=build.CONCLUDED
        )

    assert outcomes(together(sign(city.secretary), sign(city.secretary))) == (1, 1)
    assert outcomes(together(sign(city.chair), sign(city.chair))) == (1, 1)
    assert list(MinutesSignature.objects.values_list("capacity", flat=True)) == [
        "SECRETARY",
        "CHAIR",
    ]
    case.refresh_from_db()
    assert case.state == "DECISION_PENDING"
    assert case.documents.filter(kind="MINUTES").count() == 1


def test_a_vote_and_the_end_of_the_term_leave_no_vote_of_who_has_left(together: Together) -> None:
    city = build.build_city()
    case = build.seated(city)
    who = city.members[0]
    term = who.committee_terms.get()
    results = together(
        lambda: build.vote(case, who),
        lambda: actions.end_term(
            term_id=term.pk, reason="调离", actor=city.secretary, at=build.CONCLUDED
        ),
    )
    assert not isinstance(results[1], Exception), results[1]
    assert results[0] is None or isinstance(results[0], DomainError), results[0]
    assert not Ballot.objects.exists()
    assert connection.vendor == "postgresql"
