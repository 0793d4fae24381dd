"""
Fixtures of the gate tests: committed rows and a gate process, shared by the tests of a module.

The stage is built once and emptied at the end, as after every test with real commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from core import clock
from tests.builders.licensing import Licensed, fill, key_of, licensed
from tests.gateway.running import Gate, start_gate

D01_ROWS = (
    "SELECT printf('9132020000%07dX', i) AS uscc, '示例企业' || i AS name,"
    " CASE WHEN i % 10 = 0 THEN '注销' ELSE '存续' END AS status, '2020-01-02' AS reg_date,"
    " CAST(i * 1000 AS VARCHAR) AS capital, 'I65' AS industry FROM range(1, 2501) t(i)"
)
D07_ROWS = (
    "SELECT 'R' || i AS request_id, 'Y' AS result, CASE WHEN i % 2 = 0 THEN 'Y' ELSE 'N' END"
    " AS mortgage_flag, '2026-11-01 号' AS seal_flag FROM range(1, 101) t(i)"
    " UNION ALL SELECT 'TWICE', 'Y', 'Y', 'Y' FROM range(2)"
)


@dataclass
class Running:
    """A stage with real rows, one key, and the gate that serves them."""

    stage: Licensed
    gate: Gate
    key: str
    credential_id: Any
    scenario: str
    var_dir: Path

    def get(self, code: str = "D01", **query: Any) -> Any:
        """Call with the key and the licensed scenario unless told otherwise."""
        query.setdefault("key", self.key)
        query.setdefault("scenario", self.scenario)
        return self.gate.get(code, **query)


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Return a gate that serves two licensed datasets."""
    assert connection.settings_dict["NAME"].startswith("test_"), "this empties every table"
    var_dir = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock():
        try:
            stage = _stage(var_dir)
            now = datetime.now(UTC)
            secret = key_of(stage, at=now)
            gate = start_gate(var_dir=var_dir)
            try:
                scenario = stage.license("D01").scenario_code
                yield Running(stage, gate, secret.key, secret.credential_id, scenario, var_dir)
            finally:
                gate.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


def _stage(var_dir: Path) -> Licensed:
    stage = licensed()
    today = clock.local_date(datetime.now(UTC))
    for code, select in (("D01", D01_ROWS), ("D07", D07_ROWS)):
        row = stage.license(code)
        # The gate runs on the real clock; the story's agreement must hold today.
        row.valid_from, row.valid_to = min(today, row.valid_from), max(today, row.valid_to)
        row.save()
        fill(row.dataset, data_dir=var_dir / "data", select=select)
    return stage
