"""What a page is told of a clock: both last days, its stops and who made them, its days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.counting import Why
from workflow import deadlines, extensions
from workflow.models import ClockStop

pytestmark = pytest.mark.django_db


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    wanted = [deadlines.Rule(f"d{n}", n, "By-law") for n in (3, 20)]
    deadlines.install_rules(wanted, effective_on=date(2026, 1, 1))


@pytest.fixture
def stopped(filed: Any, master: Any) -> Any:
    """Return a subject whose clock of story S2 was stopped on 24 March."""
    deadlines.start(filed, "d20", at=noon(3, 16))
    deadlines.stop(
        filed, "d20", cause="EXPERT", reason="伦理审查", actor=master, at=noon(3, 24)
    )
    return filed


class TestBothDays:
    def test_are_told_after_a_stop(self, stopped: Any, master: Any) -> None:
        deadlines.resume(stopped, "d20", actor=master, at=noon(3, 31))
        [view] = deadlines.of_subject(stopped, at=noon(4, 1))
        assert view.due_on_unstopped == date(2026, 4, 14)
        assert view.due_on == date(2026, 4, 21)
        assert view.due_on_if_resumed is None

    def test_are_told_while_the_clock_stands(self, stopped: Any) -> None:
        [view] = deadlines.of_subject(stopped, at=noon(3, 31))
        assert (view.due_on_unstopped, view.due_on_if_resumed) == (
            date(2026, 4, 14),
            date(2026, 4, 21),
        )

    def test_are_one_without_a_stop(self, filed: Any) -> None:
        deadlines.start(filed, "d3", at=noon(9, 14))
        [view] = deadlines.of_subject(filed, at=noon(9, 15))
        assert view.due_on == view.due_on_unstopped == date(2026, 9, 17)


class TestAStop:
    def test_keeps_its_cause_and_both_people(
        self, stopped: Any, master: Any, second_master: Any
    ) -> None:
        deadlines.resume(stopped, "d20", actor=second_master, at=noon(3, 31))
        row = ClockStop.objects.get()
        assert (row.cause, row.stopped_by, row.resumed_by) == ("EXPERT", master, second_master)
        [view] = deadlines.of_subject(stopped, at=noon(4, 1), names=True)
        [stop] = view.stops
        assert (stop.stopped_by, stop.resumed_by, stop.working_days) == ("master", "second", 5)

    def test_names_nobody_to_whom_names_are_not_due(self, stopped: Any) -> None:
        [view] = deadlines.of_subject(stopped, at=noon(4, 1))
        assert (view.stops[0].stopped_by, view.stops[0].resumed_by) == ("", "")

    def test_of_a_clock_that_is_closed_was_ended_by_nobody(self, stopped: Any) -> None:
        deadlines.close(stopped, "d20", at=noon(3, 27))
        row = ClockStop.objects.get()
        assert (row.until_on, row.resumed_by) == (date(2026, 3, 27), None)

    @pytest.mark.parametrize("change", [{"cause": "WEATHER"}, {"resumed_by": True}])
    def test_of_an_unknown_cause_or_resumed_without_an_end_is_refused_by_the_database(
        self, stopped: Any, master: Any, change: dict[str, Any]
    ) -> None:
        values = {"resumed_by": master} if "resumed_by" in change else change
        with pytest.raises(IntegrityError), transaction.atomic():
            ClockStop.objects.update(**values)


class TestDays:
    def test_of_a_running_clock_end_on_its_last_day(self, stopped: Any, master: Any) -> None:
        deadlines.resume(stopped, "d20", actor=master, at=noon(3, 31))
        [view] = deadlines.of_subject(stopped, at=noon(4, 1))
        assert (view.days[-1].on, view.days[-1].number) == (date(2026, 4, 21), 20)
        assert sum(day.why is Why.STOPPED for day in view.days) == 5

    def test_of_a_standing_clock_end_today(self, stopped: Any) -> None:
        [view] = deadlines.of_subject(stopped, at=noon(3, 26))
        assert [d.on.day for d in view.days if d.why is Why.STOPPED] == [25, 26]
        assert view.days[-1].on == date(2026, 3, 26)

    def test_that_are_provisional_say_which_calendar_they_wait_for(self, filed: Any) -> None:
        deadlines.start(filed, "d3", at=noon(12, 31))
        [view] = deadlines.of_subject(filed, at=noon(12, 31))
        assert (view.provisional, view.waits_for) == (True, (2027,))

    def test_are_not_read_for_lists(self, filed: Any) -> None:
        deadlines.start(filed, "d3", at=noon(9, 14))
        [view] = deadlines.of_subjects([filed], at=noon(9, 14))[str(filed.pk)]
        assert view.days == ()


def test_an_extension_is_told_with_who_asked_and_who_settled(
    filed: Any, master: Any, second_master: Any
) -> None:
    deadlines.start(filed, "d20", at=noon(9, 16))
    extensions.ask(filed, "d20", working_days=10, reason="复杂", actor=master, at=noon(9, 18))
    extensions.settle(filed, "d20", granted=True, note="", actor=second_master, at=noon(9, 21))
    [view] = deadlines.of_subject(filed, at=noon(9, 21), names=True)
    [one] = view.extensions
    assert (one.working_days, one.asked_by, one.settled_by) == (10, "master", "second")
    assert (view.due_on, view.due_on_unstopped) == (date(2026, 11, 3), date(2026, 11, 3))


def test_a_clock_that_runs_stands_before_one_that_stands_still(filed: Any, master: Any) -> None:
    deadlines.start(filed, "d3", at=noon(9, 14))
    deadlines.start(filed, "d20", at=noon(9, 14))
    deadlines.stop(filed, "d3", reason="补正", actor=master, at=noon(9, 15))
    at = noon(9, 16)
    assert [c.kind for c in deadlines.of_subjects([filed], at=at)[str(filed.pk)]] == ["d20", "d3"]
    assert [c.kind for c in deadlines.of_subject(filed, at=at)] == ["d20", "d3"]
