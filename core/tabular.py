"""
One reader for tables people hand in: CSV (UTF-8, with or without BOM, or GB18030) and XLSX.

A file is read whole or not at all: every wrong cell is named by row, column, value and reason, and
a caller that gets rows back knows that all of them fit. Formulas are refused, because what they
show depends on the program that opens them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import DomainError

FILE_BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
ROWS_MAX = 20_000
CELL_CHARACTERS_MAX = 4_000
ERRORS_MAX = 100

Parse = Callable[[str], Any]
_NUMBER = re.compile(r"[+-]\d[\d.,]*%?$")
_TRUE, _FALSE = {"1", "true", "yes", "y", "是"}, {"0", "false", "no", "n", "否"}


class WrongCell(ValueError):
    """What is wrong with one cell; parsers raise it with a translatable reason."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True)
class RowError:
    """One wrong cell; ``row`` is counted as a spreadsheet shows it, the header being row 1."""

    row: int
    column: str
    value: str
    reason: str | Promise

    def __str__(self) -> str:
        return str(
            _("Row %(row)d, column %(column)s, value “%(value)s”: %(reason)s")
            % {
                "row": self.row,
                "column": self.column,
                "value": self.value,
                "reason": self.reason,
            }
        )


class TableRefused(DomainError):
    """A table that was refused as a whole; ``errors`` names every wrong cell found."""

    code = "table_refused"
    status = 422
    default_message = _("The file was refused and nothing was imported. Correct it and try again.")

    def __init__(
        self, message: str | Promise | None = None, *, errors: Iterable[RowError] = (), **facts: Any
    ) -> None:
        super().__init__(message, **facts)
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Column:
    """One expected column; an optional one may be absent or empty and then yields ``default``."""

    name: str
    parse: Parse
    required: bool = True
    default: Any = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row that fits, with its number in the file."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file, and the hash of its bytes."""

    rows: tuple[Row, ...]
    content_hash: str


@dataclass(slots=True)
class _Reading:
    """The errors found so far in one file."""

    errors: list[RowError] = field(default_factory=list)

    def add(self, row: int, column: str, value: str, reason: str | Promise) -> None:
        if len(self.errors) < ERRORS_MAX:
            self.errors.append(RowError(row, column, value[:80], reason))


def read(
    *,
    path: Path,
    columns: Sequence[Column],
    key: Sequence[str] = (),
    sheet: str | None = None,
    rows_max: int = ROWS_MAX,
) -> Table:
    """
    Return the rows of a CSV or XLSX file, all of them checked.

    ``key`` names the columns that together must be unique in the file; ``sheet`` the worksheet of
    an XLSX (its first one by default).

    :raises TableRefused: no such file, a wrong header, or at least one cell that does not fit.
    """
    content = _bytes_of(path)
    lines = _xlsx(content, sheet) if content[:2] == b"PK" else _csv(content)
    reading = _Reading()
    header = _header(lines, columns)
    rows = tuple(_rows(lines, header, columns, reading, rows_max))
    _check_unique(rows, key, reading)
    if reading.errors:
        raise TableRefused(errors=reading.errors)
    if not rows:
        raise TableRefused(_("The file has a header but no rows."))
    return Table(rows, hashlib.sha256(content).hexdigest())


def text(*, length_max: int, pattern: str = "") -> Parse:
    """Return a parser of trimmed text; ``pattern`` must match it from end to end."""

    def parse(value: str) -> str:
        if len(value) > length_max:
            raise WrongCell(_("longer than %(count)d characters") % {"count": length_max})
        if pattern and not re.fullmatch(pattern, value):
            raise WrongCell(_("not in the form expected here"))
        return value

    return parse


def whole_number(*, at_least: int, at_most: int) -> Parse:
    """Return a parser of whole numbers within bounds, both included."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise WrongCell(_("not a whole number"))
        if not at_least <= int(value) <= at_most:
            raise WrongCell(
                _("not between %(low)d and %(high)d") % {"low": at_least, "high": at_most}
            )
        return int(value)

    return parse


def iso_date(value: str) -> date:
    """Return a day written as 2026-09-14."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise WrongCell(_("not a date such as 2026-09-14")) from error


def one_of(allowed: Iterable[str]) -> Parse:
    """Return a parser that takes one of a few words."""
    words = tuple(str(word) for word in allowed)

    def parse(value: str) -> str:
        if value not in words:
            raise WrongCell(_("not one of: %(words)s") % {"words": ", ".join(words)})
        return value

    return parse


def several_of(allowed: Iterable[str]) -> Parse:
    """Return a parser of words separated by ``|``, each at most once."""
    single = one_of(allowed)

    def parse(value: str) -> list[str]:
        words = [str(single(word.strip())) for word in value.split("|")]
        if len(set(words)) != len(words):
            raise WrongCell(_("the same word twice"))
        return words

    return parse


