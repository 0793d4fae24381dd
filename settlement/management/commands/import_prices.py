"""Import the price list of the datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock, tabular
from core.errors import DomainError
from parties.models import User
from settlement import actions


class Command(BaseCommand):
    """``manage.py import_prices FILE --publisher USERNAME [--dry-run]``."""

    help = "Import prices (CSV or XLSX); the publisher is a person of the exchange."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file, who answers for it, and the trial run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--publisher", required=True, help="user name of who publishes them")
        parser.add_argument("--dry-run", action="store_true", help="show, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import all or nothing; say what changed."""
        publisher = User.objects.filter(username=options["publisher"], is_active=True).first()
        if publisher is None:
            raise CommandError(f"there is no user {options['publisher']}")
        try:
            with transaction.atomic():
                done = actions.import_prices(
                    path=options["file"], publisher=publisher, at=clock.now()
                )
                transaction.set_rollback(options["dry_run"])
        except tabular.TableRefused as error:
            lines = [str(error), *(str(one) for one in error.errors)]
            raise CommandError("\n".join(lines)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{len(done.added)} prices added, {len(done.unchanged)} unchanged.")
            if options["dry_run"]:
                self.stdout.write("Trial run: nothing was stored.")
