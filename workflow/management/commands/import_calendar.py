"""Import the official working calendar and recompute every running deadline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import calendar_import, clock, tabular
from workflow import deadlines


class Command(BaseCommand):
    """``manage.py import_calendar FILE [--dry-run]``."""

    help = "Import the official working calendar (CSV or XLSX) and recompute open deadlines."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and the trial run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import all or nothing; say what changed."""
        at = clock.now()
        try:
            days = calendar_import.read_days(path=options["file"])
        except tabular.TableRefused as error:
            lines = [str(error), *(str(one) for one in error.errors)]
            raise CommandError("\n".join(lines)) from error
        with transaction.atomic():
            changes = calendar_import.store_days(days=days, at=at)
            reason = f"calendar import: {options['file'].name}"
            moved = deadlines.recompute_open(at=at, reason=reason) if changes else 0
            transaction.set_rollback(options["dry_run"])
        if options["verbosity"]:
            self._tell(changes, moved, len(days), dry_run=options["dry_run"])

    def _tell(
        self,
        changes: tuple[calendar_import.YearChange, ...],
        moved: int,
        count: int,
        *,
        dry_run: bool,
    ) -> None:
        for change in changes:
            word = "new" if change.is_new else "changed"
            self.stdout.write(f"{change.year}: {word}")
            for sign, lines in (("+", change.added), ("-", change.removed), ("~", change.changed)):
                for line in lines if not change.is_new else ():
                    self.stdout.write(f"  {sign} {line}")
        if not changes:
            self.stdout.write(f"{count} days read, nothing to change.")
            return
        self.stdout.write(f"{count} days read, {moved} running deadlines moved.")
        if dry_run:
            self.stdout.write("Trial run: nothing was stored.")
