"""Where the rows of a version lie: Parquet files under DATA_DIR, written once, never changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as parquet
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyarrow import ArrowException

from core.errors import InvalidInput

FILE_BYTES_MAX = 4 * 1024**3
CHUNK_BYTES = 1024 * 1024


class FileDoesNotFit(InvalidInput):
    """A file whose columns are not the fields of the dataset."""

    code = "file_does_not_fit"
    default_message = _("The file does not fit the field list: %(problems)s.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was put in its place."""

    storage_path: str
    row_count: int
    bytes: int
    sha256: str


# The Arrow types that a field of each type may have.
_FITS = {
    "STRING": ("string", "large_string"),
    "INTEGER": ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"),
    "DECIMAL": ("decimal", "double", "float"),
    "DATE": ("date32", "date64"),
    "DATETIME": ("timestamp",),
    "BOOLEAN": ("bool",),
}


def locate(*, storage_path: str) -> Path:
    """
    Return the file of a version.

    :raises ValueError: the path leads out of DATA_DIR.
    """
    root = Path(settings.DATA_DIR).resolve()
    path = (root / storage_path).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"{storage_path} leads out of the data directory")
    return path


def check(*, source: Path, fields: list[tuple[str, str]]) -> int:
    """
    Return the number of rows of a Parquet file whose columns are exactly these (name, type) fields.

    :raises FileDoesNotFit: a column is missing, unknown, in another order or of another type.
    """
    try:
        with parquet.ParquetFile(source) as file:
            found = [(column.name, str(column.type)) for column in file.schema_arrow]
            rows = file.metadata.num_rows
    except (ArrowException, OSError) as error:
        raise FileDoesNotFit(_("The file is not a readable Parquet file.")) from error
    wanted, there = [name for name, _type in fields], [name for name, _type in found]
    problems = [f"- {name}" for name in wanted if name not in there]
    problems += [f"+ {name}" for name in there if name not in wanted]
    if not problems and wanted != there:
        problems = [" < ".join(wanted)]
    kinds = dict(found)
    problems += [
        f"{name}: {kinds[name]} ≠ {data_type}"
        for name, data_type in fields
        if name in kinds and not kinds[name].startswith(_FITS[data_type])
    ]
    if problems:
        raise FileDoesNotFit(problems=", ".join(problems))
    return int(rows)


def put(*, source: Path, code: str, number: int, row_count: int) -> Stored:
    """
    Copy a checked file to its place and hash it on the way.

    The copy appears under its name only when it is complete; a version's file that is there already
    is left over from a transaction that was rolled back, and is replaced.
    """
    if source.stat().st_size > FILE_BYTES_MAX:
        raise FileDoesNotFit(_("The file is larger than 4 GB."))
    storage_path = f"{code}/v{number}.parquet"
    target = locate(storage_path=storage_path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}.new")
    digest = hashlib.sha256()
    try:
        with source.open("rb") as reading, draft.open("wb") as writing:
            while chunk := reading.read(CHUNK_BYTES):
                digest.update(chunk)
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
        shutil.copymode(source, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return Stored(storage_path, row_count, target.stat().st_size, digest.hexdigest())
