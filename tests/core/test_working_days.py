"""Working days: the golden cases of the domain, and laws that hold for every calendar."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.working_days import DayType, Due, WorkingCalendar

FILE = Path("demo/data/cn_calendar_2025_2026.csv")


def official() -> WorkingCalendar:
    lines = csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig")))
    days = {date.fromisoformat(line["date"]): DayType(line["day_type"]) for line in lines}
    return WorkingCalendar(days=days, published_years=frozenset({2025, 2026}))


OFFICIAL = official()


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        # A Sunday works before the Mid-Autumn holiday; counting weekdays gives a holiday.
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        # A Saturday works after the Spring Festival.
        (date(2026, 2, 9), 10, date(2026, 2, 28)),
        (date(2026, 4, 28), 6, date(2026, 5, 9)),
        (date(2026, 9, 29), 5, date(2026, 10, 12)),
        # The clocks of story S1.
        (date(2026, 9, 14), 3, date(2026, 9, 17)),
        (date(2026, 9, 16), 5, date(2026, 9, 22)),
        (date(2026, 9, 22), 5, date(2026, 9, 30)),
        (date(2026, 9, 28), 10, date(2026, 10, 16)),
        (date(2026, 9, 16), 20, date(2026, 10, 20)),
        (date(2026, 10, 13), 15, date(2026, 11, 3)),
        (date(2026, 10, 20), 3, date(2026, 10, 23)),
        # The clocks of story S3, over the Dragon Boat holiday.
        (date(2026, 6, 17), 5, date(2026, 6, 25)),
        (date(2026, 7, 1), 15, date(2026, 7, 22)),
        # The registration of story S5.
        (date(2026, 1, 12), 20, date(2026, 2, 9)),
        (date(2026, 3, 5), 20, date(2026, 4, 2)),
    ],
)
def test_a_golden_case_is_due_on_its_day(start, working_days, due):
    assert OFFICIAL.due(start=start, working_days=working_days) == Due(due, provisional=False)


def test_a_count_into_an_unpublished_year_is_provisional():
    assert OFFICIAL.due(start=date(2026, 12, 31), working_days=3) == Due(
        date(2027, 1, 5), provisional=True
    )


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_official_year_has_248_working_days(year):
    assert OFFICIAL.between(after=date(year - 1, 12, 31), until=date(year, 12, 31)) == 248


@pytest.mark.parametrize("working_days", [0, -1, 1_001])
def test_a_count_out_of_bounds_is_refused(working_days):
    with pytest.raises(ValueError, match="working days"):
        OFFICIAL.due(start=date(2026, 1, 1), working_days=working_days)


calendars = st.builds(
    WorkingCalendar,
    days=st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.sampled_from(DayType), max_size=60
    ),
    published_years=st.just(frozenset({2026})),
)


@given(calendars, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 60))
def test_the_last_day_works_and_the_days_between_are_those_counted(calendar, start, count):
    due = calendar.due(start=start, working_days=count).on
    assert calendar.is_working_day(due)
    assert calendar.between(after=start, until=due) == count
    assert calendar.between(after=start, until=due - timedelta(days=1)) == count - 1
    assert calendar.between(after=due, until=start) == -count
