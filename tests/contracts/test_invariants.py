"""Rules between terms: each is broken by one statement, and a lawful one passes."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import defaults
from contracts.invariants import MONTHS_MAX, RuleBroken, ask_rules, broken_rules
from contracts.overrides import changed_terms
from contracts.terms import merge as merge_named
from contracts.terms import parse, settle, strictest
from tests.contracts.test_wording import merged


def of_dataset(**entries: Any) -> dict[str, Any]:
    return {"scope": {"datasets": [{"code": "D01", **entries}]}}


def priced(**entries: Any) -> dict[str, Any]:
    return {"fee": {"datasets": {"D01": {"model": "PER_CALL", **entries}}}}


TIER = [{"up_to": None, "yuan": "0.50"}]
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("scope.datasets.D01.mode", of_dataset(level="L3", mode="API"),
     of_dataset(level="L3", mode="VERIFY_ONLY")),
    ("scope.datasets.D01.mode", of_dataset(level="L3", mode="RAW_EXPORT"),
     of_dataset(level="L2", mode="RAW_EXPORT")),
    ("desensitization.reidentification_ban",
     of_dataset(level="L3") | {"desensitization": {"reidentification_ban": False}},
     of_dataset(level="L2") | {"desensitization": {"reidentification_ban": False}}),
    ("onward_transfer.interfaces",
     {"rights": {"operate": False}, "onward_transfer": {"interfaces": True}},
     {"rights": {"operate": True}, "onward_transfer": {"interfaces": True}}),
    ("onward_transfer.processors", {"onward_transfer": {"allowed": "NONE", "processors": ["甲"]}},
     {"onward_transfer": {"allowed": "NONE", "processors": []}}),
    ("onward_transfer.consents",
     {"onward_transfer": {"allowed": "NAMED_PROCESSORS", "processors": ["甲"]}},
     {"onward_transfer": {"allowed": "NAMED_PROCESSORS", "processors": ["甲"],
                          "consents": {"甲": "同意书〔2026〕1号"}}}),
    ("region.storage", {"region": {"region": "CITY", "storage": ["320100"]}},
     {"region": {"region": "PROVINCE", "storage": ["320100"]}}),
    ("region.processing", {"region": {"processing": ["无锡"]}},
     {"region": {"processing": ["320200", "110000"]}}),
    ("region.cross_border", {"region": {"cross_border": True}},
     {"region": {"cross_border": False}}),
    ("scope.datasets.D01.period_field", of_dataset(period_from="2025-01-01"),
     of_dataset(period_from="2025-01-01", period_field="day")),
    ("scope.datasets.D01.period_to",
     of_dataset(period_field="day", period_from="2025-01-02", period_to="2025-01-01"),
     of_dataset(period_field="day", period_from="2025-01-01", period_to="2025-01-01")),
    ("scope.datasets.D01.group_size_min",
     of_dataset(group_size_min=3) | {"desensitization": {"k_min": 5}},
     of_dataset(group_size_min=5) | {"desensitization": {"k_min": 5}}),
    ("security.controls", {"security": {"controls": ["PRAYER"]}},
     {"security": {"controls": ["LOGGING"]}}),
    ("quality_sla.datasets.D01.update_frequency",
     {"quality_sla": {"datasets": {"D01": {"update_frequency": "SOON"}}}},
     {"quality_sla": {"datasets": {"D01": {"update_frequency": "DAILY"}}}}),
    ("breach.measures", {"breach": {"measures": ["EXILE"]}}, {"breach": {"measures": ["WARN"]}}),
    ("security.log_retention_months", {"security": {"log_retention_months": 5}},
     {"security": {"log_retention_months": 6}}),
    ("audit.inspection", {"audit": {"inspection": False}}, {"audit": {"inspection": True}}),
    ("consent.datasets", of_dataset() | {"consent": {"datasets": ["D09"]}},
     of_dataset() | {"consent": {"datasets": ["D01"]}}),
    ("consent.evidence", {"consent": {"datasets": ["D01"], "evidence": False}},
     {"consent": {"datasets": ["D01"], "evidence": True}}),
    ("fee.free_of_charge",
     {"purpose": {"purpose_class": "PUBLIC_BENEFIT"}, "fee": {"free_of_charge": False}},
     {"purpose": {"purpose_class": "INDUSTRY"}, "fee": {"free_of_charge": False}}),
    ("fee.datasets.D01.tiers", priced(tiers=TIER, cap_yuan="0.49"),
     priced(tiers=TIER, cap_yuan="0.50")),
    ("fee.datasets.D01.base_fen", priced(base_fen=101, cap_base_fen=100),
     priced(base_fen=100, cap_base_fen=100)),
    ("derived_ip.shares_permille", {"derived_ip": {"shares_permille": {"甲": 400, "乙": 500}}},
     {"derived_ip": {"shares_permille": {"甲": 400, "乙": 600}}}),
    ("reporting.every_months", {"reporting": {"every_months": 6}, "term": {"months": 4}},
     {"reporting": {"every_months": 3}, "term": {"months": 1}}),
    ("evaluation.pass_score", {"evaluation": {"pass_score": 60, "fail_score": 80}},
     {"evaluation": {"pass_score": 80, "fail_score": 60}}),
    ("evaluation.weights", {"evaluation": {"weights": {"security": 99}}},
     {"evaluation": {"weights": {"security": 60, "benefit": 40}}}),
    ("dispute.place", {"dispute": {"method": "ARBITRATION", "place": "江苏省无锡市"}},
     {"dispute": {"method": "ARBITRATION", "place": "无锡仲裁委员会"}}),
    ("dispute.place", {"dispute": {"method": "COURT", "place": "无锡仲裁委员会"}},
     {"dispute": {"method": "COURT", "place": "江苏省无锡市"}}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "unlawful", "lawful"), CASES,
                         ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])  # fmt: skip
def test_a_rule_names_the_entry_that_breaks_it_and_lets_a_lawful_one_pass(
    path: str, unlawful: dict[str, Any], lawful: dict[str, Any]
) -> None:
    assert [one.path for one in broken_rules(parse(unlawful), procedure="P1")] == [path]
    assert broken_rules(parse(lawful), procedure="P1") == ()
    with pytest.raises(RuleBroken, match=path):
        ask_rules(parse(unlawful), procedure="P1")


@pytest.mark.parametrize(("procedure", "months"), sorted(MONTHS_MAX.items()))
def test_a_procedure_bounds_the_term(procedure: str, months: int) -> None:
    assert broken_rules(parse({"term": {"months": months}}), procedure=procedure) == ()
    if months < 60:
        found = broken_rules(parse({"term": {"months": months + 1}}), procedure=procedure)
        assert [one.path for one in found] == ["term.months"]


def test_an_authorized_operation_of_more_than_five_years_cannot_even_be_written() -> None:
    with pytest.raises(Exception, match=r"term\.months"):
        parse({"term": {"months": 61}})


@pytest.mark.parametrize("code", sorted(defaults.PROFILES))
def test_the_first_versions_break_no_rule(code: str) -> None:
    found = strictest(parse(defaults.BASE_P1), parse(defaults.PROFILES[code]))

    assert broken_rules(found, procedure="P1") == ()


def test_no_copy_outlives_the_agreement() -> None:
    said = [("template", parse({"retention": {"days": 180}})),
            ("request", parse({"term": {"months": 2}}))]  # fmt: skip
    settled = settle(merge_named(said))

    assert settled.terms.retention is not None
    assert settled.terms.retention.days == 62
    assert settled.sources["retention.days"] == "rule"


class TestAChange:
    def change(self, changes: dict[str, Any]) -> None:
        current = merged()
        changed_terms(current=current, floor=current, changes=changes, locked=[])

    def test_that_breaks_a_rule_is_refused_with_the_entry(self) -> None:
        with pytest.raises(RuleBroken, match=r"dispute\.place"):
            self.change({"dispute": {"method": "ARBITRATION"}})
        with pytest.raises(RuleBroken, match=r"region\.cross_border"):
            self.change({"region": {"cross_border": True}})

    def test_that_breaks_none_passes(self) -> None:
        self.change({"dispute": {"method": "ARBITRATION", "place": "无锡仲裁委员会"}})
