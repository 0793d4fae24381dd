"""Write the generated documents, or check that they are up to date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow import reference


class Command(BaseCommand):
    help = "Write the generated documents under docs/; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        documents = reference.documents()
        for name, render in documents.items():
            path = settings.BASE_DIR / "docs" / name
            text = render()
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not options["check"]:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py generate_docs")
        self.stdout.write(f"{'wrote' if stale else 'up to date:'} {', '.join(stale or documents)}")
