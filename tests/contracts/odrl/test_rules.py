"""What a rule says to a request: one vector for each feature of the subset."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.odrl.asking import (
    CONTEXT,
    active,
    allowing,
    asking,
    at,
    forbidding,
    policy_of,
    timed,
    where,
    world_of,
)

DAY = {"@value": "2024-02-12", "@type": "xsd:date"}


class TestWhoWhatAndHow:
    def test_a_rule_that_names_nothing_holds_for_everybody(self) -> None:
        assert active(allowing())
        assert active(forbidding())

    @pytest.mark.parametrize(
        ("stated", "asked", "expected"),
        [
            ("read", "read", True),
            ("use", "read", True),
            ("use", "write", True),
            ("use", "display", True),
            ("play", "display", True),
            ("display", "play", False),
            ("use", "sell", False),
            ("transfer", "sell", True),
            ("read", "use", False),
            ("read", "modify", False),
            (["read", "modify"], "modify", True),
            ("http://creativecommons.org/ns#Sharing", "cc:Sharing", True),
        ],
    )
    def test_an_action_covers_what_is_included_in_it(
        self, stated: Any, asked: str, expected: bool
    ) -> None:
        assert active(allowing(action=stated), asking(asked)) is expected
        assert active(forbidding(action=stated), asking(asked)) is expected

    def test_a_document_may_define_an_action_inside_one_of_odrl(self) -> None:
        own = {"@id": "ex:skim", "@type": "Action", "includedIn": {"@id": "odrl:read"}}
        assert active(allowing(action="use"), {
            "@context": CONTEXT,
            "@graph": [own, {k: v for k, v in asking("ex:skim").items() if k != "@context"}],
        })  # fmt: skip
        assert active(allowing(action=own), asking("read")) is False

    def test_what_a_permitted_action_implies_is_permitted_with_it(self) -> None:
        own = {"@id": "ex:share", "@type": "Action", "includedIn": {"@id": "odrl:use"},
               "implies": {"@id": "odrl:distribute"}}  # fmt: skip
        assert active(allowing(action=own), asking("distribute"))
        assert not active(forbidding(action=own), asking("distribute"))

    @pytest.mark.parametrize(("who", "expected"), [("ex:alice", True), ("ex:bob", False)])
    def test_holds_for_the_assignee_it_names(self, who: str, expected: bool) -> None:
        assert active(allowing(action="use", assignee="ex:alice"), asking(who=who)) is expected
        both = allowing(assignee=["ex:carol", {"@id": "ex:alice", "@type": "Party"}])
        assert active(both, asking(who=who)) is expected

    def test_holds_for_the_members_of_a_collection_however_deep(self) -> None:
        group = {"@id": "ex:staff", "@type": "PartyCollection", "source": "ex:register"}
        rule = allowing(action="read", assignee=group)
        assert not active(rule)
        for whole in ("ex:staff", "ex:register"):
            inside = world_of(includes=[{"@id": "ex:alice", "partOf": {"@id": whole}}])
            inside["@context"].append({"includes": "sotw:includes"})
            assert active(rule, world=inside)
        chain = world_of()
        chain = {"@context": chain.pop("@context"), "@graph": [
            chain,
            {"@id": "ex:alice", "partOf": {"@id": "ex:team"}},
            {"@id": "ex:team", "partOf": {"@id": "ex:staff"}},
        ]}  # fmt: skip
        assert active(rule, world=chain)
        assert not active(rule, asking(who="ex:bob"), chain)

    def test_holds_for_the_assets_of_a_collection_that_fit_its_refinement(self) -> None:
        assets = {"@type": "AssetCollection", "source": "ex:archive",
                  "refinement": where("language", "isAnyOf", ["zh", "en"])}  # fmt: skip
        rule = allowing(action="read", target=assets)

        def archive(**facts: Any) -> dict[str, Any]:
            world = world_of()
            member = {"@id": "ex:x", "partOf": {"@id": "ex:archive"}, **facts}
            return {"@context": world.pop("@context"), "@graph": [world, member]}

        assert active(rule, world=archive(language="zh"))
        assert not active(rule, world=archive(language="fr"))
        assert not active(rule, world=archive())
        assert not active(rule, asking(what="ex:y"), archive(language="zh"))

    def test_a_refined_action_is_covered_within_its_bounds_only(self) -> None:
        dpi = "http://dbpedia.org/resource/Dots_per_inch"
        printing = {"rdf:value": {"@id": "odrl:print"},
                    "refinement": where("resolution", "lteq", 1200, unit=dpi)}  # fmt: skip

        def ask(value: int, unit: str = dpi) -> dict[str, Any]:
            fact = where("resolution", "eq", value, unit=unit)
            return asking("print", constraint=fact)

        assert active(allowing(action=printing), ask(1000))
        assert not active(allowing(action=printing), ask(1300))
        assert not active(allowing(action=printing), ask(1000, "ex:per-mile"))
        assert active(forbidding(action=printing), ask(1000, "ex:per-mile"))
        assert not active(allowing(action=printing), asking("print"))

    def test_what_the_policy_says_for_all_rules_holds_for_each(self) -> None:
        shared = policy_of(action="read", assignee="ex:alice", permission={"target": "ex:x"})
        assert active(shared)
        assert not active(shared, asking("modify"))
        assert not active(shared, asking(who="ex:bob"))


class TestTime:
    @pytest.mark.parametrize(
        ("operator", "before", "same", "after"),
        [
            ("eq", False, True, False),
            ("neq", True, False, True),
            ("lt", True, False, False),
            ("lteq", True, True, False),
            ("gt", False, False, True),
            ("gteq", False, True, True),
        ],
    )
    def test_compares_moments(
        self, operator: str, before: bool, same: bool, after: bool
    ) -> None:
        rule = timed(operator, at("2024-02-12T20:00:00.5+08:00"))
        moments = ("2024-02-12T12:00:00.4Z", "2024-02-12T12:00:00.500Z", "2024-02-12T12:00:00.6Z")
        found = [active(rule, world=world_of(now)) for now in moments]
        assert found == [before, same, after]

    @pytest.mark.parametrize(
        ("operator", "eve", "morning", "night", "morrow"),
        [
            ("eq", False, True, True, False),
            ("neq", True, False, False, True),
            ("lt", True, False, False, False),
            ("lteq", True, True, True, False),
            ("gt", False, False, False, True),
            ("gteq", False, True, True, True),
        ],
    )
    def test_a_day_lasts_until_it_is_over(
        self, operator: str, eve: bool, morning: bool, night: bool, morrow: bool
    ) -> None:
        moments = ("2024-02-11T23:59:59.999Z", "2024-02-12T00:00:00Z",
                   "2024-02-12T23:59:59.999Z", "2024-02-13T00:00:00Z")  # fmt: skip
        found = [active(timed(operator, DAY), world=world_of(now)) for now in moments]
        assert found == [eve, morning, night, morrow]

    def test_a_difference_of_a_nanosecond_counts(self) -> None:
        rule = timed("lt", at("2024-02-12T12:00:00.000000001Z"))
        assert active(rule, world=world_of("2024-02-12T12:00:00.000000000Z"))
        assert not active(rule, world=world_of("2024-02-12T12:00:00.000000001Z"))

    def test_the_world_tells_the_time_and_not_the_request(self) -> None:
        rule = timed("lt", at("2024-01-01T00:00:00Z"))
        assert not active(rule, asking(dateTime="2020-01-01T00:00:00Z"))
        assert active(rule, asking(dateTime="2020-01-01T00:00:00Z"), world_of(None))

    def test_without_a_time_nothing_opens_and_nothing_forbidden_opens(self) -> None:
        limit = where("dateTime", "lt", at("2030-01-01T00:00:00Z"))
        assert not active(allowing(constraint=limit), world=world_of(None))
        assert active(forbidding(constraint=limit), world=world_of(None))

    def test_one_of_many_intervals_is_enough(self) -> None:
        hours = [
            {"and": [where("dateTime", "gt", at(f"2024-{month:02}-{day:02}T09:00:00Z")),
                     where("dateTime", "lt", at(f"2024-{month:02}-{day:02}T17:00:00Z"))]}
            for month in range(1, 13) for day in range(1, 29)
        ]  # fmt: skip
        rule = allowing(action="read", constraint={"or": hours})
        assert active(rule, world=world_of("2024-07-03T09:00:01Z"))
        assert not active(rule, world=world_of("2024-07-03T08:59:59Z"))
        assert not active(rule, world=world_of("2023-07-03T12:00:00Z"))


class TestValues:
    @pytest.mark.parametrize(
        ("constraint", "given", "expected"),
        [
            (where("purpose", "eq", {"@id": "ex:research"}), {"@id": "ex:research"}, True),
            (where("purpose", "eq", {"@id": "ex:research"}), "http://example.org/research", True),
            (where("purpose", "eq", {"@id": "ex:research"}), {"@id": "ex:ads"}, False),
            (where("purpose", "neq", {"@id": "ex:research"}), {"@id": "ex:ads"}, True),
            (where("purpose", "isAnyOf", ["a", "b"]), "b", True),
            (where("purpose", "isAnyOf", ["a", "b"]), ["a", "b"], True),
            (where("purpose", "isAnyOf", ["a", "b"]), ["a", "c"], False),
            (where("purpose", "isAnyOf", ["a", "b"]), [], False),
            (where("purpose", "isNoneOf", ["a", "b"]), "c", True),
            (where("purpose", "isNoneOf", ["a", "b"]), ["c", "a"], False),
            (where("purpose", "isNoneOf", ["a", "b"]), [], True),
            (where("purpose", "isAllOf", ["a", "b"]), ["a", "b", "c"], True),
            (where("purpose", "isAllOf", ["a", "b"]), ["a"], False),
            (where("purpose", "isPartOf", ["a", "b"]), ["b", "a"], True),
            (where("purpose", "isPartOf", ["a", "b"]), ["b", "c"], False),
            (where("purpose", "isPartOf", ["a", "b"]), [], True),
            (where("count", "lteq", 5), 5, True),
            (where("count", "lteq", 5), 6, False),
            (where("count", "lteq", 5), "five", False),
            (where("count", "gt", 4.5), 5, True),
            (where("payAmount", "eq", {"@value": "5.00", "@type": "xsd:decimal"}), 5, True),
            (where("elapsedTime", "lteq", {"@value": "P30D", "@type": "xsd:duration"}),
             {"@value": "PT719H59M", "@type": "xsd:duration"}, True),
            (where("elapsedTime", "lteq", {"@value": "P1M", "@type": "xsd:duration"}),
             {"@value": "P30D", "@type": "xsd:duration"}, False),
            (where("deliveryChannel", "eq", True), True, True),
        ],
    )  # fmt: skip
    def test_compares_what_the_request_gives(
        self, constraint: dict[str, Any], given: Any, expected: bool
    ) -> None:
        left = constraint["leftOperand"]
        assert active(allowing(constraint=constraint), asking(**{left: given})) is expected

    def test_a_value_is_of_a_kind_and_part_of_a_whole_as_the_world_says(self) -> None:
        kind = allowing(constraint=where("purpose", "isA", {"@id": "ex:Study"}))
        whole = allowing(constraint=where("spatial", "isPartOf", {"@id": "ex:jiangsu"}))
        parts = allowing(constraint=where("spatial", "hasPart", {"@id": "ex:wuxi"}))
        world = world_of()
        world = {"@context": world.pop("@context"), "@graph": [
            world,
            {"@id": "ex:flood-study", "@type": "ex:Study"},
            {"@id": "ex:wuxi", "partOf": {"@id": "ex:jiangsu"}},
        ]}  # fmt: skip
        study, wuxi = {"@id": "ex:flood-study"}, {"@id": "ex:wuxi"}
        assert active(kind, asking(purpose=study), world)
        assert not active(kind, asking(purpose={"@id": "ex:ads"}), world)
        assert active(whole, asking(spatial=wuxi), world)
        assert not active(whole, asking(spatial={"@id": "ex:hangzhou"}), world)
        assert active(parts, asking(spatial={"@id": "ex:jiangsu"}), world)

    def test_values_that_do_not_agree_open_nothing_and_lift_no_prohibition(self) -> None:
        stated = where("purpose", "isAnyOf", ["ads"])
        both = asking(purpose=["ads", "research"])
        assert not active(allowing(constraint=stated), both)
        assert active(forbidding(constraint=stated), both)

    @pytest.mark.parametrize(
        ("operator", "given", "expected"),
        [
            ("and", ["a"], False),
            ("or", ["a"], True),
            ("or", ["c"], False),
            ("xone", ["a"], True),
            ("xone", ["c"], False),
        ],
    )
    def test_joins_conditions(self, operator: str, given: list[str], expected: bool) -> None:
        parts = [where("purpose", "eq", "a"), where("purpose", "eq", "b")]
        rule = allowing(constraint={operator: parts})
        assert active(rule, asking(purpose=given)) is expected

    def test_exactly_one_of_two_true_conditions_is_not_one(self) -> None:
        parts = [where("purpose", "eq", "a"), where("purpose", "neq", "b")]
        assert not active(allowing(constraint={"xone": parts}), asking(purpose="a"))

    def test_a_list_in_order_reads_like_a_set(self) -> None:
        parts = {"@list": [where("purpose", "eq", "a"), where("purpose", "neq", "b")]}
        assert active(allowing(constraint={"and": parts}), asking(purpose="a"))
