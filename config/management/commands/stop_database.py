"""Stop the embedded PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config import embedded


class Command(BaseCommand):
    """Ctrl-C in ``make run`` does this too; here for a server that a killed process left."""

    help = "Stop the embedded PostgreSQL of this folder, if it runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a switch for servers that somebody still uses."""
        parser.add_argument("--if-unused", action="store_true", help="Leave it to its users.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Stop it, or say that there is nothing to stop."""
        if settings.EMBEDDED_CLUSTER is None:
            self.stdout.write("DATABASE_URL names a server that is not ours to stop.")
            return
        stop = embedded.stop_if_unused if options["if_unused"] else embedded.stop
        stopped = stop(cluster=settings.EMBEDDED_CLUSTER)
        self.stdout.write("PostgreSQL stopped." if stopped else "PostgreSQL was left as it is.")
