"""Count the till from the command line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ledger import integrity
from ledger.snapshot import snapshot


class Command(BaseCommand):
    """Recompute every hash, sum and balance; name the first bad row."""

    help = "Recompute the ledger; exit 1 and name the first row that does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was counted; exit 1 when something does not fit."""
        with snapshot():
            report = integrity.verify()
        self.stdout.write(
            f"{report.journals} journals, {report.legs} legs, {report.accounts} accounts, "
            f"{report.blocks} hash blocks, head {report.head_hash[:16]}"
        )
        if report.problem:
            self.stderr.write(f"NOT VERIFIED: {report.problem}")
            raise SystemExit(1)
        self.stdout.write("verified")
