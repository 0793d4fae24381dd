"""The clock of the acceptance while a case is with its applicant, on the page and in the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from applications import actions, form, queries
from applications.models import Application
from core.errors import InvalidInput
from tests.applications.conftest import due, running
from tests.applications.form_support import sign
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow import deadlines
from workflow.models import ClockStop

pytestmark = pytest.mark.django_db

DEFECT = {"section": "usage", "item": "证书", "problem": "过期", "required": "换证"}


def clock_of(case: Application, actor: Any, at: Any, kind: str = "acceptance") -> Any:
    page = queries.case_page(application_id=case.pk, actor=actor, at=at)
    return next(clock for clock in page.clocks if clock.kind == kind)


def returned(city: City) -> Application:
    """Return a case submitted on Monday 14 September and returned on Tuesday."""
    return actions.request_correction(
        application_id=build.submitted(city).pk,
        defects=[DEFECT],
        actor=city.case,
        at=day("2026-09-15"),
    )


def corrected(city: City) -> Application:
    """Return that case, handed in again on Monday 21 September."""
    case = returned(city)
    actions.edit_application(
        application_id=case.pk,
        changes={"protection_certificate": "32020043-20002"},
        actor=city.agent,
        at=day("2026-09-21"),
    )
    sign(city, case)
    return actions.resubmit_application(
        application_id=case.pk, answers={"1": "已换"}, actor=city.agent, at=day("2026-09-21")
    )


@pytest.mark.scenario(37)
class TestAResubmission:
    def test_leaves_the_day_counted_from_the_first_submission_and_reports_the_pause(
        self, city: City
    ) -> None:
        case = build.submitted(city)
        assert due(case, "acceptance") == "2026-09-17"
        case = corrected(city)
        # 16, 17, 18, the make-up Sunday 20 and 21 September stood: five working days.
        clock = clock_of(case, city.case, day("2026-09-21"))
        assert clock.due_on_unstopped == date(2026, 9, 17)
        assert clock.due_on == date(2026, 9, 23)
        assert (clock.started_on, clock.stopped_days) == (date(2026, 9, 14), 5)

    def test_shows_both_days_on_the_page_of_the_applicant_and_of_the_office(
        self, city: City
    ) -> None:
        case = corrected(city)
        for who in (city.agent, city.case):
            client = Client()
            client.force_login(who)
            page = client.get(f"/applications/{case.pk}/").content.decode()
            assert "自起算日计算（不扣停钟）" in page
            assert "2026年9月17日" in page
            assert "扣除停钟后" in page
            assert "2026年9月23日" in page

    def test_before_it_the_clock_stands_and_is_neither_soon_nor_late(self, city: City) -> None:
        case = returned(city)
        assert running(case) == {"acceptance", "correction"}
        stop = ClockStop.objects.get()
        assert (stop.cause, stop.stopped_by) == ("CORRECTION", city.case)
        assert stop.reason.startswith("补正通知书 ")
        late = day("2026-09-28")
        assert clock_of(case, city.case, late).status == "stopped"
        assert deadlines.overdue(at=late, kinds=["acceptance"]) == ()
        assert actions.escalate_overdue(at=late) == 0
        for tab in ("soon", "overdue"):
            _, listing = queries.desk_queue(tab=tab, actor=city.case, at=late)
            assert listing.rows == ()

    def test_of_a_case_returned_before_clocks_stood_starts_its_clock_anew(
        self, city: City
    ) -> None:
        case = returned(city)
        deadlines.close(case, "acceptance", at=day("2026-09-15"))
        actions.resubmit_application(
            application_id=case.pk,
            answers={"1": "已换"},
            codes=form.COMMITMENTS,
            actor=city.agent,
            at=day("2026-09-21"),
        )
        assert due(case, "acceptance") == "2026-09-24"


class TestTheCauseOfAStop:
    def test_is_one_an_official_may_choose(self, city: City) -> None:
        case = build.accepted(city)
        for cause in ("WEATHER", "CORRECTION", ""):
            refuses(
                case,
                InvalidInput,
                lambda cause=cause: actions.stop_clock(  # type: ignore[misc]
                    application_id=case.pk,
                    kind="overall",
                    cause=cause,
                    reason="等待",
                    actor=city.case,
                    at=build.ACCEPTED,
                ),
            )
        assert not ClockStop.objects.exists()

    def test_is_shown_with_reason_and_people_to_the_office_and_without_names_to_the_company(
        self, city: City
    ) -> None:
        case = build.accepted(city)
        actions.stop_clock(
            application_id=case.pk,
            kind="overall",
            cause="FORCE_MAJEURE",
            reason="台风停工",
            actor=city.case,
            at=build.ACCEPTED,
        )
        office = clock_of(case, city.case, build.REVIEWED, "overall").stops[0]
        company = clock_of(case, city.agent, build.REVIEWED, "overall").stops[0]
        assert (office.cause, office.stopped_by) == ("FORCE_MAJEURE", city.case.full_name)
        assert (company.reason, company.stopped_by) == ("台风停工", "")

    def test_of_a_question_is_the_question(self, city: City) -> None:
        case = build.accepted(city)
        actions.ask_clarification(
            application_id=case.pk,
            question="请说明用途。",
            stop_kinds=["overall"],
            stop_reason="等待答复",
            actor=city.case,
            at=build.ACCEPTED,
        )
        assert ClockStop.objects.get().cause == "CLARIFICATION"
