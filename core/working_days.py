"""
Working days (工作日) by the State Council calendar, make-up days included. Pure.

A count starts on the next working day and ends at 24:00 Asia/Shanghai of the last one. A year
whose calendar is not published yet is counted by weekdays, and what it yields is provisional.
Source: domain §3.4; docs/sources.md#working-days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
# No deadline of the field is longer; a larger count is a mistake in the rules.
WORKING_DAYS_MAX = 1_000


class DayType(StrEnum):
    """What the calendar says of a day that departs from its weekday."""

    OFF = "OFF"
    WORK = "WORK"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a count; ``provisional`` when an unpublished year was counted."""

    on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """
    The published departures from weekdays, and the years they were published for.

    ``names`` say which holiday a departure belongs to; a count does not need them.
    """

    days: Mapping[date, DayType]
    published_years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on this day."""
        stated = self.days.get(day)
        return day.weekday() < 5 if stated is None else stated is DayType.WORK

    def is_published(self, day: date) -> bool:
        """Return whether the calendar of this day's year is official."""
        return day.year in self.published_years

    def due(self, *, start: date, working_days: int) -> Due:
        """
        Return the last day of a count of whole working days that begins after ``start``.

        :raises ValueError: the count is not between 1 and WORKING_DAYS_MAX.
        """
        if not 1 <= working_days <= WORKING_DAYS_MAX:
            raise ValueError(f"{working_days} working days")
        day, provisional = start, False
        while working_days:
            day += ONE_DAY
            provisional = provisional or not self.is_published(day)
            working_days -= self.is_working_day(day)
        return Due(day, provisional)

    def between(self, *, after: date, until: date) -> int:
        """Return how many working days lie in (after, until]; negative when until is earlier."""
        if until < after:
            return -self.between(after=until, until=after)
        count, day = 0, after
        while day < until:
            day += ONE_DAY
            count += self.is_working_day(day)
        return count
