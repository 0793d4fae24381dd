"""What the worker does for contracts: let agreements and letters expire on their day."""

from __future__ import annotations

from celery import shared_task

from contracts import actions
from core import clock

SCHEDULE = {"contracts.expire_overdue": 600.0, "contracts.expire_mandates": 600.0}


@shared_task(name="contracts.expire_overdue")
def expire_overdue() -> int:
    """Let agreements expire whose last day has passed; return how many."""
    return actions.expire_overdue(at=clock.now())


@shared_task(name="contracts.expire_mandates")
def expire_mandates() -> int:
    """End powers of attorney whose last day has passed; return how many."""
    return actions.expire_mandates(at=clock.now())
