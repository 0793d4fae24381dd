"""What the worker does for settlement."""

from __future__ import annotations

from celery import shared_task

from core import clock
from settlement import actions

SCHEDULE = {"settlement.confirm_overdue": 600.0}


@shared_task(name="settlement.confirm_overdue")
def confirm_overdue() -> int:
    """Confirm the statements whose time for objections has passed in silence."""
    return actions.confirm_overdue(at=clock.now())
