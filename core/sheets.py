"""
Tables for people to take away: XLSX and CSV, row by row, safe to open.

A text that a spreadsheet program would read as a formula stays a text (CWE-1236); codes and long
numbers stay as they are written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# What a cell of a spreadsheet holds at most, and the longest name of a sheet.
CELL_CHARACTERS_MAX = 32_000
SHEET_CHARACTERS_MAX = 31
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TEXT_FORMAT, DAY_FORMAT, TIME_FORMAT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
BOM = "\ufeff"

Value = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its title, and its width in characters."""

    title: str
    width: int = 18


def xlsx(
    *, sheet: str, headings: Sequence[Heading], rows: Iterable[Sequence[Value]], made_by: str
) -> bytes:
    """
    Return a workbook with one sheet, its header frozen; rows are taken one by one.

    Texts are cells of text whatever they look like; moments are in Asia/Shanghai.
    """
    book = Workbook(write_only=True)
    book.properties.creator = made_by
    page = book.create_sheet(title=_sheet_name(sheet))
    page.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(number)].width = heading.width
    page.append([_bold(page, heading.title) for heading in headings])
    try:
        for row in rows:
            page.append([_cell(page, value) for value in row])
    except Exception:
        # An unfinished sheet is an open file; whoever gave it up should leave none.
        page.close()
        raise
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def comma_separated(*, headings: Sequence[Heading], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return UTF-8 with a BOM, so that Excel and WPS read the Chinese; lines end in CRLF."""
    target = io.StringIO()
    target.write(BOM)
    writer = csv.writer(target)
    writer.writerow([heading.title for heading in headings])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return target.getvalue().encode("utf-8")


def _sheet_name(text: str) -> str:
    kept = "".join("·" if c in "[]:*?/\\'" else c for c in text)
    return kept[:SHEET_CHARACTERS_MAX] or "Sheet"


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=_clean(text))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: Value) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, value=timezone.localtime(value).replace(tzinfo=None))
        cell.number_format = TIME_FORMAT
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = DAY_FORMAT
        return cell
    cell = WriteOnlyCell(page, value=_clean(value))
    # The library takes a leading "=" for a formula; what people wrote is never one.
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    return cell


def _clean(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:CELL_CHARACTERS_MAX]


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = _clean(str(value))
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text
