"""The license card: its term, what a renewal lacks, the end of the quota, what an end does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from applications.queries.grants import Window
from gateway import queries as usage
from gateway.models import UsageDaily
from licensing import actions, queries
from licensing.models import Credential, License
from oversight import actions as oversight
from oversight.models import Evaluation
from oversight.queries import renewal_conditions
from parties.queries import system_actor
from tests.builders.applications import day
from tests.builders.licensing import Licensed, key_of
from tests.portal.reading import read, send

AT = day("2026-11-10")
# The license runs until 2027-10-19; its renewal window is 60 to 30 days before.
BEFORE, OPEN, OVER = day("2027-08-19"), day("2027-08-20"), day("2027-09-20")


def used(stage: Licensed, on: str, calls: int, code: str = "D01") -> None:
    UsageDaily.objects.create(
        license_id=stage.licenses[code].pk, day=date.fromisoformat(on), billable=calls
    )


def forecast(stage: Licensed, limit: int | None, at: Any = AT) -> usage.Forecast:
    return usage.quota_forecast(license_id=stage.licenses["D01"].pk, limit=limit, at=at)


class TestTheForecast:
    def test_names_the_day_the_quota_runs_out_at_the_pace_of_the_last_days(
        self, stage: Licensed
    ) -> None:
        for number in range(4, 11):
            used(stage, f"2026-11-{number:02d}", 100)
        found = forecast(stage, 1_000)
        assert (found.used, found.percent, found.pace) == (700, 70, 100)
        assert found.runs_out_on == date(2026, 11, 13)

    def test_names_no_day_when_the_quota_lasts_the_month(self, stage: Licensed) -> None:
        for number in range(4, 11):
            used(stage, f"2026-11-{number:02d}", 100)
        assert forecast(stage, 2_700).runs_out_on == date(2026, 11, 30)
        assert forecast(stage, 2_701).runs_out_on is None

    def test_judges_a_license_that_was_just_begun_by_its_own_days(self, stage: Licensed) -> None:
        used(stage, "2026-11-09", 100)
        used(stage, "2026-11-10", 200)
        found = forecast(stage, 600)
        assert (found.pace, found.runs_out_on) == (150, date(2026, 11, 12))

    def test_of_a_quota_that_is_used_up_is_today(self, stage: Licensed) -> None:
        used(stage, "2026-11-10", 600)
        found = forecast(stage, 600)
        assert (found.percent, found.runs_out_on) == (100, date(2026, 11, 10))

    def test_of_no_use_or_no_limit_names_no_day(self, stage: Licensed) -> None:
        assert forecast(stage, 600) == usage.Forecast(0, 600, 0, 0, None)
        assert forecast(stage, None).limit is None

    @pytest.mark.parametrize(
        ("calls", "said"),
        [(0, "近七日未使用"), (10, "本月够用"), (395_000, "已使用超过80%"), (400_000, "已用完")],
    )
    def test_stands_on_the_card(self, stage: Licensed, calls: int, said: str) -> None:
        limit = stage.license("D01").quota["per_month"]
        assert limit == 400_000
        if calls:
            used(stage, "2026-11-10", calls)
        assert said in read(stage.city.agent, "license", stage.licenses["D01"].pk, at=AT)


class TestTheRenewal:
    @pytest.mark.parametrize(
        ("at", "said"), [(BEFORE, "未到时间"), (OPEN, "可申请"), (OVER, "已关闭")]
    )
    def test_window_stands_on_the_card_with_whether_it_is_open(
        self, stage: Licensed, at: Any, said: str
    ) -> None:
        card = queries.license_card(
            license_id=stage.licenses["D01"].pk, actor=stage.city.agent, at=at
        )
        assert isinstance(card.window, Window)
        assert (card.window.opens_on, card.window.closes_on) == (
            date(2027, 8, 20),
            date(2027, 9, 19),
        )
        page = read(stage.city.agent, "license", stage.licenses["D01"].pk, at=at)
        assert said in page
        assert "2027年8月20日" in page

    def test_names_the_report_and_the_evaluation_that_are_missing(self, stage: Licensed) -> None:
        oversight.schedule_first_evaluation(
            agreement_id=stage.agreement.pk, actor=system_actor(), at=AT
        )
        evaluation = Evaluation.objects.get()
        found = self.conditions(stage, AT)
        assert [one.met for one in found] == [True, False, True]
        assert found[1].due_on == evaluation.due_on
        Evaluation.objects.update(state="SELF_REPORT_DUE")
        report = self.conditions(stage, AT)[0]
        assert (report.met, report.due_on) == (False, evaluation.due_on)
        page = read(stage.city.agent, "license", stage.licenses["D01"].pk, at=AT)
        assert "续期尚缺2项条件" in page
        assert f"/evaluations/{evaluation.pk}/" in page

    def test_lacks_nothing_once_the_evaluation_was_passed(self, stage: Licensed) -> None:
        oversight.schedule_first_evaluation(
            agreement_id=stage.agreement.pk, actor=system_actor(), at=AT
        )
        Evaluation.objects.update(
            state="PASSED", reported_at=AT, verified_at=AT, verified_by=stage.city.case,
            scored_at=AT, scored_by=stage.city.case, total=90, concluded_at=AT,
        )  # fmt: skip
        assert all(one.met for one in self.conditions(stage, AT))
        page = read(stage.city.agent, "license", stage.licenses["D01"].pk, at=AT)
        assert "续期条件均已满足" in page

    def test_lacks_a_license_free_of_measures(self, stage: Licensed) -> None:
        actions.suspend_license(
            license_id=stage.licenses["D01"].pk, reason="超场景", actor=stage.city.supervisor,
            at=AT,
        )  # fmt: skip
        assert not self.conditions(stage, AT)[2].met

    def test_conditions_are_for_those_who_may_see_the_license(self, stage: Licensed) -> None:
        assert not renewal_conditions(
            license_id=stage.licenses["D01"].pk, actor=stage.city.stranger, at=AT
        )

    @staticmethod
    def conditions(stage: Licensed, at: Any) -> Any:
        return renewal_conditions(
            license_id=stage.licenses["D01"].pk, actor=stage.city.agent, at=at
        )


class TestWhatAnEndDoes:
    def test_is_shown_before_it_is_done_and_changes_nothing(self, stage: Licensed) -> None:
        key = Credential.objects.get(pk=key_of(stage).credential_id)
        where = stage.licenses["D01"].pk
        page = read(stage.city.decider, "license_revoke", where, at=AT)
        assert "凭证继续有效：本协议另有1项许可有效" in page
        assert "授信核验系统" in page
        assert "个工作日内处置全部副本" in page
        send(stage.city.decider, "license_revoke", stage.licenses["D07"].pk, at=AT,
             data={"reason": "停用"})  # fmt: skip
        page = read(stage.city.decider, "license_revoke", where, at=AT)
        assert "下列凭证同时失效" in page
        assert key.prefix in page
        assert stage.license("D01").state == License.State.ACTIVE
        send(stage.city.decider, "license_revoke", where, at=AT, data={"reason": "停用"})
        key.refresh_from_db()
        assert (stage.license("D01").state, key.state) == ("REVOKED", "REVOKED")

    def test_needs_its_reason(self, stage: Licensed) -> None:
        send(stage.city.decider, "license_revoke", stage.licenses["D01"].pk, at=AT, status=422)
        assert stage.license("D01").state == License.State.ACTIVE
