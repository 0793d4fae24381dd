"""A period keeps other records away."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from gateway.delivery import build_query
from gateway.gate import Allowed, decide
from gateway.snapshot import Period
from licensing.scope import Column, scope_of
from tests.gateway.test_decide import AT, CALL, world

STATED: dict[str, Any] = {
    "fields": ["name"], "version": 1, "mode": "API",
    "period_field": "day", "period_from": "2025-01-01", "period_to": "2025-12-31",
}  # fmt: skip


def test_a_license_carries_the_period_of_its_agreement() -> None:
    columns = [Column("name", True)]
    scope = scope_of(STATED, columns=columns)

    assert scope["period"] == {"field": "day", "from": "2025-01-01", "to": "2025-12-31"}
    assert scope_of({"fields": ["name"]}, columns=columns)["period"] is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), ["b", "c"]),
        (date(2025, 1, 1), None, ["b", "c", "d"]),
        (None, date(2024, 12, 31), ["a"]),
    ],
)
def test_only_records_of_the_period_are_read(
    tmp_path: Any, first: date | None, last: date | None, expected: list[str]
) -> None:
    assert rows_of(tmp_path, field="day", first=first, last=last) == expected


def test_a_field_that_is_gone_lets_nothing_through(tmp_path: Any) -> None:
    with pytest.raises(duckdb.Error):
        rows_of(tmp_path, field="gone", first=date(2025, 1, 1), last=None)


def rows_of(folder: Any, *, field: str, first: date | None, last: date | None) -> list[str]:
    """Write four records around a year and return the names a call is given."""
    path = str(folder / "d.parquet")
    rows = duckdb.sql(
        "SELECT * FROM (VALUES ('a', DATE '2024-12-31'), ('b', DATE '2025-01-01'),"
        " ('c', DATE '2025-12-31'), ('d', DATE '2026-01-01')) AS t(name, day)"
    )
    assert rows is not None
    rows.write_parquet(path)
    snapshot = world({"fields": ("name",), "rows": {}, "period": Period(field, first, last)})
    allowed = decide(snapshot, CALL, at=AT)
    assert isinstance(allowed, Allowed)
    sql, values = build_query(allowed, path=path)
    return [row[1] for row in duckdb.execute(sql, values).fetchall()]
