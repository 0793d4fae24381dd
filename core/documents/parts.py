"""Pieces of an official page: titles, paragraphs, numbered lists, tables, contents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import ceil
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, PageBreak, Spacer, Table
from reportlab.platypus.flowables import Flowable

from core.documents import fonts
from core.documents.chinese import ordinal
from core.documents.kit import Pages
from core.documents.typeset import Align, Style, Text, draw_string, text_width

# Sizes are those Chinese offices name: 二号 22, 三号 16, 小四 12, 五号 10.5 points.
TITLE = Style(font=fonts.BOLD, size=22, leading=32, align="center", before=14, after=12)
LETTER = Style(size=16, leading=28, align="justify", first_indent=2)
ADDRESSEE = LETTER.but(first_indent=0, align="left")
LETTER_HEAD = LETTER.but(font=fonts.HEAD, keep_with_next=True, align="left")
BODY = Style(size=12, leading=21, align="justify", first_indent=2)
PLAIN = BODY.but(first_indent=0)
SECTION = Style(
    font=fonts.HEAD, size=13, leading=22, before=10, after=4, keep_with_next=True
)
CELL = Style(size=10.5, leading=16)
CELL_HEAD = CELL.but(font=fonts.HEAD, align="center")
NOTE = Style(size=9, leading=14)
# A heading needs this much below it, or goes to the next page with what it heads.
HEADING_ROOM_MM = 30
# Six characters of this size fit the narrowest label column.
LABEL_SIZE_MAX = 10
# A table of so many rows is not parted between two pages.
SHORT_TABLE_ROWS_MAX = 8
CELL_SIDE = 5
# Shorter cells fit on a page however narrow they are; the height is that of a page, in points.
LONG_CELL_CHARACTERS = 120
ROW_HEIGHT_MAX = 480.0
# The lines of a table of contents, and the room below its title, in points.
CONTENTS_LINE_MIN, CONTENTS_LINE_MAX = 16.0, 24.0
CONTENTS_HEIGHT = 640.0
RULE = Color(0.15, 0.15, 0.15)
LABEL_GREY = Color(0.94, 0.94, 0.94)


class Heading(Text):
    """A heading that stands in the outline of the file and can be listed in the contents."""

    def __init__(self, text: str, style: Style, notes: Pages | None = None) -> None:
        super().__init__(text, style)
        self.notes = notes

    def draw(self) -> None:
        """Draw the heading, and remember its page."""
        page = self.canv.getPageNumber()
        key = f"h{page}-{self.text}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.text.replace("\n", " "), key, level=0)
        if self.notes is not None:
            self.notes.note(title=self.text, page=page)
        super().draw()


def letter(text: str) -> Text:
    """Return a paragraph of a letter (三号)."""
    return Text(text, LETTER)


def listed(items: Iterable[str], *, style: Style = LETTER) -> list[Flowable]:
    """Return items numbered 1. 2. 3., each its own paragraph."""
    return [Text(f"{number}. {item}", style) for number, item in enumerate(items, 1)]


def chapters(
    found: Sequence[tuple[str, Sequence[Flowable]]], *, style: Style = LETTER_HEAD
) -> list[Flowable]:
    """Return chapters headed 一、 二、 三、; those without content are left out, unnumbered."""
    story: list[Flowable] = []
    for number, (title, content) in enumerate([c for c in found if c[1]], 1):
        heading = Heading(f"{ordinal(number)}、{title}", style.but(keep_with_next=False))
        first, *rest = content
        if isinstance(first, Table) and len(first._cellvalues) <= SHORT_TABLE_ROWS_MAX:
            story += [together(heading, first), *rest]
        else:
            # A heading kept with a long table would push the whole table to the next page.
            story += [room_for(HEADING_ROOM_MM), heading, *content]
    return story


def fields_table(
    rows: Sequence[tuple[str, str]], *, width_mm: float, label_mm: float = 32, style: Style = CELL
) -> Table:
    """Return a two-column form: label to the left on grey, value to the right."""
    cells = [
        [Text(label, style.but(font=fonts.HEAD, align="center")), Text(value or "—", style)]
        for label, value in rows
    ]
    commands = [*_base(), ("BACKGROUND", (0, 0), (0, -1), LABEL_GREY)]
    return Table(cells, colWidths=[label_mm * mm, (width_mm - label_mm) * mm], style=commands)


def pairs_table(
    rows: Sequence[tuple[str, ...]],
    *,
    width_mm: float,
    label_mm: float = 27,
    style: Style = CELL,
) -> Table:
    """Return a form: two labels with their values on a row, or one over the full width."""
    label = style.but(font=fonts.HEAD, align="center", size=min(style.size, LABEL_SIZE_MAX))
    cells: list[list[Any]] = []
    commands = [*_base(), ("BACKGROUND", (0, 0), (0, -1), LABEL_GREY)]
    for number, row in enumerate(rows):
        texts = [Text(text or "—", style if i % 2 else label) for i, text in enumerate(row)]
        cells.append([*texts, "", ""][:4])
        if len(row) == 2:
            commands.append(("SPAN", (1, number), (3, number)))
        else:
            commands.append(("BACKGROUND", (2, number), (2, number), LABEL_GREY))
    half = (width_mm / 2 - label_mm) * mm
    return Table(cells, colWidths=[label_mm * mm, half, label_mm * mm, half], style=commands)


def grid(
    *,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_mm: Sequence[float],
    aligns: Sequence[Align] | None = None,
    total: Sequence[str] | None = None,
    style: Style = CELL,
) -> Table:
    """
    Return a table whose head repeats on every page; ``total`` is set as a bold last row.

    A row is never parted between pages; one that no page holds goes on in a row of its own.
    """
    wanted: Sequence[Align] = aligns or ["left"] * len(head)
    heads = style.but(font=fonts.HEAD, align="center")
    cells = [[Text(text, heads) for text in head]]
    for row in rows:
        texts = [Text(t or "—", style.but(align=a)) for t, a in zip(row, wanted, strict=True)]
        cells += _bearable(texts, widths_mm)
    if total is not None:
        bold = style.but(font=fonts.HEAD)
        cells.append([Text(t, bold.but(align=a)) for t, a in zip(total, wanted, strict=True)])
    commands = [*_base(), ("BACKGROUND", (0, 0), (-1, 0), LABEL_GREY)]
    if total is not None:
        commands.append(("LINEABOVE", (0, -1), (-1, -1), 1.2, RULE))
    return Table(cells, colWidths=[w * mm for w in widths_mm], repeatRows=1, style=commands)


def _bearable(cells: list[Text], widths_mm: Sequence[float]) -> list[list[Text]]:
    """Return a row as it is, or as several when no page would hold it."""
    if max(len(cell.text) for cell in cells) < LONG_CELL_CHARACTERS:
        return [cells]
    for cell, width in zip(cells, widths_mm, strict=True):
        cell.wrap(width * mm - 2 * CELL_SIDE, 0)
    parts = [
        cell.parts(int(ROW_HEIGHT_MAX // cell.style.leading)) for cell in cells
    ]
    return [
        [part or Text("", cell.style) for part, cell in zip(row, cells, strict=True)]
        for row in zip_longest(*parts)
    ]


def _base() -> list[Any]:
    return [
        # Named although every cell is a paragraph: else an un-embedded Helvetica slips in.
        ("FONTNAME", (0, 0), (-1, -1), fonts.BODY),
        ("GRID", (0, 0), (-1, -1), 0.5, RULE),
        ("BOX", (0, 0), (-1, -1), 1.0, RULE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), CELL_SIDE),
        ("RIGHTPADDING", (0, 0), (-1, -1), CELL_SIDE),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ]


def blanks(*, rows: Sequence[Sequence[str]], width_mm: float, height_mm: float = 14) -> Table:
    """Return boxes to be filled by hand, each with its label."""
    cells = [[Text(text, CELL) for text in row] for row in rows]
    count = len(rows[0]) if rows else 1
    return Table(
        cells or [[Text("", CELL)]],
        colWidths=[width_mm * mm / count] * count,
        rowHeights=[height_mm * mm] * max(len(rows), 1),
        style=_base(),
    )


def gap(height_mm: float) -> Spacer:
    """Return an empty height in millimetres."""
    return Spacer(1, height_mm * mm)


def together(*content: Flowable) -> KeepTogether:
    """Keep some pieces on one page."""
    return KeepTogether(list(content))


def page_break() -> PageBreak:
    """Begin a new page."""
    return PageBreak()


def room_for(height_mm: float) -> CondPageBreak:
    """Begin a new page unless so many millimetres are left."""
    return CondPageBreak(height_mm * mm)


class ContentsLine(Flowable):
    """One line of a table of contents: title, dots, page; ``height`` in points."""

    def __init__(self, *, title: str, page: int, height: float = CONTENTS_LINE_MAX) -> None:
        super().__init__()
        self.title, self.page, self.height = title, page, height

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Take one line of the full width; a long title is set smaller."""
        self.width = available_width
        used = text_width(text=self.title, font=fonts.BODY, size=1)
        self.size = min(12.0, self.height * 0.62, (available_width - 40) / max(used, 1))
        return available_width, self.height

    def draw(self) -> None:
        """Draw the title from the left, the page to the right, dots between."""
        style = Style(size=self.size)
        used = text_width(text=self.title, font=style.font, size=style.size)
        base = (self.height - self.size) / 2 + self.size * 0.14
        draw_string(canvas=self.canv, text=self.title, x=0, y=base, style=style)
        right = style.but(align="right")
        draw_string(canvas=self.canv, text=str(self.page), x=self.width, y=base, style=right)
        self.canv.setDash(0.8, 3)
        self.canv.setLineWidth(0.8)
        self.canv.line(used + 6, base + self.size * 0.25, self.width - 24, base + self.size * 0.25)
        self.canv.setDash()


def contents(pages: Pages) -> list[Flowable]:
    """
    Return the table of contents that the first pass learnt.

    It is set closer to stay on one page; what needs several is spread evenly over them.
    """
    count = len(pages.headings)
    sheets = max(1, ceil(count * CONTENTS_LINE_MIN / CONTENTS_HEIGHT))
    each = max(1, ceil(count / sheets))
    height = max(CONTENTS_LINE_MIN, min(CONTENTS_LINE_MAX, CONTENTS_HEIGHT / each))
    story: list[Flowable] = []
    for number, (title, page) in enumerate(pages.headings):
        if number and number % each == 0:
            story.append(page_break())
        story.append(ContentsLine(title=title, page=page, height=height))
    return story
