"""The scan for sensitive fields over all rows of a stored version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalog.scan_rules import RULES, Rule, is_column_of_names

# Different suspicious values looked at one by one; more of them are a finding in themselves.
SUSPECTS_MAX = 100_000
NAMES_SAMPLED = 20_000
_TEXTUAL = ("STRING", "INTEGER")


@dataclass(frozen=True, slots=True)
class Finding:
    """A field in which a rule struck; ``hits`` is the number of rows."""

    field: str
    rule: str
    hits: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan of a whole file found."""

    rows_scanned: int
    findings: tuple[Finding, ...]

    @property
    def hits(self) -> int:
        """Return the number of hits over all fields and rules."""
        return sum(finding.hits for finding in self.findings)


def scan_file(*, path: Path, fields: Sequence[tuple[str, str]]) -> ScanResult:
    """
    Scan every row of a Parquet file, in the (name, type) fields that can hold text or numbers.

    The database narrows the values down by a coarse pattern; each one left is confirmed here.
    """
    findings = []
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.read_parquet(str(path)).create_view("scanned")
        counted = connection.execute("SELECT count(*) FROM scanned").fetchone()
        for name, data_type in fields:
            if data_type not in _TEXTUAL:
                continue
            findings += [
                Finding(name, rule.name, hits)
                for rule in RULES
                if (hits := _hits(connection, name, rule))
            ]
            if data_type == "STRING":
                findings += _names(connection, name)
    return ScanResult(int(counted[0]) if counted else 0, tuple(findings))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _hits(connection: duckdb.DuckDBPyConnection, name: str, rule: Rule) -> int:
    column = f"CAST({_quoted(name)} AS VARCHAR)"
    suspects = connection.execute(
        f"SELECT {column}, count(*) FROM scanned WHERE regexp_matches({column}, ?)"  # noqa: S608
        f" GROUP BY 1 LIMIT {SUSPECTS_MAX}",
        [rule.coarse],
    ).fetchall()
    return sum(count for value, count in suspects if rule.confirm(value))


def _names(connection: duckdb.DuckDBPyConnection, name: str) -> list[Finding]:
    values = connection.execute(
        f"SELECT DISTINCT {_quoted(name)} FROM scanned LIMIT {NAMES_SAMPLED}"  # noqa: S608
    ).fetchall()
    if not is_column_of_names(value for (value,) in values):
        return []
    counted = connection.execute(f"SELECT count({_quoted(name)}) FROM scanned").fetchone()  # noqa: S608
    return [Finding(name, "PERSON_NAME", int(counted[0]) if counted else 0)]
