"""Check the whole audit trail and name the first bad entry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow import audit


class Command(BaseCommand):
    help = "Check every audit entry, chain and seal; exit 1 and name the first bad one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit.verify()
        if not found.ok:
            raise CommandError(f"audit trail BROKEN after {found.entries} entries: {found.fault}")
        self.stdout.write(
            f"audit trail verified: {found.entries} entries, {found.seals} seals,"
            f" {found.unsealed} not sealed yet"
        )
