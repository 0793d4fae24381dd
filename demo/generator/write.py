"""Write the synthetic rows as Parquet: same seed, same bytes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from demo.generator import series, tables

SEED = 20_260_901
BATCH_ROWS = 50_000
FIELDS_FILE = Path(__file__).resolve().parent.parent / "data" / "dataset_fields.csv"
_MAKERS: dict[str, Callable[[Random], Iterable[tuple[Any, ...]]]] = {
    "D01": tables.d01,
    "D02": tables.d02,
    "D03": series.d03,
    "D04": series.d04,
    "D05": series.d05,
    "D06": series.d06,
    "D07": tables.d07,
    "D08": tables.d08,
    "D09": series.d09,
    "D10": tables.d10,
    "D11": tables.d11,
    "D12": series.d12,
    "D13": series.d13,
    "D14": series.d14,
    "D15": tables.d15,
}
CODES = tuple(_MAKERS)
_TYPES = {
    "STRING": pa.string(),
    "INTEGER": pa.int64(),
    "DECIMAL": pa.decimal128(18, 4),
    "DATE": pa.date32(),
    "DATETIME": pa.timestamp("s"),
    "BOOLEAN": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Written:
    """One file that was written."""

    code: str
    path: Path
    rows: int
    sha256: str


def write_all(*, target: Path, seed: int = SEED) -> Iterator[Written]:
    """Write every dataset into a folder, one after the other."""
    for code in CODES:
        yield write_one(code=code, target=target, seed=seed)


def write_one(*, code: str, target: Path, seed: int = SEED) -> Written:
    """Write one dataset as ``<target>/<code>.parquet``; the file appears when it is complete."""
    schema = _schema(code)
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{code}.parquet"
    draft = path.with_suffix(".new")
    rows = 0
    with parquet.ParquetWriter(draft, schema, compression="zstd") as writer:
        made = iter(_MAKERS[code](Random(f"{seed}:{code}")))
        while batch := list(islice(made, BATCH_ROWS)):
            columns = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            rows += len(batch)
    draft.replace(path)
    return Written(code, path, rows, hashlib.sha256(path.read_bytes()).hexdigest())


def _schema(code: str) -> pa.Schema:
    with FIELDS_FILE.open(encoding="utf-8", newline="") as file:
        fields = [line for line in csv.DictReader(file) if line["dataset"] == code]
    return pa.schema([(line["name"], _TYPES[line["data_type"]]) for line in fields])
