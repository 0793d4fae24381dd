"""The decision dataset by dataset: what it comes to, what it refuses, what the letter says."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, conditions, queries, verdict
from applications.errors import AssessmentExpired, DepartureUnexplained, EvidenceOutdated
from applications.models import Application, Decision, DecisionItem, SecurityAssessment
from applications.queries import exports, finding, granted_scope, several
from applications.queries.filters import Filters
from catalog.models import RiskAssessment
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from tests.applications.conftest import running
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow import inbox

pytestmark = pytest.mark.django_db

YES = {"result": "APPROVED"}
NO = {"result": "REJECTED", "reasons": "用途不需要核验查封状态", "departure_reason": "范围过宽"}
WITH = {"result": "APPROVED_WITH_CONDITIONS", "conditions": [{"standard": "SANDBOX_ONLY"}]}


def decide(case: Application, city: City, **changes: Any) -> Application:
    values: dict[str, Any] = {"reasons": "符合有条件开放要求。", "actor": city.decider}
    values |= {"application_id": case.pk, "at": build.DECIDED}
    return actions.decide(**{**values, **changes})


def letter_of(case: Application) -> str:
    letter = bytes(case.documents.filter(kind="DECISION").latest("id").file)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=letter, capture_output=True, check=True
    ).stdout.decode()
    return "".join(text.split())


class TestWhatItComesTo:
    @given(st.lists(st.sampled_from(verdict.RESULTS), max_size=6))
    def test_follows_from_the_results_alone(self, results: list[str]) -> None:
        outcome = verdict.overall(results)
        granted = [r for r in results if r != "REJECTED"]
        assert (outcome.result == "REJECTED") == (not granted)
        assert (outcome.result == "APPROVED") == (bool(results) and set(results) == {"APPROVED"})
        assert outcome.partial == (bool(granted) and len(granted) < len(results))

    def test_says_a_condition_of_all_once_and_names_the_dataset_otherwise(self) -> None:
        lines = conditions.statements(
            {"D01": ("每月抽查", "!SANDBOX_ONLY"), "D03": ("每月抽查",)}
        )
        assert conditions.texts(lines) == ["每月抽查", "D01：仅限在安全沙箱内使用"]
        assert lines[1]["terms"] == {"scope": {"datasets": [{"code": "D01", "mode": "SANDBOX"}]}}


class TestAMixedDecision:
    def test_approves_one_dataset_and_refuses_the_other(self, city: City) -> None:
        case = build.concluded(city)
        case = decide(case, city, items={"D01": YES, "D07": NO})

        assert (case.state, case.decision_result) == ("APPROVED_WITH_CONDITIONS",) * 2
        assert case.partly_approved
        assert [g.dataset_code for g in granted_scope(case.pk)] == ["D01"]
        results = dict(case.items.values_list("dataset__code", "result"))
        assert results == {"D01": "APPROVED", "D07": "REJECTED"}
        rows = {r.dataset.code: r for r in DecisionItem.objects.all()}
        assert rows["D07"].reasons == "用途不需要核验查封状态"
        assert rows["D07"].departure_reason == "范围过宽"
        assert rows["D01"].departure_reason == ""
        # The refused part may be objected to while the rest can be signed.
        assert running(case) == {"signing", "objection"}

    def test_is_read_as_one_in_the_letter(self, city: City) -> None:
        case = decide(build.concluded(city), city, items={"D01": YES, "D07": NO})
        text = letter_of(case)
        assert "部分准予使用，准予使用D01，不予使用D07" in text
        assert "D07：用途不需要核验查封状态" in text
        assert "范围过宽" in text

    def test_is_called_the_same_in_every_list_and_on_the_case(self, city: City) -> None:
        case = decide(build.concluded(city), city, items={"D01": YES, "D07": NO})
        at, who = build.DECIDED, city.case
        asked = finding.read_search(text=case.number or "")
        names = {
            "case": queries.case_page(application_id=case.pk, actor=who, at=at).state_name,
            "mine": queries.my_applications(actor=city.agent, at=at).rows[0].state_name,
            "desk": queries.desk_queue(actor=who, tab="all", at=at)[1].rows[0].state_name,
            "search": queries.search(actor=who, at=at, filters=Filters()).rows[0].state_name,
            "found": finding.find_cases(actor=who, at=at, asked=asked).rows[0].state_name,
            "chosen": several.chosen_cases(ids=[str(case.pk)], actor=who, at=at)[0].state_name,
            "draft": queries.draft_page(
                application_id=case.pk, actor=city.agent, at=at
            ).state_name,
            "exported": next(c for c in exports.COLUMNS if c.key == "state").value(case, ()),
        }
        assert set(names.values()) == {"部分同意"}, names

    def test_can_be_objected_to_and_decided_anew_dataset_by_dataset(self, city: City) -> None:
        case = decide(build.concluded(city), city, items={"D01": YES, "D07": NO})
        case = actions.object_to_decision(
            application_id=case.pk, grounds="查封状态是授信必需", actor=city.agent, at=build.DECIDED
        )
        build.heard(city, case, at=day("2026-10-19"))
        case = actions.answer_objection(
            application_id=case.pk,
            result="OVERTURNED",
            reasons="异议成立。",
            items={"D01": YES, "D07": WITH},
            actor=city.second_decider,
            at=day("2026-10-20"),
        )
        assert case.state == "OVERTURNED"
        assert not case.partly_approved
        assert [g.dataset_code for g in granted_scope(case.pk)] == ["D01", "D07"]
        assert Decision.objects.get(version=2).conditions == ["D07：仅限在安全沙箱内使用"]

    def test_of_refusals_only_is_a_refusal(self, city: City) -> None:
        case = decide(build.concluded(city), city, items={"D01": NO, "D07": NO})
        assert (case.state, case.partly_approved) == ("REJECTED", False)
        assert granted_scope(case.pk) == ()

    def test_without_items_gives_every_dataset_the_same_result(self, city: City) -> None:
        case = decide(build.concluded(city), city, result="APPROVED")
        assert case.state == "APPROVED"
        assert set(case.items.values_list("result", flat=True)) == {"APPROVED"}

    def test_refuses_the_dataset_of_which_the_providers_left_nothing(self, city: City) -> None:
        deny = {"decision": "DENY", "reason": "不宜提供", "legal_basis": "数据安全法"}
        case = build.concluded(city, decisions=dict.fromkeys(build.D07_FIELDS, deny))
        case = decide(case, city, result="APPROVED")
        assert case.partly_approved
        assert dict(case.items.values_list("dataset__code", "result"))["D07"] == "REJECTED"


class TestARefusal:
    @pytest.mark.parametrize(
        ("items", "field"),
        [
            ({"D01": YES}, "D07.result"),
            ({"D01": YES, "D07": YES, "D99": YES}, "D99.result"),
            ({"D01": YES, "D07": {"result": "MAYBE"}}, "D07.result"),
            ({"D01": YES, "D07": {"result": "APPROVED_WITH_CONDITIONS"}}, "D07.conditions"),
            ({"D01": {**YES, "conditions": ["x"]}, "D07": YES}, "D01.conditions"),
        ],
    )
    def test_of_results_that_do_not_fit_names_the_dataset(
        self, city: City, items: dict[str, Any], field: str
    ) -> None:
        case = build.concluded(city)
        error = refuses(case, InvalidInput, lambda: decide(case, city, items=items))
        assert field in error.fields  # type: ignore[attr-defined]
        assert not DecisionItem.objects.exists()

    def test_of_a_silent_departure_names_the_dataset_it_is_about(self, city: City) -> None:
        case = build.concluded(city)
        case.committee_conclusion["items"] = {"D01": {"passed": True}, "D07": {"passed": False}}
        case.save()
        error = refuses(
            case, DepartureUnexplained, lambda: decide(case, city, items={"D01": YES, "D07": YES})
        )
        assert list(error.fields) == ["D07.departure_reason"]  # type: ignore[attr-defined]
        follows = {"D01": YES, "D07": {"result": "REJECTED"}}
        assert decide(case, city, items=follows).partly_approved

    def test_of_a_condition_nobody_knows_writes_nothing(self, city: City) -> None:
        case = build.concluded(city)
        wrong = {"result": "APPROVED_WITH_CONDITIONS", "conditions": [{"standard": "NONE"}]}
        refuses(case, InvalidInput, lambda: decide(case, city, items={"D01": YES, "D07": wrong}))


class TestTheSecurityAssessment:
    def until(self, city: City, text: str) -> Application:
        case = build.concluded(city)
        SecurityAssessment.objects.filter(application=case).update(valid_until=text)
        return case

    def test_that_ends_the_day_after_the_decision_is_enough(self, city: City) -> None:
        case = self.until(city, "2026-10-14")
        assert decide(case, city, result="APPROVED").state == "APPROVED"

    def test_that_ends_on_the_day_of_the_decision_refuses_it_and_asks_for_another(
        self, city: City
    ) -> None:
        case = self.until(city, "2026-10-13")
        assert inbox.waiting_for(city.security, at=build.DECIDED) == ()
        for _again in range(2):
            with pytest.raises(AssessmentExpired):
                decide(case, city, result="APPROVED")
        case.refresh_from_db()
        assert case.state == "DECISION_PENDING"
        assert not Decision.objects.exists()
        waiting = inbox.waiting_for(city.security, at=build.DECIDED)
        assert [i.duty for i in waiting] == ["applications.renew_assessment"]

        refuses(
            case,
            InvalidInput,
            lambda: self.renew(case, city, "2026-10-13"),
        )
        self.renew(case, city, "2027-10-13")
        assert not inbox.waiting_for(city.security, at=build.DECIDED)
        versions = case.assessments.values_list("version", "valid_until")
        assert [(n, d.isoformat()) for n, d in versions] == [
            (1, "2026-10-13"), (2, "2027-10-13"),
        ]  # fmt: skip
        assert decide(case, city, result="APPROVED").state == "APPROVED"

    def test_that_runs_out_before_the_decision_is_asked_for_by_the_clock_once(
        self, city: City
    ) -> None:
        case = self.until(city, "2026-10-13")
        assert actions.ask_renewals(at=day("2026-10-12")) == 0
        assert actions.ask_renewals(at=build.DECIDED) == 1
        assert actions.ask_renewals(at=build.DECIDED) == 0
        waiting = inbox.waiting_for(city.security, at=build.DECIDED)
        assert [i.subject_id for i in waiting] == [str(case.pk)]

    def test_that_has_ended_does_not_keep_a_refusal(self, city: City) -> None:
        case = self.until(city, "2026-10-01")
        case = decide(case, city, result="REJECTED", departure_reason="评估过期且用途不明")
        assert case.state == "REJECTED"

    def test_is_renewed_by_the_security_officer_before_the_decision_only(self, city: City) -> None:
        case = build.concluded(city)
        refuses(case, Forbidden, lambda: self.renew(case, city, "2027-10-13", actor=city.decider))
        case = decide(case, city, result="APPROVED")
        refuses(case, NotAllowedNow, lambda: self.renew(case, city, "2027-10-13"))

    def test_of_the_data_must_hold_for_what_is_approved(self, city: City) -> None:
        case = build.concluded(city)
        RiskAssessment.objects.filter(dataset__code="D07").update(valid_until="2026-10-12")
        refuses(case, EvidenceOutdated, lambda: decide(case, city, result="APPROVED"))
        assert decide(case, city, items={"D01": YES, "D07": NO}).partly_approved

    def renew(
        self, case: Application, city: City, until: str, *, actor: Any = None
    ) -> Application:
        return actions.renew_assessment(
            application_id=case.pk,
            assessment={**build.ASSESSMENT, "valid_until": until},
            actor=actor or city.security,
            at=build.DECIDED,
        )
