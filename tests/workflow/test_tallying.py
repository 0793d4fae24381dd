"""The count of a panel against a second, independent one; the exact lines; the order of votes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import tallying
from workflow.tallying import ROLES, TIE_RULES, VOTES, PanelRules, Voice

SHEET = {"need": 60, "care": 40}
RATIOS = ("1/2", "2/3", "3/4", "3/5", "1", "1/3")


def voice(vote: str = "FOR", total: int = 80, role: str = "MEMBER", **votes: str) -> Voice:
    """Return a cast ballot with so many points."""
    need = min(total, 60)
    return Voice(role, vote, votes, {"need": need, "care": total - need})


def rules(**changes: Any) -> PanelRules:
    """Return rules under which three make a quorum."""
    return PanelRules(**{"criteria": SHEET, "quorum_seats_min": 3, **changes})


def carried(for_: int, against: int, abstain: int = 0, **changes: Any) -> bool:
    """Return whether so many votes carry."""
    cast = [voice()] * for_ + [voice("AGAINST")] * against + [voice("ABSTAIN")] * abstain
    return tallying.count(rules(**changes), cast, seats=len(cast), recused=0).passed


class TestLines:
    @pytest.mark.parametrize(
        ("for_", "against", "passed"),
        [(2, 1, True), (4, 2, True), (3, 2, False), (66, 33, True), (65, 34, False)],
    )
    def test_exactly_two_thirds_carry_and_one_vote_less_does_not(
        self, for_: int, against: int, passed: bool
    ) -> None:
        assert carried(for_, against) is passed

    @pytest.mark.parametrize(
        ("totals", "passed"),
        [((75, 75, 75), True), ((74, 75, 76), True), ((75, 75, 74), False), ((74, 75, 75), False)],
    )
    def test_a_mean_of_exactly_seventy_five_carries(
        self, totals: tuple[int, ...], passed: bool
    ) -> None:
        cast = [voice(total=t) for t in totals]
        found = tallying.count(rules(mean_score_min="75.00"), cast, seats=3, recused=0)
        assert found.passed is passed
        assert passed or found.failures == ("mean",)

    def test_a_mean_shown_as_seventy_five_is_never_less(self) -> None:
        cast = [voice(total=t) for t in [75] * 99 + [74]]
        found = tallying.count(rules(), cast, seats=100, recused=0)
        assert found.mean_hundredths == 7499
        assert not found.passed

    @pytest.mark.parametrize(("voted", "quorate"), [(2, False), (3, False), (4, True)])
    def test_presence_is_two_thirds_of_those_not_recused(self, voted: int, quorate: bool) -> None:
        found = tallying.count(rules(), [voice()] * voted, seats=6, recused=1)
        assert (found.needed, found.quorate) == (4, quorate)

    @pytest.mark.parametrize(("recused", "quorate"), [(0, False), (1, False), (2, True)])
    def test_a_recusal_lowers_the_base(self, recused: int, quorate: bool) -> None:
        found = tallying.count(
            rules(presence_ratio="1"), [voice()] * 3, seats=5, recused=recused
        )
        assert found.quorate is quorate


class TestRules:
    def test_abstentions_weigh_against_only_where_the_rules_count_them(self) -> None:
        assert not carried(3, 1, 1)
        assert carried(3, 1, 1, abstentions_count=False)
        assert not carried(0, 0, 3, abstentions_count=False)

    @pytest.mark.parametrize(
        ("rule", "chair", "outcome"),
        [
            ("REJECT", "FOR", "REJECTED"),
            ("CHAIR_DECIDES", "FOR", "PASSED"),
            ("CHAIR_DECIDES", "AGAINST", "REJECTED"),
            ("REVOTE", "FOR", "REVOTE"),
        ],
    )
    def test_a_tie_goes_by_its_rule(self, rule: str, chair: str, outcome: str) -> None:
        other = "AGAINST" if chair == "FOR" else "FOR"
        cast = [voice(chair, role="CHAIR"), voice(chair), voice(other), voice(other)]
        found = tallying.count(rules(tie_rule=rule), cast, seats=4, recused=0)
        assert found.outcome == outcome
        assert found.passed is (outcome == "PASSED")

    def test_a_tie_below_the_mean_is_no_reason_to_vote_again(self) -> None:
        cast = [voice(total=10), voice("AGAINST", total=10)] * 2
        found = tallying.count(rules(tie_rule="REVOTE"), cast, seats=4, recused=0)
        assert (found.outcome, found.failures) == ("REJECTED", ("mean",))

    def test_a_role_without_a_vote_stands_in_no_count(self) -> None:
        weights = {"CHAIR": 1, "VICE": 1, "MEMBER": 1, "EXPERT": 0}
        cast = [voice()] * 3 + [voice("AGAINST", total=0, role="EXPERT")] * 9
        found = tallying.count(rules(weights=weights), cast, seats=3, recused=0)
        assert found.passed
        assert (found.present, found.votes_against, found.mean_hundredths) == (3, 0, 8000)

    def test_the_veto_of_a_criterion_rejects_what_the_total_would_carry(self) -> None:
        cast = [Voice("MEMBER", "FOR", {}, {"need": 60, "care": c}) for c in (24, 25, 25)]
        vetoed = rules(veto_criterion="care", veto_below=25)
        assert tallying.count(vetoed, cast, seats=3, recused=0).failures == ("veto",)
        assert tallying.count(rules(), cast, seats=3, recused=0).passed

    def test_one_dataset_passes_and_another_does_not(self) -> None:
        cast = [voice("FOR", D2="AGAINST"), voice("FOR", D2="AGAINST"), voice("FOR")]
        found = tallying.count(rules(), cast, seats=3, recused=0, items=("D1", "D2"))
        assert found.passed
        assert found.items["D1"]["passed"] is True
        assert found.items["D2"] == {
            "for": 1,
            "against": 2,
            "abstain": 0,
            "passed": False,
            "tie": False,
        }

    @pytest.mark.parametrize(
        "wrong",
        [
            {"criteria": {"need": 99}},
            {"pass_ratio": "0"},
            {"pass_ratio": "4/3"},
            {"mean_score_min": "101"},
            {"quorum_seats_min": 0},
            {"tie_rule": "COIN"},
            {"weights": {"CHAIR": 1}},
            {"veto_criterion": "luck"},
            {"reason_below": {"need": 61}},
        ],
    )
    def test_rules_under_which_no_panel_could_conclude_are_refused(
        self, wrong: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=r"."):
            rules(**wrong)

    def test_what_a_round_kept_comes_back_as_it_was(self) -> None:
        kept = rules(tie_rule="REVOTE", veto_criterion="care", veto_below=10)
        assert PanelRules.from_json(kept.as_json()) == kept


def reference(
    made: PanelRules, cast: list[Voice], seats: int, recused: int, items: list[str]
) -> tuple[bool, dict[str, bool]]:
    """Count again, in another way: cross-multiplied whole numbers, ballot papers one by one."""
    papers = [v for v in cast for _ in range(made.weights[v.role])]
    heads = sum(1 for v in cast if made.weights[v.role] > 0)
    share = Fraction(made.presence_ratio)
    present = heads >= made.quorum_seats_min and (
        heads * share.denominator >= share.numerator * (seats - recused)
    )
    points = sum(sum(v.scores.values()) for v in papers)
    enough = bool(papers) and Decimal(points) >= Decimal(made.mean_score_min) * len(papers)
    if not papers:
        enough = Decimal(made.mean_score_min) == 0
    care = sum(v.scores["care"] for v in papers)
    safe = not made.veto_criterion or care >= made.veto_below * max(len(papers), 1)

    def one(code: str | None) -> str:
        said = [v.votes.get(code, v.vote) if code else v.vote for v in papers]
        yes, no = said.count("FOR"), said.count("AGAINST")
        if yes == no and yes > 0:
            chairs = [v for v in cast if v.role == "CHAIR"]
            chair = chairs[0].votes.get(code, chairs[0].vote) if chairs else ""
            if made.tie_rule == "REVOTE":
                return "again"
            return "yes" if made.tie_rule == "CHAIR_DECIDES" and chair == "FOR" else "no"
        base = len(said) if made.abstentions_count else yes + no
        ratio = Fraction(made.pass_ratio)
        return "yes" if base and yes * ratio.denominator >= ratio.numerator * base else "no"

    answers = {code: one(code) for code in items} or {"": one(None)}
    going = present and enough and safe and "again" not in answers.values()
    passed = {code: going and answer == "yes" for code, answer in answers.items()}
    return any(passed.values()), {code: passed[code] for code in items}


@st.composite
def panels(draw: st.DrawFn) -> tuple[PanelRules, list[Voice], int, int, list[str]]:
    """Draw rules, cast ballots (one of the chair at most), seats, recusals and items."""
    made = rules(
        quorum_seats_min=draw(st.integers(1, 5)),
        presence_ratio=draw(st.sampled_from(RATIOS)),
        pass_ratio=draw(st.sampled_from(RATIOS)),
        mean_score_min=draw(st.sampled_from(("0", "50", "74.50", "75", "75.25", "100"))),
        weights={role: draw(st.integers(0, 3)) for role in ROLES},
        tie_rule=draw(st.sampled_from(TIE_RULES)),
        abstentions_count=draw(st.booleans()),
        veto_criterion=draw(st.sampled_from(("", "care"))),
        veto_below=20,
    )
    items = draw(st.sampled_from([[], ["D1"], ["D1", "D2"]]))
    cast = []
    for role in draw(st.lists(st.sampled_from(ROLES[1:]), max_size=8)) + draw(
        st.sampled_from([[], ["CHAIR"]])
    ):
        votes = {code: draw(st.sampled_from(VOTES)) for code in items if draw(st.booleans())}
        scores = {"need": draw(st.integers(0, 60)), "care": draw(st.integers(0, 40))}
        cast.append(Voice(role, draw(st.sampled_from(VOTES)), votes, scores))
    heads = sum(1 for v in cast if made.weights[v.role])
    recused = draw(st.integers(0, 3))
    return made, cast, heads + recused + draw(st.integers(0, 3)), recused, items


@given(panels())
def test_the_count_equals_an_independent_one(drawn: Any) -> None:
    made, cast, seats, recused, items = drawn
    found = tallying.count(made, cast, seats=seats, recused=recused, items=items)
    passed, by_item = reference(made, cast, seats, recused, items)
    assert found.passed == passed
    assert {code: row["passed"] for code, row in found.items.items()} == by_item


@given(panels(), st.randoms())
def test_the_order_of_the_votes_never_matters(drawn: Any, random: Any) -> None:
    made, cast, seats, recused, items = drawn
    shuffled = list(cast)
    random.shuffle(shuffled)
    assert tallying.count(
        made, shuffled, seats=seats, recused=recused, items=items
    ) == tallying.count(made, cast, seats=seats, recused=recused, items=items)
