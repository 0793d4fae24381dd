"""Print the ODRL profile of this product."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from contracts.odrl.profile import profile_document


class Command(BaseCommand):
    """Print the words this product adds to ODRL, as JSON-LD."""

    help = "Print the ODRL profile of this product as JSON-LD."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document to the terminal."""
        self.stdout.write(json.dumps(profile_document(), ensure_ascii=False, indent=2))
