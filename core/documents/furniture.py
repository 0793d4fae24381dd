"""What stands around the text: red head and rule, page numbers, watermark, seal, QR code."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from math import cos, pi, radians, sin
from typing import Any

import segno
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

from core.documents import fonts
from core.documents.kit import Page
from core.documents.typeset import BLACK, Style, draw_string, text_width

RED = Color(0.78, 0.05, 0.05)
# Lighter than ink: what stands under the seal must stay legible, in grey print too.
SEAL_RED = Color(0.93, 0.36, 0.33)
GREY = Color(0.35, 0.35, 0.35)
PALE = Color(0.90, 0.90, 0.90)
SEAL_DIAMETER_MM = 40
# The quiet zone a reader may expect (ISO/IEC 18004): four modules on every side.
QUIET_MODULES = 4
QR_MM = 32
# Original and duplicate are made one after the other and have the same code.
QR_CODES_MAX = 64
DEMO_SEAL = "演示专用章"
_SMALL = Style(size=9, color=GREY)


def official(canvas: Any, page: Page) -> None:
    """Draw the page number of an official letter: — 1 — at the outer foot."""
    y = page.margins.bottom_mm * mm - 9 * mm
    label = f"— {page.number} —"
    style = Style(size=14, align="right" if page.number % 2 else "left")
    x = page.width - 30 * mm if page.number % 2 else 32 * mm
    draw_string(canvas=canvas, text=label, x=x, y=y, style=style)


def running(canvas: Any, page: Page) -> None:
    """Draw a running head with title, number and version, and 第 x 页 共 y 页 at the foot."""
    left, right = page.margins.left_mm * mm, page.width - (
        page.margins.right_mm * mm
    )
    top = page.height - page.margins.top_mm * mm + 7 * mm
    marks = "  ".join(filter(None, (page.document.number, page.document.version)))
    draw_string(canvas=canvas, text=page.document.title, x=left, y=top, style=_SMALL)
    draw_string(canvas=canvas, text=marks, x=right, y=top, style=_SMALL.but(align="right"))
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(GREY)
    canvas.line(left, top - 2 * mm, right, top - 2 * mm)
    page_of(canvas, page)


def page_of(canvas: Any, page: Page) -> None:
    """Draw 第 x 页 共 y 页 in the middle of the foot."""
    y = page.margins.bottom_mm * mm - 9 * mm
    text = f"第 {page.number} 页  共 {page.total} 页"
    draw_string(canvas=canvas, text=text, x=page.width / 2, y=y, style=_SMALL.but(align="center"))


def watermark(*, canvas: Any, page: Page, text: str) -> None:
    """Draw a pale text across the page, under everything else; nothing when it is empty."""
    pale_text(canvas=canvas, width=page.width, height=page.height, text=text)


def pale_text(*, canvas: Any, width: float, height: float, text: str) -> None:
    """Draw a watermark on a sheet of so many points; nothing when it is empty."""
    if not text:
        return
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(40)
    size = min(110.0, 620.0 / len(text))
    style = Style(font=fonts.BOLD, size=size, align="center", color=PALE)
    draw_string(canvas=canvas, text=text, x=0, y=-size * 0.36, style=style)
    canvas.restoreState()


def draw_qr(*, canvas: Any, url: str, x: float, y: float, side: float) -> None:
    """Draw a QR code as vectors with its lower left corner at a point; ``side`` in points."""
    modules, size = _qr(url)
    unit = side / (size + 2 * QUIET_MODULES)
    left, top = x + QUIET_MODULES * unit, y + side - QUIET_MODULES * unit
    canvas.addLiteral(
        f"q 1 g {x:.2f} {y:.2f} {side:.2f} {side:.2f} re f"
        f" 0 g {unit:.5f} 0 0 {-unit:.5f} {left:.2f} {top:.2f} cm {modules} f Q"
    )


@lru_cache(maxsize=QR_CODES_MAX)
def _qr(url: str) -> tuple[str, int]:
    """Return the dark modules as rectangles of whole units, and their number on a side."""
    matrix = segno.make(url, error="m", micro=False).matrix
    rectangles: list[str] = []
    # Dark neighbours are one rectangle, so that no hairline shows between them: in a row, and
    # down the rows as long as the same columns stay dark.
    begun: dict[tuple[int, int], int] = {}
    for row, modules in enumerate((*matrix, ())):
        column, dark = 0, set()
        for value, members in groupby(modules):
            width = len(list(members))
            if value:
                dark.add((column, width))
            column += width
        ended = [(*span, first) for span, first in begun.items() if span not in dark]
        rectangles += [f"{x} {first} {width} {row - first} re" for x, width, first in ended]
        begun = {span: begun.get(span, row) for span in sorted(dark)}
    return " ".join(rectangles), len(matrix)


def draw_seal(
    *, canvas: Any, name: str, x: float, y: float, demo: bool, diameter_mm: float = SEAL_DIAMETER_MM
) -> None:
    """
    Draw a round seal with its middle at a point: ring, name along the arc, star.

    A demonstration seal says so in its lower half; it binds nobody.
    """
    radius = diameter_mm * mm / 2
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColor(SEAL_RED)
    canvas.setFillColor(SEAL_RED)
    canvas.setLineWidth(radius * 0.06)
    canvas.circle(0, 0, radius * 0.96, stroke=1, fill=0)
    _arc_text(canvas, name, radius)
    _star(canvas, radius * 0.3)
    if demo:
        size = radius * 0.2
        style = Style(font=fonts.BOLD, size=size, align="center", color=SEAL_RED)
        draw_string(canvas=canvas, text=DEMO_SEAL, x=0, y=-radius * 0.62, style=style)
    canvas.restoreState()


def _arc_text(canvas: Any, name: str, radius: float) -> None:
    count = len(name)
    spread = min(220.0, 26.0 * count)
    size = min(radius * 0.3, radians(spread) * radius * 0.7 / max(count, 1))
    step = spread / max(count - 1, 1)
    style = Style(font=fonts.BOLD, size=size, align="center", color=SEAL_RED)
    for index, char in enumerate(name):
        canvas.saveState()
        canvas.rotate((spread / 2 - index * step) if count > 1 else 0)
        draw_string(canvas=canvas, text=char, x=0, y=radius * 0.88 - size, style=style)
        canvas.restoreState()


def _star(canvas: Any, radius: float) -> None:
    path = canvas.beginPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = pi / 2 + corner * pi / 5
        point = (reach * cos(angle), reach * sin(angle))
        (path.lineTo if corner else path.moveTo)(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


class RedHead(Flowable):
    """The head of an official letter: the authority in red, the number, a red rule."""

    def __init__(self, *, authority: str, number: str) -> None:
        super().__init__()
        self.authority = authority
        self.number = number

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Take the full width; long names of authorities are set smaller, on one line."""
        self.width = available_width
        self.size = min(40.0, available_width / max(len(self.authority), 1) * 0.98)
        self.height = self.size + 56
        return available_width, self.height

    def draw(self) -> None:
        """Draw name, number and rule."""
        name = Style(font=fonts.BOLD, size=self.size, align="center", color=RED)
        middle = self.width / 2
        draw_string(
            canvas=self.canv, text=self.authority, x=middle, y=self.height - self.size, style=name
        )
        number = Style(size=15, align="center")
        draw_string(canvas=self.canv, text=self.number, x=middle, y=16, style=number)
        self.canv.setStrokeColor(RED)
        self.canv.setLineWidth(1.6)
        self.canv.line(0, 4, self.width, 4)


