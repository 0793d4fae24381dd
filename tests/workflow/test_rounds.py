"""Panels: quorum, presence, majority and mean at their exact boundaries; one ballot a seat."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from tests.conftest import NOON
from workflow import ballots, rounds
from workflow.models import Ballot
from workflow.rounds import PanelError
from workflow.tallying import PanelRules

pytestmark = pytest.mark.django_db

RULES = PanelRules(criteria={"need": 60, "care": 40})


@pytest.fixture
def members(db):
    return [
        get_user_model().objects.create(username=f"m{n}", full_name=f"m{n}", created_at=NOON)
        for n in range(7)
    ]


@pytest.fixture
def sitting(filed, members, master):
    with transaction.atomic():
        rounds.open_round(
            filed, members=members, chair=members[0], rules=RULES, actor=master, at=NOON
        )
    return filed


def vote(subject, member, vote="FOR", need=50, care=30):
    rounds.declare_interest(subject, member=member, conflict="", at=NOON)
    ballots.cast(
        subject,
        member=member,
        vote=vote,
        scores={"need": need, "care": care},
        reason="because",
        at=NOON,
    )


class TestSeating:
    def test_refuses_too_few_members(self, filed, members, master):
        with pytest.raises(PanelError):
            rounds.open_round(
                filed, members=members[:4], chair=members[0], rules=RULES, actor=master, at=NOON
            )
        assert rounds.current(filed) is None

    def test_refuses_a_second_panel_while_one_sits(self, sitting, members, master):
        with pytest.raises(PanelError):
            rounds.open_round(
                sitting, members=members, chair=members[0], rules=RULES, actor=master, at=NOON
            )


class TestBallots:
    def test_one_ballot_a_seat(self, sitting, members):
        vote(sitting, members[0])
        with pytest.raises(PanelError):
            ballots.cast(
                sitting,
                member=members[0],
                vote="AGAINST",
                scores={"need": 0, "care": 0},
                reason="changed my mind",
                at=NOON,
            )
        assert Ballot.objects.get().vote == "FOR"

    def test_a_recused_member_cannot_vote(self, sitting, members):
        rounds.declare_interest(sitting, member=members[1], conflict="my brother's", at=NOON)
        with pytest.raises(PanelError):
            vote(sitting, members[1])
        assert not Ballot.objects.exists()

    @pytest.mark.parametrize(
        "scores", [{"need": 61, "care": 0}, {"need": -1, "care": 0}, {"need": 1}, {}]
    )
    def test_scores_outside_their_limits_are_refused(self, sitting, members, scores):
        rounds.declare_interest(sitting, member=members[0], conflict="", at=NOON)
        with pytest.raises(PanelError):
            ballots.cast(sitting, member=members[0], vote="FOR", scores=scores, reason="r", at=NOON)
        assert not Ballot.objects.exists()

    def test_interests_are_declared_before_the_vote(self, sitting, members):
        with pytest.raises(PanelError):
            ballots.cast(
                sitting,
                member=members[0],
                vote="FOR",
                scores={"need": 1, "care": 1},
                reason="r",
                at=NOON,
            )


class TestCount:
    @pytest.mark.parametrize(("present", "quorate"), [(4, False), (5, True)])
    def test_quorum_is_five_and_two_thirds_present(self, sitting, members, present, quorate):
        for member in members[:present]:
            vote(sitting, member)
        assert rounds.tally(rounds.current(sitting)).quorate is quorate

    @pytest.mark.parametrize(("against", "passed"), [(2, True), (3, False)])
    def test_two_thirds_of_six_votes_carry(self, sitting, members, against, passed):
        for number, member in enumerate(members[:6]):
            vote(sitting, member, "AGAINST" if number < against else "FOR")
        assert rounds.tally(rounds.current(sitting)).passed is passed

    @pytest.mark.parametrize(("last", "passed"), [(75, True), (74, False)])
    def test_a_mean_of_exactly_seventy_five_carries(self, sitting, members, last, passed):
        for member in members[:4]:
            vote(sitting, member, need=45, care=30)
        vote(sitting, members[4], need=45, care=last - 45)
        count = rounds.tally(rounds.current(sitting))
        assert count.passed is passed

    def test_conclusion_needs_the_quorum_and_is_frozen(self, sitting, members, master):
        for member in members[:4]:
            vote(sitting, member)
        with pytest.raises(PanelError):
            rounds.conclude(sitting, actor=master, at=NOON)
        vote(sitting, members[4])
        assert rounds.conclude(sitting, actor=master, at=NOON).passed
        with pytest.raises(PanelError):
            vote(sitting, members[5])


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_the_close_at_once_leave_a_count_that_matches_the_ballots(
    sitting, members, master, together
):
    for member in members[:5]:
        _in_transaction(lambda member=member: vote(sitting, member))
    together(
        lambda: _in_transaction(lambda: vote(sitting, members[5])),
        lambda: _in_transaction(lambda: rounds.conclude(sitting, actor=master, at=NOON)),
    )
    closed = rounds.latest(sitting)
    assert closed.conclusion["present"] == Ballot.objects.filter(cast_at__lte=NOON).count()


def _in_transaction(call):
    with transaction.atomic():
        return call()
