"""Duties, and what comes of several rules together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.odrl.asking import (
    active,
    allowing,
    asking,
    at,
    evaluation,
    forbidding,
    policy_of,
    where,
    world_of,
)


class TestDuties:
    RULE = allowing(action="read", duty={"@id": "ex:pay", "action": "compensate"})

    @staticmethod
    def reported(state: str, rule: str = "ex:pay") -> dict[str, Any]:
        world = world_of()
        entry = {"@type": "report:DutyReport", "report:rule": {"@id": rule},
                 "report:deonticState": {"@id": f"report:{state}"}}  # fmt: skip
        context = [*world.pop("@context"), {"report": "https://w3id.org/force/compliance-report#"}]
        return {"@context": context, "@graph": [world, entry]}

    @pytest.mark.parametrize(
        ("state", "expected"), [("NonSet", True), ("Fulfilled", True), ("Violated", False)]
    )
    def test_only_a_violated_duty_takes_its_permission_away(
        self, state: str, expected: bool
    ) -> None:
        assert active(self.RULE, world=self.reported(state)) is expected
        [finding] = evaluation(self.RULE, world=self.reported(state)).findings
        assert finding.duties[0].state.deontic == state

    def test_a_duty_of_another_rule_changes_nothing(self) -> None:
        assert active(self.RULE, world=self.reported("Violated", "ex:other"))
        assert active(self.RULE)

    def test_a_duty_whose_time_is_over_counts_as_violated_until_it_is_reported(self) -> None:
        late = where("dateTime", "lteq", at("2024-02-12T11:00:00Z"))
        rule = allowing(duty={"@id": "ex:pay", "action": "compensate", "constraint": late})
        assert not active(rule)
        assert active(rule, world=world_of("2024-02-12T10:00:00Z"))
        assert active(rule, world=self.reported("Fulfilled"))

    def test_a_fulfilled_consequence_makes_good_a_violated_duty(self) -> None:
        fine = {"@id": "ex:fine", "action": "compensate"}
        rule = allowing(duty={"@id": "ex:pay", "action": "compensate", "consequence": fine})
        world = self.reported("Violated")
        assert not active(rule, world=world)
        world["@graph"].append({**self.reported("Fulfilled", "ex:fine")["@graph"][1]})
        assert active(rule, world=world)

    def test_an_obligation_is_reported_and_decides_nothing(self) -> None:
        both = policy_of(
            permission={"@id": "ex:may", "action": "read"},
            obligation={"@id": "ex:pay", "action": "compensate"},
        )
        found = evaluation(both, world=self.reported("Violated"))
        assert found.permitted
        states = {f.rule.id: f.duties[0].state.deontic for f in found.findings if f.duties}
        assert states == {"http://example.org/pay": "Violated"}


class TestDecision:
    @pytest.mark.parametrize(
        ("conflict", "expected"),
        [({}, False), ({"conflict": "invalid"}, False), ({"conflict": "prohibit"}, False),
         ({"conflict": "perm"}, True)],
    )  # fmt: skip
    def test_follows_the_strategy_for_conflicts(
        self, conflict: dict[str, str], expected: bool
    ) -> None:
        both = policy_of(permission={"action": "use"}, prohibition={"action": "read"}, **conflict)
        found = evaluation(both)
        assert [f.active for f in found.findings] == [True, True]
        assert found.permitted is expected
        assert evaluation(both, asking("modify")).permitted

    def test_is_no_where_nothing_permits(self) -> None:
        assert not evaluation(forbidding(action="read"), asking("modify")).permitted

    def test_is_no_for_an_offer_that_nobody_accepted(self) -> None:
        offer = {**allowing(action="use"), "@type": "Offer"}
        found = evaluation(offer)
        assert found.findings[0].active
        assert not found.permitted
        assert evaluation({**offer, "@type": "Agreement"}).permitted

    def test_needs_every_part_of_what_is_asked(self) -> None:
        request = asking()
        request["permission"].append({"@id": "ex:more", "action": "sell", "target": "ex:x"})
        found = evaluation(allowing(action="use"), request)
        assert [one.permitted for one in found.decisions] == [True, False]
        assert not found.permitted
