"""
Forms: tables of labels and values on one page, measured once and drawn straight on it.

A table of reportlab measures every cell several times and may part between pages; the form of a
certificate does neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from reportlab.lib.units import mm

from core.documents.typeset import Line, Style, break_lines, draw_line

# A label and a value over the full width, or two labels with their values.
Row = tuple[str, ...]
SIDE, ABOVE, BELOW = 5.0, 3.5, 4.5
_GREY, _INK = "0.94 g", "0.15 G"


@dataclass(frozen=True, slots=True)
class _Cell:
    left: float
    width: float
    lines: Sequence[Line]
    style: Style
    label: bool

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading


@dataclass(frozen=True)
class Form:
    """A form of so many millimetres; an empty value is drawn as a dash."""

    rows: Sequence[Row]
    width_mm: float
    label_mm: float
    label: Style
    value: Style

    @property
    def height(self) -> float:
        """Return the height in points."""
        return sum(self._heights)

    def draw(self, *, canvas: Any, x: float, y: float) -> None:
        """Draw the form with its upper left corner at a point."""
        width = self.width_mm * mm
        tops = [y, *(y - used for used in accumulate(self._heights))]
        shades, rules = [], [f"{x:.2f} {t:.2f} m {x + width:.2f} {t:.2f} l" for t in tops[1:-1]]
        for cells, top, bottom in zip(self._cells, tops, tops[1:], strict=False):
            for cell in cells:
                left = x + cell.left
                if cell.label:
                    shades.append(
                        f"{left:.2f} {bottom:.2f} {cell.width:.2f} {top - bottom:.2f} re"
                    )
                if cell.left:
                    rules.append(f"{left:.2f} {bottom:.2f} m {left:.2f} {top:.2f} l")
        canvas.addLiteral(
            f"q {_GREY} {_INK} {' '.join(shades)} f 0.5 w {' '.join(rules)} S"
            f" 1 w {x:.2f} {tops[-1]:.2f} {width:.2f} {y - tops[-1]:.2f} re S Q"
        )
        for cells, top, bottom in zip(self._cells, tops, tops[1:], strict=False):
            for cell in cells:
                _write(canvas, cell, x, top, bottom)

    @cached_property
    def _cells(self) -> list[list[_Cell]]:
        label, width = self.label_mm * mm, self.width_mm * mm
        places = ((0.0, label), (label, width / 2 - label), (width / 2, label))
        found = []
        for row in self.rows:
            last = (label, width - label) if len(row) == 2 else (width / 2 + label, places[1][1])
            spans = [*places[: len(row) - 1], last]
            found.append(
                [
                    self._cell(text or "—", left, room, label=number % 2 == 0)
                    for number, (text, (left, room)) in enumerate(zip(row, spans, strict=True))
                ]
            )
        return found

    @cached_property
    def _heights(self) -> list[float]:
        return [max(cell.height for cell in cells) + ABOVE + BELOW for cells in self._cells]

    def _cell(self, text: str, left: float, width: float, *, label: bool) -> _Cell:
        style = self.label if label else self.value
        lines = break_lines(text=text, style=style, width=width - 2 * SIDE)
        return _Cell(left, width, lines, style, label)


def _write(canvas: Any, cell: _Cell, x: float, top: float, bottom: float) -> None:
    style, room = cell.style, cell.width - 2 * SIDE
    middle = (top + bottom + BELOW - ABOVE) / 2
    baseline = middle + cell.height / 2 - style.leading * 0.5 - style.size * 0.36
    for line in cell.lines:
        start = {"center": (room - line.width) / 2, "right": room - line.width}
        draw_line(
            canvas=canvas,
            line=line,
            x=x + cell.left + SIDE + line.indent + start.get(style.align, 0),
            y=baseline,
            style=style,
            air=0,
        )
        baseline -= style.leading
