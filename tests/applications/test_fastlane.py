"""The fast lane: which case goes past the committee by rule, and what stays on record of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from applications import actions, fastlane, registers
from applications.models import Application, FastLaneRule
from applications.registers import Grant
from tests.applications.conftest import running
from tests.applications.test_verdicts import letter_of
from tests.builders import applications as build
from tests.builders.applications import City
from tests.portal.reading import read

pytestmark = pytest.mark.django_db

ASKED = fastlane.Asked("D01", 2, ("uscc", "name"), {})
HELD = fastlane.Held(
    "锡数许〔2026〕00001号", "WX-SQ-2026-00001", "D01", True, ("uscc", "name", "status"), {},
    "INDUSTRY", "SANDBOX", 1_000,
)  # fmt: skip
FACTS = fastlane.Facts("INDUSTRY", "SANDBOX", 1_000, False, (ASKED,), (HELD,), ())


class TestTheRule:
    def test_is_open_for_what_was_licensed_before(self) -> None:
        found = fastlane.judge(facts=FACTS, level_max=2)
        assert found.open
        assert found.evidence["licenses"] == ["锡数许〔2026〕00001号"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"asked": (replace(ASKED, level=3),)},
            {"asked": ()},
            {"asked": (replace(ASKED, fields=("uscc", "capital")),)},
            {"asked": (ASKED, replace(ASKED, code="D02"))},
            {"held": (replace(HELD, active=False),)},
            {"held": (replace(HELD, rows={"name": ["甲"]}),)},
            {"held": ()},
            {"purpose_class": "SECTOR"},
            {"environment": "API"},
            {"monthly_quota": 1_001},
            {"onward_supply": True},
            {"violations": ("锡数罚 2026-07-01 V4 CLOSE",)},
            {"violations": None},
        ],
    )
    def test_is_closed_as_soon_as_one_thing_differs(self, changes: dict[str, Any]) -> None:
        found = fastlane.judge(facts=replace(FACTS, **changes), level_max=2)
        assert not found.open
        assert found.reasons


@pytest.fixture
def granted(city: City, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Let the company hold licenses from an earlier case of level 2 data."""
    for dataset in city.datasets:
        type(dataset).objects.filter(pk=dataset.pk).update(level="L2")
    _city, earlier = build.approved_application(city)

    def held(*, organization_id: UUID, at: datetime) -> tuple[Grant, ...]:
        return tuple(
            Grant(
                application_id=earlier.pk,
                number=f"锡数许〔2026〕0000{n}号",
                dataset_code=item.dataset.code,
                fields=tuple(item.fields),
                rows={},
                valid_to=date(2027, 10, 12),
                live=True,
                active=True,
            )
            for n, item in enumerate(earlier.items.select_related("dataset"), 1)
        )

    monkeypatch.setattr(registers, "_grants", [held])
    return earlier


class TestTheLane:
    def test_opens_for_a_repeated_harmless_case_and_says_why(
        self, city: City, granted: Application
    ) -> None:
        case = build.secured(city)
        assert case.state == "DECISION_PENDING"
        assert case.committee_conclusion is None
        record = case.fast_lane
        assert record["rule_version"] == 1
        assert record["evidence"]["application"] == granted.number
        assert running(case) == {"overall"}

        page = read(city.decider, "application_decide", case.pk, at=build.DECIDED)
        assert "免评审" in page
        assert record["legal_basis"] in page
        case = actions.decide(
            application_id=case.pk,
            result="REJECTED",
            reasons="仍须说明新的用途。",
            actor=city.decider,
            at=build.DECIDED,
        )
        # The decider is free: no committee, so nothing to depart from.
        assert case.state == "REJECTED"
        text = letter_of(case)
        assert "免评审规则第1版" in text
        assert re.search("核查期内无违规记录", text)

    def test_is_closed_by_a_later_version_of_the_rule(
        self, city: City, granted: Application
    ) -> None:
        FastLaneRule.objects.create(
            version=2, effective_on=date(2026, 9, 28), enabled=False, level_max=2,
            lookback_months=24, legal_basis="暂停适用",
        )  # fmt: skip
        assert build.secured(city).state == "COMMITTEE_REVIEW"

    def test_is_open_until_the_day_the_later_version_begins(
        self, city: City, granted: Application
    ) -> None:
        FastLaneRule.objects.create(
            version=2, effective_on=date(2026, 9, 29), enabled=False, level_max=2,
            lookback_months=24, legal_basis="暂停适用",
        )  # fmt: skip
        assert build.secured(city).state == "DECISION_PENDING"

    def test_counts_violations_of_the_look_back_only(
        self, city: City, granted: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines = ["锡数罚〔2024〕1号 2024-09-27 V4 CLOSE"]
        monkeypatch.setitem(registers._sources, registers.VIOLATIONS, lambda **_: tuple(lines))
        assert build.secured(city).state == "DECISION_PENDING"
        lines.append("锡数罚〔2024〕2号 2024-09-28 V1 WARN")
        assert build.secured(city).state == "COMMITTEE_REVIEW"


def test_a_first_case_goes_to_the_committee(city: City) -> None:
    case = build.secured(city)
    assert (case.state, case.fast_lane) == ("COMMITTEE_REVIEW", None)
    assert running(case) == {"overall", "committee"}
