"""A few rows of a stored version, for its page."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from catalog.storage import locate

SAMPLE_ROWS_MAX = 5
CELL_CHARACTERS_MAX = 60


def first_rows(*, storage_path: str, fields: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """
    Return the first rows of some fields as text, at most SAMPLE_ROWS_MAX; none without the file.

    ``fields`` are names from the field list; they are quoted nevertheless.
    """
    path = locate(storage_path=storage_path)
    if not path.is_file():
        return ()
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in fields)
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(
            f"SELECT {names} FROM read_parquet(?) LIMIT {SAMPLE_ROWS_MAX}",  # noqa: S608 - quoted
            [str(path)],
        ).fetchall()
    return tuple(
        tuple("" if value is None else str(value)[:CELL_CHARACTERS_MAX] for value in line)
        for line in found
    )
