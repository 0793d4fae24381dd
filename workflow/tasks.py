"""What the worker does for the engine: deliver, seal, sweep."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from core import clock
from workflow import audit, outbox

# Name of the task and how often the scheduler sends it, in seconds.
SCHEDULE = {
    "workflow.deliver": 2.0,
    "workflow.seal_audit": 600.0,
}


@shared_task(name="workflow.deliver")
def deliver() -> int:
    """Deliver what is due."""
    return outbox.deliver_due(at=clock.now())


@shared_task(name="workflow.seal_audit")
def seal_audit() -> int:
    """Seal the audit entries written since the last seal; return how many."""
    with transaction.atomic():
        block = audit.seal(at=clock.now())
    return block.entry_count if block else 0
