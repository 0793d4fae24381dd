"""The months that are settled: calendar months in Asia/Shanghai. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from settlement.errors import NotAWholeMonth


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month; ``first`` and ``last`` are its days, both inclusive."""

    first: date
    last: date

    @property
    def from_at(self) -> datetime:
        """Return the first moment of the month."""
        return clock.start_of_day(self.first)

    @property
    def to_at(self) -> datetime:
        """Return the moment the month ends (exclusive)."""
        return clock.end_of_day(self.last)


def month_of(day: date) -> Month:
    """Return the calendar month of a day."""
    last = monthrange(day.year, day.month)[1]
    return Month(day.replace(day=1), day.replace(day=last))


def month_between(*, period_from: date, period_to: date) -> Month:
    """
    Return the month that two days bound, both inclusive.

    :raises NotAWholeMonth: they are not the first and the last day of one calendar month.
    """
    month = month_of(period_from)
    if (month.first, month.last) != (period_from, period_to):
        raise NotAWholeMonth(fields={"period_to": NotAWholeMonth.default_message})
    return month


def month_before(day: date) -> Month:
    """Return the calendar month before the one of a day."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return month_of(date(year, month, 1))
