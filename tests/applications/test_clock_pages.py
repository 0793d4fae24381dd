"""Rules and calendars by hand, and the days of a clock on the page of its case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.models import CalendarImport, RuleProposal
from core import clock
from core.models import CalendarYear
from tests.applications.calendar_support import AT, HEAD, handed_in, late_case, lines_2027
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City
from workflow.models import DeadlineRule

pytestmark = pytest.mark.django_db

BASIS = "《无锡市公共数据开放实施细则》（2026年修订）第十二条"


def table(content: str, name: str = "2027年.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode("utf-8-sig"), content_type="text/csv")


def answer(reader: Reader, path: str, data: dict[str, Any]) -> Any:
    with clock.fixed(AT):
        return reader.client.post(path, data)


class TestTheDaysOfAClock:
    def test_are_listed_with_why_each_is_left_out(self, city: City) -> None:
        case = build.submitted(city, at=build.day("2026-09-18"))
        page = Reader(city.agent).get(url("application", case.pk))
        listed = page[page.index("计入与跳过的日期") :]
        assert "2026年9月19日 星期六" in listed
        assert "周末，不计入" in listed
        assert "调休上班，计入：国庆节" in listed
        # Three working days with the Sunday that works end on Tuesday.
        assert "2026年9月22日 星期二" in listed
        assert "2026年9月23日" not in listed

    def test_of_next_year_are_provisional_and_say_what_they_wait_for(self, city: City) -> None:
        page = Reader(city.agent).get(url("application", late_case(city).pk))
        assert "（暂定）" in page
        assert "暂定，待国务院办公厅公布 2027 年节假日安排后重新计算" in page

    def test_show_the_people_of_a_stop_to_the_office_only(self, city: City) -> None:
        case = build.accepted(city)
        reader = Reader(city.case)
        reader.post(
            url("application_clock", case.pk),
            {"kind": "overall", "cause": "FORCE_MAJEURE", "reason": "台风停工"},
        )
        assert f"停钟人 {city.case.full_name}" in reader.get(url("application", case.pk))
        seen = Reader(city.agent).get(url("application", case.pk))
        assert "不可抗力" in seen
        assert "台风停工" in seen
        assert "停钟人" not in seen


class TestTheRules:
    def test_are_proposed_by_one_and_approved_by_another_by_hand(self, city: City) -> None:
        tomorrow = clock.local_date(AT) + timedelta(days=1)
        handler, decider = Reader(city.supervisor), Reader(city.decider)
        form = {
            "rule": "DEADLINE:acceptance",
            "working_days": "2",
            "legal_basis": BASIS,
            "effective_on": tomorrow.isoformat(),
        }
        handler.post(url("clock_rule_new"), form, at=AT)
        proposal = RuleProposal.objects.get()
        assert BASIS in handler.get(url("clock_rules"), at=AT)
        assert "批准该版本" not in handler.get(url("clock_rules"), at=AT)
        answer(decider, url("clock_rule_settle", proposal.pk), {"answer": "refuse", "note": ""})
        proposal.refresh_from_db()
        assert proposal.state == "PROPOSED"
        answer(decider, url("clock_rule_settle", proposal.pk), {"answer": "approve"})
        made = DeadlineRule.objects.get(kind="acceptance", version=2)
        assert (made.working_days, made.effective_on) == (2, tomorrow)
        assert "尚未生效" in decider.get(url("clock_rules"), at=AT)

    def test_with_a_mistake_come_back_with_the_entries_and_write_nothing(self, city: City) -> None:
        response = answer(
            Reader(city.supervisor),
            url("clock_rule_new"),
            {
                "rule": "DEADLINE:acceptance",
                "working_days": "2",
                "legal_basis": BASIS,
                "effective_on": date(2026, 1, 1).isoformat(),
            },
        )
        assert response.status_code == 422
        assert BASIS in response.content.decode()
        assert not RuleProposal.objects.exists()

    def test_are_closed_to_companies(self, city: City) -> None:
        for route in ("clock_rules", "clock_rule_new", "calendars", "calendar_new"):
            assert Reader(city.agent).client.get(url(route)).status_code == 404


class TestTheCalendar:
    def test_is_handed_in_foretold_approved_and_followed_by_hand(self, city: City) -> None:
        case = late_case(city)
        handler, decider = Reader(city.supervisor), Reader(city.decider)
        content = "\n".join([HEAD, *lines_2027()])
        handler.post(url("calendar_new"), {"file": table(content)}, at=AT)
        found = CalendarImport.objects.get()
        page = handler.get(url("calendar_import", found.pk))
        assert "将有1个在办期限变动。" in page
        assert str(case.number) in page
        assert "2027年1月5日" in page
        assert "须由他人审批" in page
        answer(decider, url("calendar_settle", found.pk), {"answer": "approve"})
        running = decider.get(url("calendar_import", found.pk))
        assert "part=progress" in running
        assert "重新计算完成后" in running
        actions.apply_calendars(now=lambda: AT)
        ended = decider.get(url("calendar_import", found.pk) + "?part=progress")
        assert "查看变动的期限" in ended
        assert "<html" not in ended
        done = decider.get(url("calendar_import", found.pk))
        assert "part=progress" not in done
        assert "2027年1月5日" in done

    def test_that_is_wrong_is_refused_line_by_line_and_nothing_is_kept(self, city: City) -> None:
        reader = Reader(city.supervisor)
        wrong = "\n".join([HEAD, "2027-01-01,HALF,元旦,http://example.org/"])
        response = answer(reader, url("calendar_new"), {"file": table(wrong)})
        assert response.status_code == 422
        said = response.content.decode()
        assert "HALF" in said
        assert "day_type" in said
        for content in (b"", b"PK\x03\x04broken", b"\x00" * 20):
            upload = SimpleUploadedFile("2027.xlsx", content)
            response = answer(reader, url("calendar_new"), {"file": upload})
            assert response.status_code == 422
        assert not CalendarImport.objects.exists()
        assert not CalendarYear.objects.filter(year=2027).exists()

    def test_is_settled_by_nobody_who_may_only_read_it(self, city: City, tmp_path: Any) -> None:
        found = handed_in(tmp_path, city.supervisor)
        answer(Reader(city.ops), url("calendar_settle", found.pk), {"answer": "approve"})
        found.refresh_from_db()
        assert found.state == "PROPOSED"
        assert "批准日历" not in Reader(city.ops).get(url("calendar_import", found.pk))
