"""Check a certificate without network and database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.uploads import UPLOAD_BYTES_MAX
from licensing import offline


class Command(BaseCommand):
    """Tell whether a certificate is genuine and in force, by lists that were fetched before."""

    help = (
        "Check a license certificate offline. Fetch both status lists and the trusted roots first:"
        " /status/revocation/YEAR, /status/suspension/YEAR and /status/roots.pem of the platform."
        " Exit code 0 says genuine and in force; 1 says anything else."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file, the lists and the roots."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--status-list", type=Path, action="append", default=[])
        parser.add_argument("--trust", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and print one fact a line, the answer first."""
        try:
            roots = x509.load_pem_x509_certificates(_read(options["trust"]))
        except ValueError as error:
            raise CommandError(f"--trust holds no PEM certificate: {error}") from error
        try:
            found = offline.check(
                content=_read(options["file"]),
                lists=[_read(path) for path in options["status_list"]],
                roots=roots,
                at=clock.now(),
            )
        except offline.UnusableList as error:
            raise CommandError(str(error)) from error
        self.stdout.write(found.answer)
        for name in ("machine_number", "version", "signer", "flaw", "as_of"):
            value = getattr(found, name)
            if value:
                self.stdout.write(f"{name}: {value}")
        if found.answer != offline.GENUINE:
            raise SystemExit(1)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(UPLOAD_BYTES_MAX + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
