"""Write the synthetic rows of the fifteen sample datasets as Parquet files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from demo import generator


class Command(BaseCommand):
    """``manage.py generate_demo_data --target DIR [--seed N]``."""

    help = "Write the synthetic rows of the sample datasets; the same seed gives the same bytes."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder and the seed."""
        parser.add_argument("--target", type=Path, required=True)
        parser.add_argument("--seed", type=int, default=generator.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every file and say what it holds."""
        began, rows = time.monotonic(), 0
        for written in generator.write_all(target=options["target"], seed=options["seed"]):
            rows += written.rows
            if options["verbosity"]:
                self.stdout.write(
                    f"{written.code} {written.rows:>8,} rows  sha256 {written.sha256[:16]}"
                )
        if options["verbosity"]:
            seconds = time.monotonic() - began
            self.stdout.write(f"{rows:,} rows in {seconds:.1f} s, seed {options['seed']}.")
