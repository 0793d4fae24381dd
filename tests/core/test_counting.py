"""Which days a count took and which it left out: the golden cases day by day, and laws."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.counting import DAYS_MAX, CountedDay, Stop, Why, days_of, unpublished_years
from core.working_days import DayType, WorkingCalendar

FILE = Path("demo/data/cn_calendar_2025_2026.csv")


def official() -> WorkingCalendar:
    lines = list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"))))
    return WorkingCalendar(
        days={date.fromisoformat(row["date"]): DayType(row["day_type"]) for row in lines},
        published_years=frozenset({2025, 2026}),
        names={date.fromisoformat(row["date"]): row["name_zh"] for row in lines},
    )


OFFICIAL = official()


def listed(after: date, until: date, *stops: Stop) -> tuple[CountedDay, ...]:
    return days_of(calendar=OFFICIAL, after=after, until=until, stops=stops)


class TestTheGoldenCases:
    def test_five_days_from_18_september_take_the_sunday_that_works(self) -> None:
        found = listed(date(2026, 9, 18), date(2026, 9, 24))
        assert [(day.on.day, day.why, day.number) for day in found] == [
            (19, Why.WEEKEND, None),
            (20, Why.MAKE_UP, 1),
            (21, Why.COUNTED, 2),
            (22, Why.COUNTED, 3),
            (23, Why.COUNTED, 4),
            (24, Why.COUNTED, 5),
        ]
        assert found[1].note == "国庆节"

    def test_five_days_from_29_september_leave_the_holiday_out_by_name(self) -> None:
        found = listed(date(2026, 9, 29), date(2026, 10, 12))
        off = [day for day in found if day.why is Why.HOLIDAY]
        assert [day.on for day in off] == [date(2026, 10, n) for n in range(1, 8)]
        assert {day.note for day in off} == {"国庆节"}
        assert [(day.on, day.number) for day in found if day.number] == [
            (date(2026, 9, 30), 1),
            (date(2026, 10, 8), 2),
            (date(2026, 10, 9), 3),
            (date(2026, 10, 10), 4),
            (date(2026, 10, 12), 5),
        ]

    @pytest.mark.parametrize(
        ("start", "working_days", "due"),
        [
            (date(2026, 2, 9), 10, date(2026, 2, 28)),
            (date(2026, 4, 28), 6, date(2026, 5, 9)),
        ],
    )
    def test_the_last_day_of_a_list_bears_the_last_number(
        self, start: date, working_days: int, due: date
    ) -> None:
        last = listed(start, due)[-1]
        assert (last.on, last.why, last.number) == (due, Why.MAKE_UP, working_days)

    def test_a_stop_of_story_s2_is_left_out_with_its_reason(self) -> None:
        stop = Stop(date(2026, 3, 24), date(2026, 3, 31), "伦理审查")
        found = listed(date(2026, 3, 16), date(2026, 4, 21), stop)
        stood = [day for day in found if day.why is Why.STOPPED]
        assert [day.on.day for day in stood] == [25, 26, 27, 30, 31]
        assert {day.note for day in stood} == {"伦理审查"}
        assert found[-1].number == 20

    def test_days_of_an_unpublished_year_are_provisional_and_say_which_year(self) -> None:
        start, due = date(2026, 12, 31), date(2027, 1, 5)
        assert all(day.provisional for day in listed(start, due))
        assert unpublished_years(calendar=OFFICIAL, after=start, until=due) == (2027,)
        assert unpublished_years(calendar=OFFICIAL, after=date(2026, 9, 1), until=start) == ()


def test_a_list_of_many_years_is_refused() -> None:
    with pytest.raises(ValueError, match="days"):
        listed(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=DAYS_MAX + 1))


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 40))
def test_the_list_says_what_the_count_said(start: date, working_days: int) -> None:
    due = OFFICIAL.due(start=start, working_days=working_days)
    found = listed(start, due.on)
    numbers = [day.number for day in found if day.number is not None]
    assert numbers == list(range(1, working_days + 1))
    assert any(day.provisional for day in found) is due.provisional
    assert [day.on for day in found] == [
        start + timedelta(days=n) for n in range(1, (due.on - start).days + 1)
    ]
