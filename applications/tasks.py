"""What the worker does for applications."""

from __future__ import annotations

from celery import shared_task

from applications import actions
from core import clock

# Name of the task and how often the scheduler sends it, in seconds.
SCHEDULE = {
    "applications.lapse_overdue": 3600.0,
    "applications.turn_terms": 3600.0,
    "applications.escalate_overdue": 3600.0,
    "applications.ask_renewals": 3600.0,
    "applications.run_exports": 10.0,
    "applications.expire_exports": 3600.0,
    "applications.expire_drafts": 3600.0,
    "applications.apply_calendars": 10.0,
}


@shared_task(name="applications.lapse_overdue")
def lapse_overdue() -> int:
    """End corrections, signatures and objection periods that ran out."""
    return actions.lapse_overdue(at=clock.now())


@shared_task(name="applications.ask_renewals")
def ask_renewals() -> int:
    """Ask for the renewal of security assessments that end before the decision."""
    return actions.ask_renewals(at=clock.now())


@shared_task(name="applications.turn_terms")
def turn_terms() -> int:
    """Let terms of office begin and end on their days."""
    return actions.turn_terms(at=clock.now())


@shared_task(name="applications.run_exports")
def run_exports() -> int:
    """Make the files that wait or whose worker is gone."""
    return actions.run_exports(now=clock.now)


@shared_task(name="applications.expire_exports")
def expire_exports() -> int:
    """Remove the content of files whose time is over."""
    return actions.expire_exports(at=clock.now())


@shared_task(name="applications.apply_calendars")
def apply_calendars() -> int:
    """Recompute running clocks by an approved calendar."""
    return actions.apply_calendars(now=clock.now)


@shared_task(name="applications.expire_drafts")
def expire_drafts() -> int:
    """Warn of idle drafts and erase those that were warned of; return how many were erased."""
    return actions.expire_drafts(at=clock.now())[1]


@shared_task(name="applications.escalate_overdue")
def escalate_overdue() -> int:
    """Put clocks that are overdue by their rule before the desk above."""
    return actions.escalate_overdue(at=clock.now())
