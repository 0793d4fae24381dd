"""
Fonts of the documents: found, registered once, and asked whether they can draw a text.

A character missing from the wanted font is drawn by the next one of its chain; a character
missing from the whole chain stops the document.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics

from core.documents.errors import FontsAbsent, MissingGlyph
from core.documents.faces import Font

BODY = "NotoSerifSC-Regular"
BOLD = "NotoSerifSC-Bold"
HEAD = "NotoSansSC-Bold"
PLAIN = "NotoSansSC-Regular"
FILES = {
    BODY: "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    BOLD: "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    HEAD: "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    PLAIN: "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
}
_CHAINS = {BODY: (BODY, PLAIN), BOLD: (BOLD, HEAD), HEAD: (HEAD, BOLD), PLAIN: (PLAIN, BODY)}
_registered = threading.Event()
_lock = threading.Lock()


def register_fonts() -> None:
    """
    Load and register the document fonts, once per process.

    :raises FontsAbsent: a font file is not where DOCUMENT_FONTS_DIR says.
    """
    if _registered.is_set():
        return
    with _lock:
        if _registered.is_set():
            return
        folder = Path(settings.DOCUMENT_FONTS_DIR)
        for file in FILES.values():
            if not (folder / file).is_file():
                raise FontsAbsent(file=Path(file).name)
        for name, file in FILES.items():
            pdfmetrics.registerFont(Font(name, str(folder / file)))
        # Without this reportlab mentions an un-embedded Helvetica on every page.
        rl_config.canvas_basefontname = BODY
        # Pages as bytes; written as letters they would be a quarter larger.
        rl_config.useA85 = 0
        _registered.set()


def runs(*, text: str, font: str) -> list[tuple[str, str]]:
    """
    Cut a text into (font, part) so that each part can be drawn by its font.

    :raises MissingGlyph: naming every character that no font of the chain has.
    """
    if not text:
        return []
    if drawn_by(font).issuperset(text):
        return [(font, text)]
    chain = _CHAINS[font]
    check(text=text, font=font)

    def choice(char: str) -> str:
        return next(name for name in chain if char in drawn_by(name))

    return [(name, "".join(part)) for name, part in groupby(text, key=choice)]


def check(*, text: str, font: str) -> None:
    """
    Refuse a text that a font and those after it cannot draw.

    :raises MissingGlyph: naming every character that no font of the chain has.
    """
    missing = set(text).difference(*(drawn_by(name) for name in _CHAINS[font]))
    if missing:
        raise _missing(missing)


def char_widths(font: str) -> Mapping[str, float]:
    """Return the widths of characters in parts of the font size (1.0 is a full square)."""
    register_fonts()
    return _widths(font)


def check_glyphs(facts: Any) -> None:
    """
    Refuse facts that hold a character no font can draw, naming all of them at once.

    :raises MissingGlyph: naming every such character.
    """
    check(text=normal("".join(strings(facts))).replace("\n", ""), font=BODY)


@lru_cache(maxsize=len(FILES))
def drawn_by(font: str) -> frozenset[str]:
    """Return every character that one font can draw."""
    register_fonts()
    return frozenset(map(chr, pdfmetrics.getFont(font).face.charToGlyph))


class _Widths(dict[str, float]):
    """The width of each character, by the first font of a chain that has it."""

    def __init__(self, font: str) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, char: str) -> float:
        [(name, _)] = runs(text=char, font=self._font)
        self[char] = width = float(pdfmetrics.stringWidth(char, name, 1))
        return width


_widths = lru_cache(maxsize=len(FILES))(_Widths)


def strings(facts: Any) -> Iterator[str]:
    """Walk a dataclass, tuple or string and give every string in it."""
    if isinstance(facts, str):
        yield facts
    elif dataclasses.is_dataclass(facts) and not isinstance(facts, type):
        for field in dataclasses.fields(facts):
            yield from strings(getattr(facts, field.name))
    elif isinstance(facts, list | tuple):
        for item in facts:
            yield from strings(item)
    elif facts is not None and not isinstance(facts, int | date):
        yield str(facts)


def normal(text: str) -> str:
    """Return a text with one kind of line end and one kind of blank."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")


def _missing(characters: Iterable[str]) -> MissingGlyph:
    named = "、".join(
        f"“{c}” (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}"
        for c in sorted(set(characters))
    )
    return MissingGlyph(characters=named)