class SignOff(Flowable):
    """The end of a letter: authority and date to the right, the seal over the date.

    With ``url`` a QR code stands to the left, ``caption`` below it.
    """

    def __init__(
        self,
        *,
        authority: str,
        day: str,
        demo: bool,
        size: float = 16,
        url: str = "",
        caption: str = "",
    ) -> None:
        super().__init__()
        self.authority, self.day, self.demo, self.size = authority, day, demo, size
        self.url, self.caption = url, caption

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Keep room for the whole seal, so that it never hangs over the edge of the text."""
        self.width = available_width
        self.height = SEAL_DIAMETER_MM * mm + 6
        return available_width, self.height

    def draw(self) -> None:
        """Draw the seal, then name and date centred on each other over it."""
        if self.url:
            side = QR_MM * mm
            draw_qr(canvas=self.canv, url=self.url, x=0, y=8 * mm, side=side)
            below = Style(size=9, align="center")
            draw_string(
                canvas=self.canv, text=self.caption, x=side / 2, y=4 * mm, style=below
            )
        style = Style(size=self.size, align="center", color=BLACK)
        widths = [
            text_width(text=text, font=style.font, size=style.size)
            for text in (self.authority, self.day)
        ]
        middle = self.width - max(*widths, SEAL_DIAMETER_MM * mm) / 2 - 2 * self.size
        middle = max(middle, max(widths) / 2)
        top = self.height / 2 + self.size * 0.7
        draw_seal(
            canvas=self.canv, name=self.authority, x=middle, y=self.height / 2, demo=self.demo
        )
        draw_string(canvas=self.canv, text=self.authority, x=middle, y=top, style=style)
        draw_string(
            canvas=self.canv, text=self.day, x=middle, y=top - self.size * 2.1, style=style
        )


class Ruled(Flowable):
    """A piece of text between two rules, as the copies of a letter are listed."""

    def __init__(self, content: Flowable) -> None:
        super().__init__()
        self.content = content

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Take the room of the text and a little air."""
        _, height = self.content.wrap(available_width - 12, available_height)
        self.width, self.height = available_width, height + 8
        return self.width, self.height

    def draw(self) -> None:
        """Draw the text and its two rules."""
        self.canv.setLineWidth(0.8)
        for y in (0, self.height):
            self.canv.line(0, y, self.width, y)
        self.content.drawOn(self.canv, 6, 4)