def yes_or_no(value: str) -> bool:
    """Return what a cell says: 是/否, yes/no, true/false, 1/0."""
    word = value.lower()
    if word not in _TRUE | _FALSE:
        raise WrongCell(_("neither yes nor no"))
    return word in _TRUE


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise TableRefused(
                _("The file is larger than %(count)d MB."), count=FILE_BYTES_MAX // 1024**2
            )
        content = path.read_bytes()
    except OSError as error:
        raise TableRefused(
            _("The file %(name)s cannot be read. Check its path and rights."), name=path.name
        ) from error
    if not content.strip():
        raise TableRefused(_("The file is empty."))
    return content


def _csv(content: bytes) -> Iterator[list[str | WrongCell]]:
    lines = csv.reader(io.StringIO(_decode(content), newline=""), strict=True)
    try:
        for line in lines:
            yield [_checked(cell.strip()) for cell in line]
    except csv.Error as error:
        raise TableRefused(
            _("Row %(row)d is not proper CSV; look for a quotation mark that is not closed."),
            row=lines.line_num,
        ) from error


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in found:
            return found
    raise TableRefused(_("The file is neither UTF-8 nor GB18030 text nor an XLSX workbook."))


def _checked(cell: str) -> str | WrongCell:
    """Return the cell, or what is wrong with it whatever its column."""
    if cell.startswith(("=", "@")) or (cell[:1] in "+-" and cell[1:] and not _NUMBER.match(cell)):
        return WrongCell(_("a formula; enter the value itself"))
    if len(cell) > CELL_CHARACTERS_MAX:
        return WrongCell(_("longer than %(count)d characters") % {"count": CELL_CHARACTERS_MAX})
    return cell


def _xlsx(content: bytes, sheet: str | None) -> Iterator[list[str | WrongCell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > UNPACKED_BYTES_MAX:
            raise TableRefused(_("The workbook unpacks to too much data."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise TableRefused(_("The file is not a readable XLSX workbook.")) from error
    if sheet is not None and sheet not in book.sheetnames:
        raise TableRefused(_("The workbook has no sheet named %(name)s."), name=sheet)
    try:
        for line in book[sheet or book.sheetnames[0]].iter_rows():
            yield [_cell_text(cell) for cell in line]
    finally:
        book.close()


def _cell_text(cell: Any) -> str | WrongCell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or type(value).__name__ in {"ArrayFormula", "DataTableFormula"}:
        return WrongCell(_("a formula; enter the value itself"))
    if cell.data_type == "e":
        return WrongCell(_("an error value of the spreadsheet"))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, float):
        # A spreadsheet stores 3 as 3.0; shortest text of the number is what the person typed.
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return _checked(str(value).strip())


def _header(lines: Iterator[list[str | WrongCell]], columns: Sequence[Column]) -> list[str]:
    names = [str(cell) for cell in next(lines, [])]
    while names and not names[-1]:
        names.pop()
    known = [column.name for column in columns]
    missing = [c.name for c in columns if c.required and c.name not in names]
    unknown = [name for name in names if name not in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems = [(_("missing"), missing), (_("unknown"), unknown), (_("twice"), twice)]
    errors = [RowError(1, n, n, reason) for reason, several in problems for n in several]
    if errors:
        raise TableRefused(
            _("The header does not fit. Columns expected: %(names)s."),
            errors=errors,
            names=", ".join(known),
        )
    return names


def _rows(
    lines: Iterator[list[str | WrongCell]],
    header: list[str],
    columns: Sequence[Column],
    reading: _Reading,
    rows_max: int,
) -> Iterator[Row]:
    for count, line in enumerate(lines, start=2):
        if not any(line):
            continue
        if count - 1 > rows_max:
            raise TableRefused(_("The file has more than %(count)d rows."), count=rows_max)
        if any(line[len(header) :]):
            reading.add(count, "", "", _("more cells than the header has columns"))
            continue
        cells = dict(zip(header, line + [""] * (len(header) - len(line)), strict=False))
        yield Row(
            count, {c.name: _value(c, cells.get(c.name, ""), count, reading) for c in columns}
        )


def _value(column: Column, cell: str | WrongCell, row: int, reading: _Reading) -> Any:
    if isinstance(cell, WrongCell):
        reading.add(row, column.name, "", cell.reason)
        return None
    if not cell:
        if column.required:
            reading.add(row, column.name, "", _("empty"))
        return column.default
    try:
        return column.parse(cell)
    except WrongCell as error:
        reading.add(row, column.name, cell, error.reason)
    except (ValueError, InvalidOperation):
        reading.add(row, column.name, cell, _("not in the form expected here"))
    return None


def _check_unique(rows: Sequence[Row], key: Sequence[str], reading: _Reading) -> None:
    if not key:
        return
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        identity = tuple(row[name] for name in key)
        if None in identity:
            continue
        if first.setdefault(identity, row.number) != row.number:
            shown = " ".join(str(part) for part in identity)
            reason = _("the same as in row %(row)d") % {"row": first[identity]}
            reading.add(row.number, "+".join(key), shown, reason)
