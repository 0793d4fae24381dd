"""
Chinese lines: where they may break, and how they fill the measure.

No line begins with a closing mark or ends with an opening one; a Latin word or a number stays
whole; the lines of a paragraph fill the measure on both sides by a little air between characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus.flowables import Flowable

from core.documents import fonts

Align = Literal["left", "center", "right", "justify"]
BLACK = Color(0, 0, 0)
NO_LINE_START = frozenset("，。、；：？！）》〉」』】〕”’…—·％%℃,.;:?!)]}")
NO_LINE_END = frozenset("（《〈「『【〔“‘([{¥￥")
# More air than this between characters reads, and is copied, as a blank.
AIR_PER_EM_MAX = 0.09


def _pieces_pattern() -> re.Pattern[str]:
    # The year and number of an official paper stay together: 〔2024〕7号.
    unit = r"(?:〔[0-9]{4}〕[0-9]+号|[\x00-\x1f\x21-\x7f]+|[^\x00-\x7f])"
    start, end = (re.escape("".join(sorted(marks))) for marks in (NO_LINE_START, NO_LINE_END))
    return re.compile(f" +|{unit}(?:(?<=[{end}]){unit}|(?=[{start}]){unit})*")


_PIECE = _pieces_pattern()


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; all lengths in points, indents in characters."""

    font: str = fonts.BODY
    size: float = 12
    leading: float = 20
    align: Align = "left"
    first_indent: float = 0
    left_indent: float = 0
    before: float = 0
    after: float = 0
    color: Color = BLACK
    keep_with_next: bool = False

    def but(self, **changes: Any) -> Style:
        """Return this style with some changes."""
        return replace(self, **changes)


class Piece(NamedTuple):
    """What must not be torn: one Chinese character with its marks, or one Latin word."""

    text: str
    width: float
    blank: bool = False


class Line(NamedTuple):
    """One line: its pieces, its width in points, and whether the paragraph ends here."""

    pieces: Sequence[Piece]
    width: float
    indent: float
    last: bool


def text_width(*, text: str, font: str, size: float) -> float:
    """Return the width of a text on one line, in points."""
    return sum(map(fonts.char_widths(font).__getitem__, text)) * size


def pieces(*, text: str, font: str, size: float) -> list[Piece]:
    """Cut one line-end-free text into pieces that may be parted from each other."""
    width = fonts.char_widths(font).__getitem__
    return [
        Piece(part, sum(map(width, part)) * size, part[0] == " ") for part in _PIECE.findall(text)
    ]


def break_lines(*, text: str, style: Style, width: float) -> list[Line]:
    """Return the lines of a text in a measure of ``width`` points."""
    lines: list[Line] = []
    for number, part in enumerate(fonts.normal(text).split("\n")):
        first = (style.first_indent if number == 0 or style.first_indent else 0) * style.size
        # Most texts of a table fit on one line and need not be cut to pieces.
        shown = part.rstrip(" ")
        used = text_width(text=shown, font=style.font, size=style.size)
        if shown and used + first <= width:
            lines.append(Line([Piece(shown, used)], used, first, last=True))
        else:
            lines.extend(_fill(part, style, first, width))
    return lines


def _fill(text: str, style: Style, first_indent: float, width: float) -> list[Line]:
    lines: list[Line] = []
    current: list[Piece] = []
    used, indent = 0.0, first_indent
    parts = pieces(text=text, font=style.font, size=style.size)
    for part in [p for whole in parts for p in _torn(whole, style, width - first_indent)]:
        if current and used + part.width > width - indent + 0.01:
            lines.append(_line(current, indent, last=False))
            current, used, indent = [], 0.0, 0.0
        if part.blank and not current and lines:
            continue
        current.append(part)
        used += part.width
    return [*lines, _line(current, indent, last=True)]


def _torn(part: Piece, style: Style, width: float) -> list[Piece]:
    # A word longer than the measure (a hash, an address) has to be torn somewhere.
    if part.width <= width or len(part.text) == 1:
        return [part]
    widths = fonts.char_widths(style.font)
    return [Piece(char, widths[char] * style.size) for char in part.text]


def _line(parts: list[Piece], indent: float, *, last: bool) -> Line:
    while len(parts) > 1 and parts[-1].blank:
        parts = parts[:-1]
    return Line(parts, sum(p.width for p in parts), indent, last)


