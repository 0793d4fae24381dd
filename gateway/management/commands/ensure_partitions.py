"""Make the monthly partitions of the usage events; run by the owner of the tables."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from gateway import partitions

MONTHS_AHEAD = 3


class Command(BaseCommand):
    """Make the partitions of this month and the next ones, and of what waits in the default."""

    help = "Make the monthly partitions of the usage events. Repeatable; needs the tables' owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many months to prepare."""
        parser.add_argument("--months", type=int, default=MONTHS_AHEAD)

    def handle(self, *_: Any, **options: Any) -> None:
        """Make what is missing and name it."""
        made = partitions.ensure(
            from_on=clock.local_date(clock.now()), months=max(options["months"], 1)
        )
        if options["verbosity"]:
            self.stdout.write(", ".join(made) or "Every partition is there.")
