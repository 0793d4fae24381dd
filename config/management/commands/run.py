"""Serve the whole product from this folder."""

from __future__ import annotations

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import embedded, services, supervisor

# After the last process has ended its connections take a moment to close.
UNUSED_TRIES_MAX = 20
UNUSED_WAIT_SECONDS = 0.1
WATCH_SECONDS = 1.0


class Command(BaseCommand):
    """Web, gate, worker and scheduler under one supervisor, with the database below them."""

    help = "Start web, gate, worker and scheduler; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        """Stay until told to stop; then stop the embedded database if nobody else uses it."""
        self._next_watch = 0.0
        roof = supervisor.Supervisor(
            services=services.build_services(
                port=settings.PORT, gate_port=settings.GATE_PORT, var_dir=settings.VAR_DIR
            ),
            folder=settings.BASE_DIR,
            environment=os.environ | {"PYTHONUNBUFFERED": "1"},
            watch=self._watch_database,
        )
        self._say = roof.say
        try:
            if settings.EMBEDDED_CLUSTER is not None:
                embedded.ensure_running(cluster=settings.EMBEDDED_CLUSTER)
            roof.run()
        except supervisor.PortTaken as error:
            raise CommandError(str(error)) from error
        finally:
            self._stop_database()

    def _watch_database(self) -> None:
        cluster = settings.EMBEDDED_CLUSTER
        if cluster is None or time.monotonic() < self._next_watch:
            return
        self._next_watch = time.monotonic() + WATCH_SECONDS
        if embedded.find_postmaster(cluster=cluster) is None:
            self._say("database", "PostgreSQL has ended; starting it again")
            try:
                embedded.ensure_running(cluster=cluster)
            except embedded.UnableToStart as error:
                self._say("database", f"{error} Trying again.")
            else:
                self._say("database", "PostgreSQL runs again")

    def _stop_database(self) -> None:
        cluster = settings.EMBEDDED_CLUSTER
        for _ in range(UNUSED_TRIES_MAX):
            if cluster is None or embedded.find_postmaster(cluster=cluster) is None:
                return
            if embedded.stop_if_unused(cluster=cluster):
                self._say("database", "PostgreSQL stopped")
                return
            time.sleep(UNUSED_WAIT_SECONDS)
        self._say("database", "PostgreSQL goes on: another process uses it")
