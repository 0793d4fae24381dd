"""Print the ODRL profile of this product."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.odrl.mapping import mapping_table
from contracts.odrl.profile import profile_document


class Command(BaseCommand):
    """Print the words this product adds to ODRL, as JSON-LD."""

    help = "Print the ODRL profile of this product as JSON-LD, or the table of docs/odrl.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to print."""
        parser.add_argument("--mapping", action="store_true", help="print how terms are carried")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document to the terminal."""
        if options["mapping"]:
            self.stdout.write("\n".join(mapping_table()))
            return
        self.stdout.write(json.dumps(profile_document(), ensure_ascii=False, indent=2))
