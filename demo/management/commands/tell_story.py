"""Tell the stories into the database this process is connected to."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from catalog.models import Dataset
from core import clock
from demo import report
from demo.cast import PASSWORD, Cast
from demo.stage import Stage
from demo.stories import opening, s1, s2, s3, waiting
from workflow import audit

ACTS = 160


class Command(BaseCommand):
    """``manage.py tell_story [--into-default]``."""

    help = "Tell stories S1, S2 and S3 through actions and a running gate; needs an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what becomes of the clock afterwards."""
        parser.add_argument(
            "--into-default",
            action="store_true",
            help="the product goes on from the end of the story: set its clock",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell everything, check it, and write report and documents to var/demo."""
        if Dataset.objects.exists():
            raise CommandError(
                "There is data in this database; a story needs an empty one."
            )
        began = time.monotonic()
        folder: Path = settings.VAR_DIR / "demo"
        stage, cast = Stage(folder=folder, acts=ACTS, out=sys.stdout), Cast()
        try:
            first, second, third = self._tell(stage, cast)
        finally:
            stage.gate.stop()
        with transaction.atomic():
            audit.seal(at=stage.at)
        found = report.build(first=first, second=second, third=third)
        path = report.write(found, folder=folder)
        files = report.keep_documents(folder=folder)
        if options["into_default"]:
            shift = stage.at - datetime.now(UTC)
            clock.write_file(settings.VAR_DIR / "clock.json", shift=shift)
        self.stdout.write(
            f"Told in {time.monotonic() - began:.0f} s: {stage.told} acts, {files} documents, "
            f"{found['audit']['entries']} audit entries. Report: {path}\n"
            f"Logins of the demo: every user name with the password {PASSWORD}"
        )
        if not found["audit"]["verified"] or found["ledger"]["trial_balance"] != "0":
            raise CommandError("The audit trail or the ledger does not verify; see the report.")

    def _tell(self, stage: Stage, cast: Cast) -> tuple[s1.Told, s2.Told, s3.Told]:
        opening.tell(stage, cast)
        stage.gate.start()
        second = s2.tell(stage, cast)
        third = s3.tell(stage, cast)
        first = s1.tell(stage, cast)
        waiting.tell(stage, cast)
        return first, second, third
