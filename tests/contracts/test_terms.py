"""Terms as an order: strictest wins, in any order, and nobody gets more than anybody allowed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from contracts import defaults
from contracts.lattice import NESTED, NoMeet, is_as_strict, operators_of
from contracts.overrides import changed_terms
from contracts.shapes import Shape
from contracts.terms import (
    TERM_NAMES,
    TermConflict,
    Terms,
    TermsInvalid,
    dump,
    loosened,
    merge,
    parse,
    settle,
    strictest,
    terms_hash,
)
from tests.contracts.strategies import terms as any_terms

QUICK = settings(max_examples=120, deadline=None)


def met(left: Terms, right: Terms) -> Terms | None:
    """Return the strictest of two, or None when they exclude each other."""
    try:
        return strictest(left, right)
    except TermConflict:
        return None


class TestTheMeet:
    @QUICK
    @given(any_terms, any_terms)
    def test_does_not_ask_who_spoke_first(self, left: Terms, right: Terms) -> None:
        assert met(left, right) == met(right, left)

    @QUICK
    @given(any_terms, any_terms, any_terms)
    def test_does_not_ask_who_sat_together(self, one: Terms, two: Terms, three: Terms) -> None:
        first, second = met(one, two), met(two, three)

        assert (met(first, three) if first else None) == (met(one, second) if second else None)

    @QUICK
    @given(any_terms)
    def test_of_a_statement_with_itself_is_that_statement(self, one: Terms) -> None:
        assert met(one, one) == one
        assert met(one, Terms()) == one

    @QUICK
    @given(any_terms, any_terms)
    def test_is_never_looser_than_any_of_its_inputs(self, left: Terms, right: Terms) -> None:
        found = met(left, right)

        assert found is None or (is_as_strict(found, left) and is_as_strict(found, right))

    @QUICK
    @given(any_terms, any_terms, any_terms)
    def test_is_the_loosest_of_all_that_satisfy_both(
        self, left: Terms, right: Terms, other: Terms
    ) -> None:
        found = met(left, right)

        if found and is_as_strict(other, left) and is_as_strict(other, right):
            assert is_as_strict(other, found)

    @QUICK
    @given(any_terms)
    def test_survives_storage_and_keeps_its_hash(self, one: Terms) -> None:
        assert terms_hash(parse(dump(one))) == terms_hash(one)


class TestConflicts:
    def test_two_scenarios_are_refused_by_the_name_of_the_term(self) -> None:
        one = parse({"purpose": {"scenario_code": "CJ-2026-00001"}})
        two = parse({"purpose": {"scenario_code": "CJ-2026-00002"}})

        with pytest.raises(TermConflict) as refused:
            strictest(one, two)

        assert (refused.value.term, refused.value.path) == ("purpose", "purpose.scenario_code")

    def test_no_common_field_is_a_conflict_of_that_dataset(self) -> None:
        one = parse({"scope": {"datasets": [{"code": "D01", "fields": ["name"]}]}})
        two = parse({"scope": {"datasets": [{"code": "D01", "fields": ["uscc"]}]}})

        with pytest.raises(TermConflict) as refused:
            strictest(one, two)

        assert refused.value.path == "scope.datasets.D01.fields"

    def test_an_unknown_entry_is_refused_with_its_path(self) -> None:
        with pytest.raises(TermsInvalid, match=r"quota\.per_century"):
            parse({"quota": {"per_century": 1}})


def test_there_are_twenty_three_terms_and_every_entry_says_how_it_is_made_stricter() -> None:
    assert len(TERM_NAMES) == 23

    def walk(model: type[Shape]) -> int:
        return sum(1 for _entry in operators_of(model))

    shapes = [s for s in Shape.__subclasses__() if s.__name__ not in {"FieldLabel", "PriceTier"}]
    assert all(walk(model) == len(model.model_fields) for model in shapes)
    assert {operator for _name, operator in operators_of(Terms)} == {NESTED}


class TestSources:
    def test_name_who_decided_each_entry(self) -> None:
        merged = merge(
            [
                ("template", parse({"retention": {"days": 180}, "term": {"months": 12}})),
                ("profile:D01", parse({"retention": {"days": 30}})),
                ("request", parse({"term": {"months": 12}, "retention": {"days": 90}})),
            ]
        )

        assert merged.sources == {"retention.days": "profile:D01", "term.months": "template"}

    def test_show_the_rule_that_public_benefit_is_free(self) -> None:
        merged = merge(
            [
                ("template", parse({"environment": {"mode": "SANDBOX"}})),
                ("request", parse({"purpose": {"purpose_class": "PUBLIC_BENEFIT"}})),
                ("grant", parse({"scope": {"datasets": [{"code": "D03", "mode": "API"}]}})),
            ]
        )
        settled = settle(merged)

        assert settled.terms.is_free("D03")
        assert settled.sources["fee.free_of_charge"] == "rule"
        assert settled.terms.dataset("D03").mode == "SANDBOX"  # type: ignore[union-attr]
        assert settled.sources["scope.datasets.D03.mode"] == "rule"


class TestTheFirstVersions:
    @pytest.mark.parametrize("code", sorted(defaults.PROFILES))
    def test_of_profiles_tighten_the_template_and_loosen_nothing(self, code: str) -> None:
        base, profile = parse(defaults.BASE_P1), parse(defaults.PROFILES[code])

        assert loosened(candidate=profile, floor=base, locked=defaults.LOCKED_P1) == ()
        assert is_as_strict(strictest(base, profile), base)

    def test_give_real_time_data_its_first_evaluation_after_two_months(self) -> None:
        terms = strictest(*(parse(t) for t in (defaults.BASE_P1, *defaults.PROFILES.values())))

        assert terms.evaluation is not None
        assert (terms.evaluation.first_after_months, terms.evaluation.cycle_months) == (2, 6)

    def test_keep_third_level_data_in_the_sandbox(self) -> None:
        terms = parse(defaults.level_terms(code="D05", level="L3"))

        assert terms.dataset("D05").mode == "SANDBOX"  # type: ignore[union-attr]
        with pytest.raises(KeyError):
            defaults.level_terms(code="D99", level="L4")


class TestAProfileThatLoosens:
    def test_is_named_entry_by_entry(self) -> None:
        floor = parse(defaults.BASE_P1)
        candidate = parse({"retention": {"days": 365}, "dispute": {"method": "ARBITRATION"}})

        # The other court contradicts the floor; that must not hide the longer retention.
        assert loosened(candidate=candidate, floor=floor, locked=["retention"]) == (
            "retention.days",
        )
        assert loosened(candidate=candidate, floor=floor, locked=["dispute", "retention"]) == (
            "dispute.method",
            "retention.days",
        )


class TestAChange:
    CURRENT = strictest(
        parse(defaults.BASE_P1), parse(defaults.PROFILES["D01"]), parse({"term": {"months": 6}})
    )

    def test_of_an_unlocked_term_may_be_anything(self) -> None:
        with pytest.raises(Exception, match="purpose") as refused:
            changed_terms(
                current=self.CURRENT,
                floor=self.CURRENT,
                changes={"dispute": {"method": "ARBITRATION", "place": "无锡仲裁委员会"}},
                locked=defaults.LOCKED_P1,
            )

        # The only objection is that this template alone is no agreement yet.
        assert refused.value.code == "terms_incomplete"  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        "changes",
        [
            {"retention": {"days": 365}},
            {"retention": None},
            {"audit": {"inspection": False}},
            {"evaluation": {"weights": {"security": 100}}},
            {"term": {"months": 12}},
            {"scope": {"datasets": [{"code": "D99"}]}},
            {"quota": {"datasets": {"D01": {"per_month": 9_000_000}}}},
        ],
    )
    def test_below_the_floor_is_refused(self, changes: dict[str, object]) -> None:
        with pytest.raises(Exception) as refused:
            changed_terms(
                current=self.CURRENT,
                floor=self.CURRENT,
                changes=changes,
                locked=defaults.LOCKED_P1,
            )

        # A dataset that was never granted is told apart: it needs a new review.
        foreign = "D99" in str(changes)
        expected = "widens_scope" if foreign else "too_loose"
        assert refused.value.code == expected  # type: ignore[attr-defined]


def test_a_conflict_keeps_its_path_on_the_way_out() -> None:
    assert NoMeet(1, 2).under("b").under("a").path == ("a", "b")
