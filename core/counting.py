"""
Which days a count counted, which it left out, and why. Pure.

A page shows the list so that nobody has to believe a date.
Source: domain §3.4; docs/sources.md#working-days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.working_days import ONE_DAY, WorkingCalendar

# A list longer than the longest period of the field is a mistake of the caller.
DAYS_MAX = 2_000


class Why(StrEnum):
    """Why a day counts or does not."""

    COUNTED = "counted"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Stop:
    """Days after ``from_on`` up to ``until_on`` that do not count; None: it lasts."""

    from_on: date
    until_on: date | None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Return whether this day falls into the stop."""
        return day > self.from_on and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """
    One day of a count.

    ``number`` is its place in the count, None when it is left out; ``note`` the holiday or the
    reason of the stop; ``provisional`` when the calendar of its year is not published.
    """

    on: date
    why: Why
    number: int | None
    note: str
    provisional: bool


def days_of(
    *, calendar: WorkingCalendar, after: date, until: date, stops: Iterable[Stop] = ()
) -> tuple[CountedDay, ...]:
    """
    Return every day in (after, until] and what the count made of it, in order.

    :raises ValueError: more than DAYS_MAX days.
    """
    if (until - after).days > DAYS_MAX:
        raise ValueError(f"{(until - after).days} days")
    known, found, number, day = tuple(stops), [], 0, after
    while day < until:
        day += ONE_DAY
        why, note = _why(calendar, day, known)
        counts = why in (Why.COUNTED, Why.MAKE_UP)
        number += counts
        found.append(
            CountedDay(day, why, number if counts else None, note, not calendar.is_published(day))
        )
    return tuple(found)


def unpublished_years(*, calendar: WorkingCalendar, after: date, until: date) -> tuple[int, ...]:
    """Return the years in (after, until] whose calendar is not published yet."""
    if until <= after:
        return ()
    years = range((after + ONE_DAY).year, until.year + 1)
    return tuple(year for year in years if year not in calendar.published_years)


def _why(calendar: WorkingCalendar, day: date, stops: tuple[Stop, ...]) -> tuple[Why, str]:
    name = calendar.names.get(day, "")
    if not calendar.is_working_day(day):
        return (Why.HOLIDAY, name) if day in calendar.days else (Why.WEEKEND, "")
    standing = next((stop for stop in stops if stop.covers(day)), None)
    if standing is not None:
        return Why.STOPPED, standing.reason
    return (Why.MAKE_UP, name) if day in calendar.days else (Why.COUNTED, "")
