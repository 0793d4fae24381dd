"""What the worker does for contracts: remind of an end that comes near, and let it come."""

from __future__ import annotations

from celery import shared_task

from contracts import actions
from core import clock

SCHEDULE = {
    "contracts.expire_overdue": 600.0,
    "contracts.carry_out_terminations": 600.0,
    "contracts.remind_expiring": 3600.0,
    "contracts.expire_mandates": 600.0,
}


@shared_task(name="contracts.expire_overdue")
def expire_overdue() -> int:
    """Let agreements expire whose last day has passed; return how many."""
    return actions.expire_overdue(at=clock.now())


@shared_task(name="contracts.expire_mandates")
def expire_mandates() -> int:
    """End powers of attorney whose last day has passed; return how many."""
    return actions.expire_mandates(at=clock.now())


@shared_task(name="contracts.carry_out_terminations")
def carry_out_terminations() -> int:
    """End agreements whose last day by a served notice is over; return how many."""
    return actions.carry_out_terminations(at=clock.now())


@shared_task(name="contracts.remind_expiring")
def remind_expiring() -> int:
    """Remind parties of ends that come near; return how many agreements."""
    return actions.remind_expiring(at=clock.now())
