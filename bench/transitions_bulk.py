"""
transitions_bulk: one dataset is suspended while ten thousand licenses stand under it.

Measured is the whole act of the supervisor: the dataset, every license, an audit entry in the
chain of each and an event of each, in one commit. The baseline is one set-based UPDATE of as many
licenses and one INSERT of as many audit entries, in one transaction, into tables of the same
columns and indexes; it chains no hashes and writes no events.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import Measurement, medians
from bench._scratch import as_owner, multiply_row, open_catalog, open_scratch

LICENSES = 10_000
# Past the end of every chain of the copy.
CHAIN = 1_000
NAME = "'BENCH-' || n"
ID = "('0000bbbb-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"
TABLES = ("licensing_license", "workflow_auditentry")


def run() -> Iterator[Measurement]:
    """Issue one license through the whole procedure, multiply it, and close its dataset."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        world = _World(Path(folder))
    value, baseline = medians(measured=world.suspend, baseline=world.write_barely)
    yield Measurement(
        bench="transitions_bulk",
        value=value,
        unit="licenses/s",
        baseline="one UPDATE + one INSERT of audit rows, set-based",
        baseline_value=baseline,
    )


class _World:
    """A dataset with many active licenses, and its bare copy."""

    def __init__(self, folder: Path) -> None:
        from demo import walk
        from demo.stories import s1
        from licensing.models import License

        stage, cast = open_catalog(folder)
        application_id, agreement_id = walk.to_agreement(stage, cast, s1.PLAN)
        sample = License.objects.filter(agreement_id=agreement_id, dataset__code="D01").get()
        self.dataset_id, self.at = sample.dataset_id, stage.at + timedelta(days=1)
        self.supervisor, self.runs = cast["sjj-jiandu"], 0
        with as_owner() as cursor:
            for table, pk, changed in (
                (
                    "applications_application",
                    application_id,
                    {"number": NAME, "scenario_code": NAME, "decision_number": NAME},
                ),
                ("contracts_agreement", agreement_id, {"number": NAME, "application_id": ID}),
                (
                    "licensing_license",
                    sample.pk,
                    {"number": NAME, "machine_number": NAME, "agreement_id": ID},
                ),
            ):
                multiply_row(cursor, table, pk, {"id": ID, **changed}, times=LICENSES)
            _begin_chains(cursor)
            for table in TABLES:
                cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
                cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM {table}")
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('bare_workflow_auditentry', 'id'),"
                " (SELECT max(id) FROM bare_workflow_auditentry))"
            )
            cursor.execute("ANALYZE")

    def suspend(self) -> float:
        """Return how many licenses a second stop with their dataset."""
        from catalog import actions
        from licensing.models import License

        began = time.perf_counter()
        actions.suspend_dataset(
            dataset_id=self.dataset_id, reason="例行核查", actor=self.supervisor, at=self.at
        )
        seconds = time.perf_counter() - began
        stopped = License.objects.filter(dataset_id=self.dataset_id, state="SUSPENDED").count()
        assert stopped >= LICENSES, "the licenses did not stop"
        with as_owner() as cursor:
            cursor.execute(
                "UPDATE licensing_license SET state = 'ACTIVE', suspension = NULL"
                " WHERE state = 'SUSPENDED'"
            )
            cursor.execute(
                "UPDATE catalog_dataset SET state = 'PUBLISHED' WHERE id = %s", [self.dataset_id]
            )
        return stopped / seconds

    def write_barely(self) -> float:
        """Return how many licenses a second the two bare statements write."""
        from django.db import transaction

        with as_owner() as cursor:
            began = time.perf_counter()
            with transaction.atomic():
                cursor.execute(
                    "UPDATE bare_licensing_license SET state = 'SUSPENDED', suspension ="
                    " '{\"source\": \"dataset\", \"reason\": \"例行核查\"}'"
                    " WHERE dataset_id = %s AND state = 'ACTIVE'",
                    [self.dataset_id],
                )
                written = cursor.rowcount
                self.runs += 1
                cursor.execute(_BARE_ENTRIES, [CHAIN + self.runs, self.dataset_id])
            seconds = time.perf_counter() - began
            cursor.execute("UPDATE bare_licensing_license SET state = 'ACTIVE', suspension = NULL")
        return float(written / seconds)


_BARE_ENTRIES = """
    INSERT INTO bare_workflow_auditentry (subject_type, subject_id, sequence, action, outcome,
        before, after, actor_id, actor_name, at, facts, previous_hash, hash)
    SELECT 'licensing.license', id::text, %s, 'suspend', 'DONE', 'ACTIVE', 'SUSPENDED', 'system',
        'System', now(), '{"reason": "例行核查", "source": "dataset"}', repeat('a', 64),
        repeat('b', 64)
    FROM bare_licensing_license WHERE dataset_id = %s
"""


def _begin_chains(cursor: Any) -> None:
    """Give every copied license the first entry of its chain."""
    cursor.execute(
        "INSERT INTO workflow_auditentry (subject_type, subject_id, sequence, action, outcome,"
        " before, after, actor_id, actor_name, at, facts, previous_hash, hash)"
        " SELECT 'licensing.license', id::text, 1, 'create', 'DONE', '', 'ISSUED', 'system',"
        " 'System', now(), '{}', '', repeat('c', 64) FROM licensing_license"
        " WHERE number LIKE 'BENCH-%'"
    )
