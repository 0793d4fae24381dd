"""The scratch database of the benchmarks: set up fresh, with the catalog of the demo open."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCRATCH = "datadeed_bench"


def open_scratch() -> None:
    """Set up an empty scratch database with baseline and demo people, and connect to it."""
    os.environ.setdefault("DATADEED_DATABASE", SCRATCH)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    # A database cannot be made anew under a connection to it.
    connections.close_all()
    call_command("setup_database", "--fresh", verbosity=0)


@contextmanager
def as_owner() -> Iterator[Any]:
    """Open a cursor of the role that owns the tables, for rows that no action writes in bulk."""
    from django.db import connection

    from config import ownership

    with ownership.as_owner(), connection.cursor() as cursor:
        yield cursor


def columns_of(cursor: Any, table: str) -> list[str]:
    """Return the columns of a table that can be written, in their order."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def open_catalog(folder: Path) -> tuple[Any, Any]:
    """Return the stage and the cast of the demo after its opening."""
    from demo.cast import Cast
    from demo.stage import Stage
    from demo.stories import opening

    cast = Cast()
    stage = Stage(folder=folder, acts=1, out=io.StringIO())
    opening.tell(stage, cast)
    return stage, cast


def multiply_row(
    cursor: Any, table: str, pk: Any, changed: dict[str, str], *, times: int
) -> None:
    """Copy one row many times, with SQL expressions over ``n`` from 1 for what must differ."""
    columns = columns_of(cursor, table)
    values = [changed.get(name, f'"{name}"') for name in columns]
    listed = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({listed})"
        f" SELECT {', '.join(values)} FROM {table}, generate_series(1, %s) AS n"
        " WHERE id = %s",
        [times, pk],
    )
