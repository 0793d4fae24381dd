"""What the worker does for licensing."""

from __future__ import annotations

from celery import shared_task

from core import clock, limits
from licensing import actions

SCHEDULE = {
    "licensing.lapse_expired": 600.0,
    "licensing.run_issue_jobs": 10.0,
    "licensing.forget_questions": 3600.0,
}


@shared_task(name="licensing.lapse_expired")
def lapse_expired() -> int:
    """End licenses and keys whose term is over."""
    return actions.lapse_expired(at=clock.now())


@shared_task(name="licensing.run_issue_jobs")
def run_issue_jobs() -> int:
    """Issue the licenses that wait or whose worker is gone."""
    return actions.run_issue_jobs(now=clock.now)


@shared_task(name="licensing.forget_questions")
def forget_questions() -> int:
    """Delete the counts of public questions that no window looks at any more."""
    return limits.forget(at=clock.now())
