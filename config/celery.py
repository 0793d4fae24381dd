"""
The Celery application.

The broker only wakes workers: what is to be done stands in rows with a lease. So the default
broker is the database itself, and losing it loses no work.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from importlib.util import find_spec

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Said at every start as root, and at every lost connection; neither is news: our messages carry no
# code, and a task that outlives its connection is fenced by its lease.
warnings.filterwarnings("ignore", category=SecurityWarning)
warnings.filterwarnings("ignore", message="\\s*In Celery 5.1 we introduced an optional breaking")

app = Celery("datadeed")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def collect_schedule(sender: Celery, **_: object) -> None:
    """Put every app's ``tasks.SCHEDULE``, name of the task to seconds, into one plan."""
    from django.apps import apps

    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(name) is None:
            continue
        for task, seconds in getattr(import_module(name), "SCHEDULE", {}).items():
            # A message that waited longer than its own period is stale: the next one does it.
            sender.conf.beat_schedule[task] = {
                "task": task,
                "schedule": float(seconds),
                "options": {"expires": max(30.0, float(seconds))},
            }
