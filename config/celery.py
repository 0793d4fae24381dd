"""
The Celery application.

The broker only wakes workers: what is to be done stands in rows with a lease. So the default
broker is the database itself, and losing it loses no work.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("datadeed")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def collect_schedule(sender: Celery, **_: object) -> None:
    """Put every app's ``tasks.SCHEDULE``, name of the task to seconds, into one plan."""
    from django.apps import apps

    plan: dict[str, dict[str, object]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(config.name) is None or find_spec(name) is None:
            continue
        for task, seconds in getattr(import_module(name), "SCHEDULE", {}).items():
            # A message that waited longer than its own period is stale: the next one does it.
            options = {"expires": max(30.0, float(seconds))}
            plan[task] = {"task": task, "schedule": float(seconds), "options": options}
    sender.conf.beat_schedule = {**sender.conf.beat_schedule, **plan}
