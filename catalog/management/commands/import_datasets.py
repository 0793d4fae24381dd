"""Import datasets with their field lists, classes and levels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from catalog import actions, intake
from core import clock, tabular
from parties import queries as parties


class Command(BaseCommand):
    """``manage.py import_datasets DATASETS [FIELDS] [--dry-run]``."""

    help = "Import datasets and their fields: two CSV files, or one XLSX with two sheets."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the files and the trial run."""
        parser.add_argument("datasets", type=Path)
        parser.add_argument("fields", type=Path, nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="show, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import all or nothing; say what changed."""
        try:
            specs = intake.read_datasets(path=options["datasets"], fields_path=options["fields"])
            with transaction.atomic():
                done = actions.import_datasets(
                    specs=specs, actor=parties.system_actor(), at=clock.now()
                )
                transaction.set_rollback(options["dry_run"])
        except tabular.TableRefused as error:
            lines = [str(error), *(str(one) for one in error.errors)]
            raise CommandError("\n".join(lines)) from error
        if options["verbosity"]:
            self._tell(done, dry_run=options["dry_run"])

    def _tell(self, done: actions.DatasetsImported, *, dry_run: bool) -> None:
        for sign, lines in (("+", done.added), ("~", done.changed)):
            for line in lines:
                self.stdout.write(f"  {sign} {line}")
        self.stdout.write(
            f"{len(done.added)} datasets added, {len(done.changed)} entries changed,"
            f" {done.unchanged} datasets unchanged, {len(done.providers)} providers created."
        )
        if dry_run:
            self.stdout.write("Trial run: nothing was stored.")
