"""Clocks: working days, stops, extension, recomputation with history."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.models import CalendarDay, CalendarYear
from workflow import deadlines
from workflow.deadlines import ClockError, Rule
from workflow.models import Deadline, DeadlineChange

pytestmark = pytest.mark.django_db


def noon(year, month, day):
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rules(db):
    wanted = [Rule(f"d{n}", n, "By-law") for n in (3, 5, 10, 15, 20)]
    deadlines.install_rules(wanted, effective_on=date(2026, 1, 1))


class TestCounting:
    @pytest.mark.parametrize(
        ("kind", "start", "due"),
        [
            ("d3", noon(2026, 9, 14), date(2026, 9, 17)),
            ("d5", noon(2026, 9, 16), date(2026, 9, 22)),
            ("d20", noon(2026, 9, 16), date(2026, 10, 20)),
            ("d10", noon(2026, 9, 28), date(2026, 10, 16)),
            ("d15", noon(2026, 7, 1), date(2026, 7, 22)),
        ],
    )
    def test_follows_the_official_calendar(self, filed, kind, start, due):
        assert deadlines.start(filed, kind, at=start).due_on == due

    def test_the_day_is_the_day_in_shanghai(self, filed):
        late_evening_utc = datetime(2026, 9, 13, 17, tzinfo=UTC)
        assert deadlines.start(filed, "d3", at=late_evening_utc).started_on == date(2026, 9, 14)

    def test_a_year_not_published_yet_makes_the_day_provisional(self, filed):
        deadline = deadlines.start(filed, "d3", at=noon(2026, 12, 31))
        assert (deadline.due_on, deadline.provisional) == (date(2027, 1, 5), True)

    def test_a_second_clock_of_the_same_kind_is_refused(self, filed):
        deadlines.start(filed, "d3", at=noon(2026, 9, 14))
        with pytest.raises(ClockError):
            deadlines.start(filed, "d3", at=noon(2026, 9, 15))
        assert Deadline.objects.count() == 1

    def test_a_kind_without_a_rule_in_force_is_refused(self, filed):
        with pytest.raises(ClockError):
            deadlines.start(filed, "d3", at=noon(2025, 6, 2))


class TestStopping:
    def test_days_on_which_the_clock_stood_do_not_count(self, filed, master):
        # Story S2: limit 04-14, stopped after 03-24, resumed after 03-31, five days not counted.
        deadlines.start(filed, "d20", at=noon(2026, 3, 16))
        assert Deadline.objects.get().due_on == date(2026, 4, 14)
        deadlines.stop(filed, "d20", reason="ethics opinion", actor=master, at=noon(2026, 3, 24))
        assert deadlines.of_subject(filed, at=noon(2026, 3, 26))[0].status == "stopped"
        moved = deadlines.resume(filed, "d20", actor=master, at=noon(2026, 3, 31))
        assert (moved.due_on, moved.stopped_days) == (date(2026, 4, 21), 5)
        assert DeadlineChange.objects.get().due_on_before == date(2026, 4, 14)

    def test_a_standing_clock_is_not_stopped_again_nor_a_running_one_resumed(self, filed, master):
        deadlines.start(filed, "d20", at=noon(2026, 3, 16))
        with pytest.raises(ClockError):
            deadlines.resume(filed, "d20", actor=master, at=noon(2026, 3, 17))
        deadlines.stop(filed, "d20", reason="x", actor=master, at=noon(2026, 3, 24))
        with pytest.raises(ClockError):
            deadlines.stop(filed, "d20", reason="x", actor=master, at=noon(2026, 3, 25))

    def test_a_standing_clock_is_never_overdue(self, filed, master):
        deadlines.start(filed, "d3", at=noon(2026, 9, 14))
        assert deadlines.overdue(at=noon(2026, 9, 17)) == ()
        assert len(deadlines.overdue(at=noon(2026, 9, 18))) == 1
        deadlines.stop(filed, "d3", reason="x", actor=master, at=noon(2026, 9, 16))
        assert deadlines.overdue(at=noon(2026, 9, 30)) == ()

    def test_extends_once_and_keeps_what_it_was(self, filed, master):
        deadlines.start(filed, "d20", at=noon(2026, 9, 16))
        longer = deadlines.extend(
            filed, "d20", working_days=10, reason="r", actor=master, at=noon(2026, 9, 18)
        )
        assert longer.due_on == date(2026, 11, 3)
        with pytest.raises(ClockError):
            deadlines.extend(
                filed, "d20", working_days=1, reason="r", actor=master, at=noon(2026, 9, 18)
            )


class TestReading:
    def test_says_what_is_used_and_what_remains(self, filed):
        deadlines.start(filed, "d20", at=noon(2026, 9, 16))
        [clock] = deadlines.of_subject(filed, at=noon(2026, 10, 13))
        assert (clock.used, clock.remaining, clock.total) == (15, 5, 20)
        assert clock.status == "normal"

    @pytest.mark.parametrize(
        ("day", "status"), [(15, "soon"), (14, "normal"), (17, "soon"), (18, "overdue")]
    )
    def test_marks_what_is_near_and_what_is_late(self, filed, day, status):
        deadlines.start(filed, "d3", at=noon(2026, 9, 14))
        assert deadlines.of_subject(filed, at=noon(2026, 9, day))[0].status == status

    def test_reads_the_clocks_of_many_subjects_in_a_constant_number_of_queries(
        self, file_request, queries_of
    ):
        requests = [file_request(f"V{n}") for n in range(6)]
        for request in requests:
            deadlines.start(request, "d3", at=noon(2026, 9, 14))
        at = noon(2026, 9, 15)
        few = queries_of(lambda: deadlines.of_subjects(requests[:1], at=at))
        assert queries_of(lambda: deadlines.of_subjects(requests, at=at)) == few


def test_an_imported_calendar_moves_open_clocks_with_history_and_leaves_closed_ones(filed):
    deadlines.start(filed, "d3", at=noon(2026, 12, 31))
    deadlines.start(filed, "d5", at=noon(2026, 12, 31))
    deadlines.close(filed, "d5", at=noon(2026, 12, 31))
    CalendarDay.objects.create(
        day=date(2027, 1, 4), day_type="OFF", name="元旦", source_notice="https://example.org"
    )
    CalendarYear.objects.create(year=2027, imported_at=noon(2026, 12, 31), content_hash="x")

    assert deadlines.recompute_open(at=noon(2026, 12, 31), reason="calendar 2027") == 1
    moved = Deadline.objects.get(kind="d3")
    assert (moved.due_on, moved.provisional) == (date(2027, 1, 6), False)
    assert Deadline.objects.get(kind="d5").due_on == date(2027, 1, 7)
    assert DeadlineChange.objects.get().reason == "calendar 2027"
