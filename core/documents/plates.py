"""
Plates: what all pages of a kind have in common, drawn and compressed once.

A plate is a page content of its own (a form, PDF 32000-1, 8.10) and the characters it needs of
each typeface. A document that begins with a plate gives these characters the same codes, so that
neither the content nor this part of the fonts is made again.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from core.documents import fonts

_NAME = "plate"


@dataclass(frozen=True, slots=True)
class Plate:
    """The compressed content of a plate, and (font, characters) in the order of their codes."""

    content: bytes
    alphabets: tuple[tuple[str, str], ...]


def make(
    *, draw: Callable[[Canvas], None], further: Sequence[tuple[str, str]] = (), level: int = 9
) -> Plate:
    """
    Return the plate that ``draw`` draws on a page of A4.

    ``further`` names fonts with characters that nearly every page of the kind needs beside it.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    fonts.register_fonts()
    canvas = Canvas(io.BytesIO(), pagesize=A4, invariant=1, initialFontName=fonts.BODY)
    draw(canvas)
    for wanted, text in further:
        for font, part in fonts.runs(text=text, font=wanted):
            codes = pdfmetrics.getFont(font).codes(canvas._doc)
            for char in part:
                codes[char]
    return Plate(
        content=zlib.compress("\n".join(canvas._code).encode("ascii"), level),
        alphabets=tuple(
            (name, "".join(pdfmetrics.getFont(name).codes(canvas._doc).characters))
            for name in canvas._doc.fontMapping
        ),
    )


def begin(*, canvas: Canvas, plate: Plate) -> None:
    """Give the characters of a plate their codes; before anything is written on the canvas."""
    assert not canvas._doc.fontMapping, "a plate comes before every text"
    for font, alphabet in plate.alphabets:
        pdfmetrics.getFont(font).codes(canvas._doc, alphabet=alphabet)


def stamp(*, canvas: Any, plate: Plate) -> None:
    """Draw the plate with which the document began."""
    if not canvas.hasForm(_NAME):
        form = pdfdoc.PDFStream(
            pdfdoc.PDFDictionary(
                {
                    "Type": "/XObject",
                    "Subtype": "/Form",
                    "BBox": f"[0 0 {A4[0]:.2f} {A4[1]:.2f}]",
                    "Filter": "/FlateDecode",
                    "Resources": pdfdoc.PDFDictionary(
                        {"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)}
                    ),
                }
            ),
            plate.content,
        )
        canvas._doc.Reference(form, pdfdoc.xObjectName(_NAME))
    canvas.doForm(_NAME)
