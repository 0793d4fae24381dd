"""Whole months from a day. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, *, months: int) -> date:
    """Return the day of the same number so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