class Text(Flowable):
    """A paragraph of Chinese text; blanks and line ends of the text are kept."""

    def __init__(self, text: str, style: Style) -> None:
        super().__init__()
        self.text = fonts.normal(text)
        self.style = style
        self.lines: list[Line] | None = None
        self._measure = 0.0
        self.keepWithNext = style.keep_with_next
        # Asked at once, so that a missing glyph is refused where the text is given.
        fonts.check(text=self.text.replace("\n", ""), font=style.font)

    def getSpaceBefore(self) -> float:  # noqa: N802
        return self.style.before

    def getSpaceAfter(self) -> float:  # noqa: N802
        return self.style.after

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Break the lines for a measure; return the room they take, in points."""
        self.width = available_width
        if self.lines is None or self._measure != available_width:
            self._measure = available_width
            inner = available_width - self.style.left_indent * self.style.size
            self.lines = break_lines(text=self.text, style=self.style, width=inner)
        self.height = len(self.lines) * self.style.leading
        return available_width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Part the paragraph between two pages, never leaving a single line on either side."""
        self.wrap(available_width, available_height)
        lines = self.lines or []
        fitting = int(available_height // self.style.leading)
        if len(lines) - fitting == 1:
            fitting -= 1
        if fitting < 2 or fitting >= len(lines):
            return []
        return [self._part(lines[:fitting]), self._part(lines[fitting:])]

    def parts(self, lines_max: int) -> list[Text]:
        """Return the wrapped paragraph as parts of at most so many lines."""
        lines = self.lines or []
        cuts = range(0, len(lines), lines_max)
        return [self._part(lines[cut : cut + lines_max]) for cut in cuts]

    def _part(self, lines: list[Line]) -> Text:
        part = Text("", self.style)
        part.lines, part._measure, part.text = lines, self._measure, self.text
        return part

    def draw(self) -> None:
        """Draw the lines on the canvas."""
        style = self.style
        left = style.left_indent * style.size
        baseline = self.height - style.leading * 0.5 - style.size * 0.36
        for line in self.lines or []:
            room = self.width - left - line.indent
            start = {"center": (room - line.width) / 2, "right": room - line.width}
            air = _air(line, room, style.size) if style.align == "justify" else 0
            draw_line(
                canvas=self.canv,
                line=line,
                x=left + line.indent + start.get(style.align, 0),
                y=baseline,
                style=style,
                air=air,
            )
            baseline -= style.leading


def _air(line: Line, room: float, size: float) -> float:
    if line.last or len(line.pieces) < 2:
        return 0
    air = (room - line.width) / (len(line.pieces) - 1)
    return air if 0 < air <= AIR_PER_EM_MAX * size else 0


def draw_line(*, canvas: Any, line: Line, x: float, y: float, style: Style, air: float) -> None:
    """Draw one line at a point, with ``air`` points after each piece."""
    texts = [piece.text for piece in line.pieces]
    if not air:
        texts = ["".join(texts)]
    gap = f"{-1000 * air / style.size:.1f}"
    text = shown(canvas=canvas, texts=texts, style=style, gap=gap)
    canvas.addLiteral(f"BT {_paint(style.color)} 1 0 0 1 {x:.2f} {y:.2f} Tm{text} ET")


def shown(*, canvas: Any, texts: Sequence[str], style: Style, gap: str) -> str:
    """Return the operators that show some texts in a row, with ``gap`` between them (TJ)."""
    code, current = "", ""
    for number, text in enumerate(texts):
        if number and current:
            code += gap
        for font, part in fonts.runs(text=text, font=style.font):
            codes = pdfmetrics.getFont(font).codes(canvas._doc)
            if font != current:
                code += f"{']TJ' if current else ''} /{codes.name} {style.size:.4g} Tf["
                current = font
            code += f"<{''.join(map(codes.__getitem__, part))}>"
    return f"{code}]TJ" if current else ""


@lru_cache(maxsize=64)
def _paint(color: Color) -> str:
    red, green, blue = (f"{part:.3g}" for part in color.rgb())
    return f"{red} g" if red == green == blue else f"{red} {green} {blue} rg"


def draw_string(*, canvas: Any, text: str, x: float, y: float, style: Style) -> None:
    """Draw a single line at a point: its left end, middle or right end by the style's align."""
    used = text_width(text=text, font=style.font, size=style.size)
    shift = {"center": used / 2, "right": used}.get(style.align, 0)
    line = Line([Piece(text, used)], used, 0, last=True)
    draw_line(canvas=canvas, line=line, x=x - shift, y=y, style=style, air=0)
