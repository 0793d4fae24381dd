"""
spine/lifecycle: whole lives of a case, from the draft to the issued license, per minute.

One lifecycle is the way of story S1: two datasets of two departments, panel of six, agreement of
three parties, every document set as PDF, every event delivered. The baseline writes the very rows
that one lifecycle left behind, by plain INSERT into tables of the same columns without indexes,
table by table: what the database alone needs for them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import Measurement, medians
from bench._scratch import open_catalog, open_scratch

LIFECYCLES_PER_RUN = 2


def run() -> Iterator[Measurement]:
    """Set up a scratch database with the catalog open, and measure."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        world = _World(Path(folder))
        rows = world.rows_of_one_lifecycle()
        value, baseline = medians(
            measured=world.lifecycles_per_minute,
            baseline=lambda: world.bare_writes_per_minute(rows),
        )
    yield Measurement(
        bench="spine/lifecycle",
        value=value,
        unit="lifecycles/min",
        baseline="plain INSERT of the rows of one lifecycle",
        baseline_value=baseline,
    )


class _World:
    """The opened catalog, its people, and the way of a case through it."""

    def __init__(self, folder: Path) -> None:
        self.stage, self.cast = open_catalog(folder)

    def live_once(self) -> None:
        """Lead one case from the draft to the issued licenses."""
        from demo import walk
        from demo.stories import s1
        from licensing.models import License

        _application_id, agreement_id = walk.to_agreement(self.stage, self.cast, s1.PLAN)
        licenses = License.objects.filter(agreement_id=agreement_id, state=License.State.ACTIVE)
        assert licenses.count() == len(s1.PLAN.items), "the lifecycle did not end in licenses"

    def lifecycles_per_minute(self) -> float:
        """Return how many lifecycles fit into a minute."""
        began = time.perf_counter()
        for _ in range(LIFECYCLES_PER_RUN):
            self.live_once()
        return 60 * LIFECYCLES_PER_RUN / (time.perf_counter() - began)

    def rows_of_one_lifecycle(self) -> dict[str, list[str]]:
        """Return the rows that one lifecycle wrote, by table, as row literals."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            (before,) = cursor.fetchone()
            self.live_once()
            found: dict[str, list[str]] = {}
            for table in connection.introspection.table_names(cursor):
                cursor.execute(
                    f'SELECT t::text FROM "{table}" t WHERE xmin::text::bigint > %s', [before]
                )
                rows = [row for (row,) in cursor.fetchall()]
                if rows:
                    found[table] = rows
        return found

    def bare_writes_per_minute(self, rows: dict[str, list[str]]) -> float:
        """Return how often a minute the same rows can be written plainly, one commit a table."""
        from django.db import connection, transaction

        with connection.cursor() as cursor:
            for table in rows:
                cursor.execute(f'CREATE TEMPORARY TABLE "bare_{table}" (LIKE "{table}")')
            began = time.perf_counter()
            for table, literals in rows.items():
                with transaction.atomic():
                    _insert(cursor, table, literals)
            seconds = time.perf_counter() - began
            for table in rows:
                cursor.execute(f'DROP TABLE "bare_{table}"')
        return 60 / seconds


def _insert(cursor: Any, table: str, literals: list[str]) -> None:
    for literal in literals:
        cursor.execute(
            f'INSERT INTO "bare_{table}" SELECT (%s::"{table}").*',
            [literal],
        )
