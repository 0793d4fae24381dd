"""What a signature shows in its box: a few lines in an embedded font, in a thin frame."""

from __future__ import annotations

import binascii
import io
from collections.abc import Sequence

from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from core.documents import fonts
from core.documents.typeset import Style, draw_string, pieces

FRAME = Color(0.45, 0.45, 0.45)
PADDING_POINTS = 4.0
LEADING = 1.4
SIZE_POINTS_MAX = 9.0


class Drawing(PdfContent):
    """A small page drawn by us, placed into the box of a signature with its own fonts."""

    def __init__(self, *, page: bytes, width: float, height: float) -> None:
        super().__init__(box=BoxConstraints(width=width, height=height))
        self.page = page

    def render(self) -> bytes:
        """Return the instruction that paints the page, after bringing it into the document."""
        reader = PdfFileReader(io.BytesIO(self.page))
        form = self._ensure_writer.import_page_as_xobject(reader)
        name = "/Stamp" + binascii.hexlify(self.page[-8:]).decode("ascii")
        self.resources[ResourceType.XOBJECT][pdf_name(name)] = form
        return f"q {name} Do Q".encode("ascii")


def draw(lines: Sequence[str], width: float, height: float) -> Drawing | None:
    """
    Return the picture of some lines in a box of so many points; nothing for no lines.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    if not lines:
        return None
    fonts.register_fonts()
    file = io.BytesIO()
    canvas = Canvas(
        file, pagesize=(width, height), invariant=1, pageCompression=1, initialFontName=fonts.PLAIN
    )
    canvas.setStrokeColor(FRAME)
    canvas.setLineWidth(0.5)
    canvas.rect(0.5, 0.5, width - 1, height - 1)
    size = _size(lines, width, height)
    top = (height + len(lines) * size * LEADING) / 2
    for number, line in enumerate(lines, 1):
        draw_string(
            canvas=canvas,
            text=line,
            x=PADDING_POINTS,
            y=top - number * size * LEADING + size * (LEADING - 1),
            style=Style(font=fonts.PLAIN, size=size),
        )
    canvas.save()
    return Drawing(page=file.getvalue(), width=width, height=height)


def _size(lines: Sequence[str], width: float, height: float) -> float:
    """Return the largest size at which every line fits."""
    longest = max(
        sum(piece.width for piece in pieces(text=line, font=fonts.PLAIN, size=1)) for line in lines
    )
    room = width - 2 * PADDING_POINTS
    return min(SIZE_POINTS_MAX, room / max(longest, 1), (height - 4) / (len(lines) * LEADING))
