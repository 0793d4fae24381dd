"""Write the journal for hledger or beancount."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger import export
from ledger.snapshot import snapshot


class Command(BaseCommand):
    """Stream the journal as plain text to a file or to the terminal."""

    help = "Write the journal in the format of hledger or beancount."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format, the dates (both inclusive) and the file."""
        parser.add_argument("--format", choices=sorted(export.FORMATS), required=True)
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat)
        parser.add_argument("--to", dest="to_on", type=date.fromisoformat)
        parser.add_argument("--output", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write line by line; a file appears whole or not at all."""
        target: Path | None = options["output"]
        with snapshot():
            lines = export.lines(
                style=options["format"], from_on=options["from_on"], to_on=options["to_on"]
            )
            if target is None:
                for line in lines:
                    self.stdout.write(line)
                return
            draft = target.with_name(f"{target.name}.part")
            with draft.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
            draft.replace(target)
