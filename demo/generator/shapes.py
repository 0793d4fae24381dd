"""Times and numbers as the columns keep them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

# The day up to which the synthetic rows reach: before the first story begins.
LAST_DAY = date(2026, 8, 31)


def local(day: date, *, minutes: int) -> datetime:
    """Return a moment of local time, counted in minutes from midnight."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001


def rounded(value: float, places: int) -> Decimal:
    """Return a measured value with a fixed number of decimal places."""
    return Decimal(f"{value:.{places}f}")
