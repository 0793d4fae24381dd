"""
The rows of an allowed call, read from Parquet by DuckDB.

Names in the SQL come from the catalog only: a requested name was matched against it before, and
values are parameters. The reader is confined to the data folder and to its configuration.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gateway import transforms
from gateway.gate import VERIFY_ONLY, Allowed, write_cursor

_TYPES = {
    "STRING": "VARCHAR",
    "INTEGER": "BIGINT",
    "DECIMAL": "DECIMAL(38, 10)",
    "DATE": "DATE",
    "DATETIME": "TIMESTAMP",
    "BOOLEAN": "BOOLEAN",
}
_ROW = "file_row_number"


class UnfitFilter(Exception):
    """A filter value that cannot be read as its field's type; ``args[0]`` is the field."""


class UnnamedCase(Exception):
    """A verification that does not name exactly one case."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What leaves: plain JSON values, and where to go on."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


class Reader:
    """Reads rows for calls; one DuckDB per thread, confined to the data folder."""

    def __init__(self, *, data_dir: Path, secret: str) -> None:
        self._data_dir = data_dir.resolve()
        self._secret = secret
        self._local = threading.local()

    def fetch(self, allowed: Allowed) -> Delivered:
        """
        Return the rows of an allowed call, transformed as its license says.

        :raises UnfitFilter: a filter value does not fit its field.
        :raises UnnamedCase: a verification found more than one case.
        :raises duckdb.Error: the file cannot be read.
        """
        self._check_filters(allowed)
        sql, values = build_query(allowed, path=self._path(allowed))
        found = self._connection().execute(sql, values).fetchall()
        if allowed.grant.mode == VERIFY_ONLY:
            return self._verified(allowed, found)
        more = len(found) > allowed.limit
        rows = found[: allowed.limit]
        changes = [self._change(allowed, name) for name in allowed.fields]
        shown = [
            {
                name: _plain(change(value)) if change else _plain(value)
                for name, change, value in zip(allowed.fields, changes, row[1:], strict=True)
            }
            for row in rows
        ]
        cursor = write_cursor(version=allowed.grant.version, row=rows[-1][0]) if more else None
        return Delivered(shown, cursor)

    def _verified(self, allowed: Allowed, found: list[tuple[Any, ...]]) -> Delivered:
        if len(found) > 1:
            raise UnnamedCase
        answer: dict[str, Any] = {"matched": bool(found)}
        asked = {name for name, _ in allowed.filters}
        for name, value in zip(allowed.fields, found[0][1:] if found else (), strict=False):
            flag = transforms.yes_or_no(value)
            if flag is not None and name not in asked:
                answer[name] = flag
        return Delivered([answer], None)

    def _change(self, allowed: Allowed, name: str) -> transforms.Transform | None:
        rule = allowed.grant.transforms.get(name)
        if rule is None:
            return None
        key = transforms.hash_key(secret=self._secret, license_id=allowed.grant.license_id)
        return transforms.transform_of(rule, key=key)

    def _check_filters(self, allowed: Allowed) -> None:
        for name, value in allowed.filters:
            kind = _TYPES[allowed.grant.columns[name]]
            try:
                self._connection().execute(f"SELECT CAST(? AS {kind})", [value]).fetchone()
            except duckdb.Error as error:
                raise UnfitFilter(name) from error

    def _path(self, allowed: Allowed) -> str:
        path = (self._data_dir / allowed.grant.path).resolve()
        if not allowed.grant.path or not path.is_relative_to(self._data_dir):
            raise duckdb.IOException("the dataset has no file in the data folder")
        return str(path)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        existing: duckdb.DuckDBPyConnection | None = getattr(self._local, "connection", None)
        if existing is not None:
            return existing
        new = duckdb.connect(":memory:", config={"threads": 1})
        new.execute("SET TimeZone = 'UTC'")
        new.execute(f"SET allowed_directories = ['{_quoted(str(self._data_dir))}']")
        new.execute("SET enable_external_access = false")
        new.execute("SET lock_configuration = true")
        self._local.connection = new
        return new


def build_query(allowed: Allowed, *, path: str) -> tuple[str, list[Any]]:
    """
    Return the SQL of an allowed call and its values.

    Rows come in the order of the file, which is stable within a version; one row more than the
    limit tells whether there is another page.
    """
    columns = ", ".join(_identifier(name) for name in allowed.fields)
    conditions, values = [f"{_ROW} > ?"], [path, allowed.after_row]
    for name, value in allowed.filters:
        kind = _TYPES[allowed.grant.columns[name]]
        conditions.append(f"{_identifier(name)} = CAST(? AS {kind})")
        values.append(value)
    for name in sorted(allowed.grant.rows):
        marks = ", ".join("?" for _ in allowed.grant.rows[name])
        conditions.append(f"CAST({_identifier(name)} AS VARCHAR) IN ({marks})")
        values.extend(sorted(allowed.grant.rows[name]))
    period = allowed.grant.period
    if period is not None:
        # A field the version no longer has lets nothing through: the query fails closed.
        day = f"CAST({_identifier(period.field)} AS DATE)"
        for sign, bound in ((">=", period.first), ("<=", period.last)):
            if bound is not None:
                conditions.append(f"{day} {sign} ?")
                values.append(bound)
    verifying = allowed.grant.mode == VERIFY_ONLY
    values.append(allowed.limit if verifying else allowed.limit + 1)
    sql = (
        f"SELECT {_ROW}, {columns} FROM read_parquet(?, {_ROW} = true)"  # noqa: S608 - see above
        f" WHERE {' AND '.join(conditions)} ORDER BY {_ROW} LIMIT ?"
    )
    return sql, values


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case None | bool() | int() | str() | float():
            return value
        case _:
            return str(value)
