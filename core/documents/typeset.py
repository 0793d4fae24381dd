"""
Chinese lines: where they may break, and how they fill the measure.

No line begins with a closing mark or ends with an opening one; a Latin word or a number stays
whole; the lines of a paragraph fill the measure on both sides by a little air between characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from reportlab.lib.colors import Color
from reportlab.platypus.flowables import Flowable

from core.documents import fonts

Align = Literal["left", "center", "right", "justify"]
BLACK = Color(0, 0, 0)
NO_LINE_START = frozenset("，。、；：？！）》〉」』】〕”’…—·％%℃,.;:?!)]}")
NO_LINE_END = frozenset("（《〈「『【〔“‘([{¥￥")
# More air than this between characters reads, and is copied, as a blank.
AIR_PER_EM_MAX = 0.09


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


@dataclass(frozen=True)
class Piece:
    """What must not be torn: one Chinese character with its marks, or one Latin word."""

    glyphs: tuple[tuple[str, str], ...]
    width: float
    blank: bool = False


@dataclass(frozen=True)
class Line:
    """One line: its pieces, its width in points, and whether the paragraph ends here."""

    pieces: tuple[Piece, ...]
    width: float
    indent: float
    last: bool


@lru_cache(maxsize=20_000)
def _width(char: str, font: str) -> float:
    return fonts.char_width(char=char, font=font)


def _kind(char: str) -> str:
    if char == " ":
        return "blank"
    return "word" if char.isascii() else "single"


def pieces(*, text: str, font: str, size: float) -> list[Piece]:
    """Cut one line-end-free text into pieces that may be parted from each other."""
    glyphs = [(name, char) for name, part in fonts.runs(text=text, font=font) for char in part]
    groups: list[list[tuple[str, str]]] = []
    for kind, members in groupby(glyphs, key=lambda glyph: _kind(glyph[1])):
        found = list(members)
        groups.extend([found] if kind != "single" else [[glyph] for glyph in found])
    joined: list[list[tuple[str, str]]] = []
    for group in groups:
        if joined and _clings(joined[-1], group):
            joined[-1] = joined[-1] + group
        else:
            joined.append(group)
    return [
        Piece(tuple(g), sum(_width(c, f) for f, c in g) * size, all(c == " " for _, c in g))
        for g in joined
    ]


def _clings(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> bool:
    end, start = before[-1][1], after[0][1]
    if end == " " or start == " ":
        return False
    return end in NO_LINE_END or start in NO_LINE_START


def break_lines(*, text: str, style: Style, width: float) -> list[Line]:
    """Return the lines of a text in a measure of ``width`` points."""
    lines: list[Line] = []
    for number, part in enumerate(fonts.normal(text).split("\n")):
        first = (style.first_indent if number == 0 or style.first_indent else 0) * style.size
        lines.extend(_fill(pieces(text=part, font=style.font, size=style.size), first, width))
    return lines


def _fill(parts: list[Piece], first_indent: float, width: float) -> list[Line]:
    lines: list[Line] = []
    current: list[Piece] = []
    used, indent = 0.0, first_indent
    for part in [p for whole in parts for p in _torn(whole, width - first_indent)]:
        if current and used + part.width > width - indent + 0.01:
            lines.append(_line(current, indent, last=False))
            current, used, indent = [], 0.0, 0.0
        if part.blank and not current and lines:
            continue
        current.append(part)
        used += part.width
    return [*lines, _line(current, indent, last=True)]


def _torn(part: Piece, width: float) -> list[Piece]:
    # A word longer than the measure (a hash, an address) has to be torn somewhere.
    if part.width <= width or len(part.glyphs) == 1:
        return [part]
    size = part.width / sum(_width(c, f) for f, c in part.glyphs)
    return [Piece(((f, c),), _width(c, f) * size) for f, c in part.glyphs]


def _line(parts: list[Piece], indent: float, *, last: bool) -> Line:
    while len(parts) > 1 and parts[-1].blank:
        parts = parts[:-1]
    return Line(tuple(parts), sum(p.width for p in parts), indent, last)


class Text(Flowable):
    """A paragraph of Chinese text; blanks and line ends of the text are kept."""

    def __init__(self, text: str, style: Style) -> None:
        super().__init__()
        self.text = fonts.normal(text)
        self.style = style
        self.lines: list[Line] | None = None
        self._measure = 0.0
        self.keepWithNext = style.keep_with_next
        # Cut at once, so that a missing glyph is refused where the text is given.
        fonts.runs(text=self.text.replace("\n", ""), font=style.font)

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
    text = canvas.beginText(x, y)
    text.setFillColor(style.color)
    glyphs = [
        (font, air if last else 0.0, char)
        for piece in line.pieces
        for last, (font, char) in _marked(piece)
    ]
    for (font, gap), members in groupby(glyphs, key=lambda glyph: glyph[:2]):
        text.setFont(font, style.size, style.leading)
        text.setCharSpace(gap)
        text.textOut("".join(char for _, _, char in members))
    text.setCharSpace(0)
    canvas.drawText(text)


def _marked(piece: Piece) -> list[tuple[bool, tuple[str, str]]]:
    end = len(piece.glyphs) - 1
    return [(index == end, glyph) for index, glyph in enumerate(piece.glyphs)]


def draw_string(*, canvas: Any, text: str, x: float, y: float, style: Style) -> None:
    """Draw a single line at a point: its left end, middle or right end by the style's align."""
    line = _line(pieces(text=text, font=style.font, size=style.size), 0, last=True)
    shift = {"center": line.width / 2, "right": line.width}.get(style.align, 0)
    draw_line(canvas=canvas, line=line, x=x - shift, y=y, style=style, air=0)
