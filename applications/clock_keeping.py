"""Who keeps the rules of clocks and the calendar, and what both are read from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.models import CalendarDay
from parties.roles import Role

RULE_PROPOSERS = (Role.AUTHORITY_CASE, Role.AUTHORITY_SUPERVISOR, Role.AUTHORITY_DECIDER)
CALENDAR_PROPOSERS = (*RULE_PROPOSERS, Role.PLATFORM_OPS)
READERS = (*CALENDAR_PROPOSERS, Role.AUDITOR)
# Before whom an overdue clock of a case may come.
ESCALATION_ROLES = (Role.AUTHORITY_SUPERVISOR, Role.AUTHORITY_DECIDER)


def days_from(stored: Sequence[Sequence[str]]) -> tuple[CalendarDay, ...]:
    """Return the departures from weekdays that an import keeps as [day, type, name, notice]."""
    return tuple(
        CalendarDay(day=date.fromisoformat(day), day_type=kind, name=name, source_notice=notice)
        for day, kind, name, notice in stored
    )
