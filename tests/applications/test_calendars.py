"""An official calendar: handed in by one, approved by another, felt by running clocks once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions, queries
from applications.actions.calendars import ImportAtWork, NothingToChange
from applications.models import CalendarImport
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from core.models import CalendarDay, CalendarYear
from core.tabular import TableRefused
from notify.models import Message
from tests.applications.calendar_support import (
    AT,
    NOTICE,
    approve,
    handed_in,
    late_case,
    lines_2027,
    worked_off,
    written,
)
from tests.builders import applications as build
from tests.builders.applications import City
from workflow.models import AuditEntry, Deadline, DeadlineChange

pytestmark = pytest.mark.django_db


def clock_of(case: Any) -> Deadline:
    return Deadline.objects.get(subject_id=str(case.pk), kind="acceptance", closed_on=None)


def nothing_changed() -> bool:
    years = CalendarYear.objects.filter(year=2027)
    return not years.exists() and not DeadlineChange.objects.exists()


class TestHandingIn:
    def test_changes_nothing_and_foretells_what_would_move(
        self, city: City, tmp_path: Path
    ) -> None:
        case, spared = late_case(city), build.submitted(city, scenario_name="另一场景")
        found = handed_in(tmp_path, city.case)
        assert nothing_changed()
        page = queries.calendar_page(import_id=found.pk, actor=city.decider)
        assert [(c.year, c.is_new, len(c.added)) for c in page.changes] == [(2027, True, 16)]
        [row] = page.rows
        assert (row.number, row.link) == (case.number, f"/applications/{case.pk}/")
        assert (row.due_on_before, row.due_on_after) == (date(2027, 1, 4), date(2027, 1, 5))
        assert (page.moved_count, page.confirmed_count, page.total) == (1, 0, 1)
        assert spared.number not in {one.number for one in page.rows}

    def test_pages_what_would_move_and_counts_all_of_it(
        self, city: City, tmp_path: Path, settings: Any
    ) -> None:
        settings.PAGE_ROWS_MAX = 2
        cases = [late_case(city, scenario_name=f"场景{n}") for n in range(5)]
        found = handed_in(tmp_path, city.case)
        shown = []
        for number in (1, 2, 3):
            page = queries.calendar_page(import_id=found.pk, actor=city.case, page=number)
            assert (page.total, page.pages, page.number) == (5, 3, number)
            shown += [row.number for row in page.rows]
        assert shown == [case.number for case in cases]
        beyond = queries.calendar_page(import_id=found.pk, actor=city.case, page=99)
        assert (beyond.number, [row.number for row in beyond.rows]) == (3, shown[4:])

    def test_is_for_the_authority_and_the_platform(self, city: City, tmp_path: Path) -> None:
        for who in (city.agent, city.stranger, city.secretary):
            with pytest.raises(Forbidden):
                handed_in(tmp_path, who)
            with pytest.raises(NotFound):
                queries.calendars(actor=who)
        found = handed_in(tmp_path, city.case)
        with pytest.raises(NotFound):
            queries.calendar_page(import_id=found.pk, actor=city.agent)

    @pytest.mark.parametrize(
        ("lines", "error"),
        [
            # A truncated file would make holidays into working days.
            (lines_2027()[:3], InvalidInput),
            # So would one that has every day off.
            ([f"2027-03-{n:02},OFF,假,{NOTICE}" for n in range(1, 32)], InvalidInput),
            ([line.replace("2027", "2021") for line in lines_2027()], InvalidInput),
            ([line.replace("2027", "2031") for line in lines_2027()], InvalidInput),
            ([*lines_2027(), lines_2027()[0]], TableRefused),
            ([*lines_2027(), f"2027-13-01,OFF,假,{NOTICE}"], TableRefused),
            ([*lines_2027(), f"2027-03-03,HALF,假,{NOTICE}"], TableRefused),
            ([*lines_2027(), f"2027-03-03,WORK,假,{NOTICE}"], TableRefused),
            ([*lines_2027(), "2027-03-03,OFF,假,javascript:alert(1)"], TableRefused),
            ([*lines_2027(), f"2027-03-03,OFF,=1+1,{NOTICE}"], TableRefused),
            ([], TableRefused),
        ],
    )
    def test_refuses_what_is_not_a_whole_calendar_and_keeps_nothing(
        self, city: City, tmp_path: Path, lines: list[str], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            handed_in(tmp_path, city.case, lines=lines)
        assert not CalendarImport.objects.exists()
        assert nothing_changed()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x00\x01\x02",
            b"PK\x03\x04 not a workbook",
            b"%PDF-1.7",
            b"date,day_type\n" + b"x" * (1024 * 1024),
        ],
    )
    def test_refuses_hostile_bytes_and_keeps_nothing(
        self, city: City, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "x.csv"
        path.write_bytes(content)
        with pytest.raises((TableRefused, InvalidInput)):
            actions.propose_calendar(path=path, filename="x.csv", actor=city.case, at=AT)
        assert not CalendarImport.objects.exists()

    def test_keeps_the_plain_name_of_the_file(self, city: City, tmp_path: Path) -> None:
        path = written(tmp_path)
        found = actions.propose_calendar(
            path=path, filename="../../etc/<b>2027</b>.csv", actor=city.case, at=AT
        )
        assert "/" not in found.filename
        assert "<" not in found.filename

    def test_of_what_the_calendar_says_already_is_refused(
        self, city: City, tmp_path: Path
    ) -> None:
        worked_off(approve(handed_in(tmp_path, city.case), city.decider))
        with pytest.raises(NothingToChange):
            handed_in(tmp_path, city.case)
        assert CalendarImport.objects.count() == 1


class TestApproval:
    def test_is_by_somebody_else(self, city: City, tmp_path: Path) -> None:
        found = handed_in(tmp_path, city.supervisor)
        for who in (city.supervisor, city.ops):
            with pytest.raises(Forbidden):
                approve(found, who)
        found.refresh_from_db()
        assert found.state == "PROPOSED"
        assert nothing_changed()

    def test_moves_running_clocks_with_history_and_leaves_closed_ones(
        self, city: City, tmp_path: Path
    ) -> None:
        case, closed = late_case(city), late_case(city, scenario_name="另一场景")
        actions.withdraw_application(application_id=closed.pk, actor=city.agent, at=AT)
        found = approve(handed_in(tmp_path, city.case), city.decider)
        assert (found.state, found.clocks_total) == ("APPLYING", 1)
        assert CalendarDay.objects.filter(day__year=2027).count() == 16
        # A clock that starts now counts by the new calendar at once.
        fresh = late_case(city, scenario_name="第三个场景")
        assert clock_of(fresh).due_on == date(2027, 1, 5)

        found = worked_off(found)
        assert (found.state, found.clocks_moved) == ("DONE", 1)
        assert (clock_of(case).due_on, clock_of(case).provisional) == (date(2027, 1, 5), False)
        change = DeadlineChange.objects.get()
        assert (change.due_on_before, change.due_on_after) == (date(2027, 1, 4), date(2027, 1, 5))
        assert "2027年节假日安排" in change.reason
        assert Deadline.objects.get(subject_id=str(closed.pk)).due_on == date(2027, 1, 4)
        page = queries.calendar_page(import_id=found.pk, actor=city.decider)
        assert [(row.number, row.due_on_after) for row in page.rows] == [
            (case.number, date(2027, 1, 5))
        ]
        acts = AuditEntry.objects.filter(subject_id=str(found.pk), outcome="DONE")
        assert list(acts.order_by("id").values_list("action", flat=True)) == [
            "create",
            "approve",
            "finish",
        ]

    def test_tells_holder_and_applicant_once(self, city: City, tmp_path: Path) -> None:
        case = late_case(city)
        actions.take_over(
            application_id=case.pk, from_person_id=None, actor=city.case, at=AT
        )
        found = worked_off(approve(handed_in(tmp_path, city.supervisor), city.decider))
        worked_off(found)
        told = Message.objects.get(recipient=city.agent, key__startswith="calendar.")
        assert told.subject == (
            f"申请{case.number}“受理”期限由2027年1月4日调整为2027年1月5日"
        )
        assert told.link == f"/applications/{case.pk}/"
        assert Message.objects.filter(recipient=city.legal_rep, key=told.key).count() == 1
        assert Message.objects.get(recipient=city.case, key__startswith="calendar.").link == (
            f"/calendars/{found.pk}/"
        )
        assert not Message.objects.filter(
            recipient=city.stranger, key__startswith="calendar."
        ).exists()

    def test_tells_nobody_whose_day_stays(self, city: City, tmp_path: Path) -> None:
        build.submitted(city)
        found = worked_off(approve(handed_in(tmp_path, city.case), city.decider))
        assert (found.clocks_total, found.clocks_moved, found.people_told) == (0, 0, 0)
        told = Message.objects.filter(recipient=city.agent, key__startswith="calendar.")
        assert not told.exists()

    def test_waits_while_another_calendar_is_applied(self, city: City, tmp_path: Path) -> None:
        one = handed_in(tmp_path, city.case)
        other = handed_in(tmp_path, city.case, lines=lines_2027()[:-1], name="other.csv")
        approve(one, city.decider)
        with pytest.raises(ImportAtWork):
            approve(other, city.decider)
        worked_off(one)
        assert approve(other, city.decider).state == "APPLYING"

    def test_is_given_once_and_a_refusal_needs_a_reason(self, city: City, tmp_path: Path) -> None:
        found = handed_in(tmp_path, city.case)
        with pytest.raises(InvalidInput):
            actions.settle_calendar(
                import_id=found.pk, approve=False, note=" ", actor=city.decider, at=AT
            )
        actions.settle_calendar(
            import_id=found.pk, approve=False, note="来源不符", actor=city.decider, at=AT
        )
        with pytest.raises(NotAllowedNow):
            approve(found, city.decider)
        assert nothing_changed()

    def test_of_a_corrected_year_moves_what_it_touches_and_back(
        self, city: City, tmp_path: Path
    ) -> None:
        case = late_case(city)
        worked_off(approve(handed_in(tmp_path, city.case), city.decider))
        assert clock_of(case).due_on == date(2027, 1, 5)
        corrected = [line for line in lines_2027() if "2027-01-01" not in line]
        worked_off(approve(handed_in(tmp_path, city.case, lines=corrected), city.decider))
        assert (clock_of(case).due_on, clock_of(case).provisional) == (date(2027, 1, 4), False)
        moves = DeadlineChange.objects.order_by("id").values_list("due_on_before", "due_on_after")
        assert list(moves) == [
            (date(2027, 1, 4), date(2027, 1, 5)),
            (date(2027, 1, 5), date(2027, 1, 4)),
        ]


class TestTheWork:
    def test_goes_on_where_a_worker_died(
        self, city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workflow.recomputing.BATCH_ROWS", 2)
        for number in range(5):
            late_case(city, scenario_name=f"场景{number}")
        found = approve(handed_in(tmp_path, city.supervisor), city.decider)
        monkeypatch.setattr("applications.actions.calendars.BATCHES_PER_RUN", 1)
        assert actions.apply_calendars(now=lambda: AT) == 2

        def dies(*_args: Any, **_options: Any) -> int:
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr("notify.actions.tell_each", dies)
            with pytest.raises(ConnectionError):
                actions.apply_calendars(now=lambda: AT)
        found.refresh_from_db()
        assert (found.clocks_done, found.clocks_moved, found.state) == (2, 2, "APPLYING")
        assert DeadlineChange.objects.count() == 2
        page = queries.calendar_page(import_id=found.pk, actor=city.case)
        assert (page.running, page.percent) == (True, 40)

        monkeypatch.setattr("applications.actions.calendars.BATCHES_PER_RUN", 9)
        found = worked_off(found)
        assert (found.state, found.clocks_done, found.clocks_moved) == ("DONE", 5, 5)
        assert DeadlineChange.objects.count() == 5
        told = Message.objects.filter(recipient=city.agent, key__startswith="calendar.")
        assert told.count() == 5

    def test_asks_as_much_for_ten_thousand_clocks_as_their_batches(
        self, city: City, tmp_path: Path
    ) -> None:
        first = clock_of(late_case(city))
        Deadline.objects.bulk_create(
            Deadline(
                subject_type="harbor.berthrequest",
                subject_id=str(number),
                rule=first.rule,
                kind="acceptance",
                started_on=first.started_on,
                working_days=first.working_days,
                due_on=first.due_on,
                provisional=True,
            )
            for number in range(10_000)
        )
        found = handed_in(tmp_path, city.case)
        with CaptureQueriesContext(connection) as foretold:
            page = queries.calendar_page(import_id=found.pk, actor=city.case, page=7)
        assert (page.total, len(page.rows)) == (10_001, 50)
        assert len(foretold) < 80
        approve(found, city.decider)
        with CaptureQueriesContext(connection) as done:
            found = worked_off(found)
        assert (found.state, found.clocks_moved) == ("DONE", 10_001)
        # Twenty-one batches, and the one that finds nothing left.
        assert len(done) < 22 * 25
        assert DeadlineChange.objects.filter(origin=str(found.pk)).count() == 10_001
