"""Import the units of the policy's annex with their yearly targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import tabular
from parties import units
from parties.queries import POLICY_TARGET_DATASETS


class Command(BaseCommand):
    """``manage.py import_units FILE [--dry-run]``."""

    help = "Import the units of the annex and their targets (CSV or XLSX)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and the trial run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import all or nothing; say what changed, and the sum beside the policy's figure."""
        try:
            stated = units.read_units(path=options["file"])
        except tabular.TableRefused as error:
            lines = [str(error), *(str(one) for one in error.errors)]
            raise CommandError("\n".join(lines)) from error
        with transaction.atomic():
            done = units.store_units(units=stated)
            transaction.set_rollback(options["dry_run"])
        if not options["verbosity"]:
            return
        for line in done.changed:
            self.stdout.write(f"  ~ {line}")
        self.stdout.write(
            f"{done.count} units, {len(done.added)} added, {len(done.changed)} changed;"
            f" sum of targets {done.total:,}, the policy's text says >= {POLICY_TARGET_DATASETS:,}."
        )
        if options["dry_run"]:
            self.stdout.write("Trial run: nothing was stored.")
