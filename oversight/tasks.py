"""What the worker does for oversight."""

from __future__ import annotations

from celery import shared_task

from core import clock
from oversight import actions

# Name of the task and how often the scheduler sends it, in seconds.
SCHEDULE = {"oversight.detect": 900.0, "oversight.sweep": 3600.0}


@shared_task(name="oversight.detect")
def detect() -> int:
    """Look for suspicious volume; return how many alerts are new."""
    return actions.detect_volume(at=clock.now())


@shared_task(name="oversight.sweep")
def sweep() -> int:
    """Do what is due by time; return how much was done."""
    return actions.sweep(at=clock.now())
