"""
Fonts of the documents: found, registered once, and asked whether they can draw a text.

A character missing from the wanted font is drawn by the next one of its chain; a character
missing from the whole chain stops the document.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from core.documents.errors import FontsAbsent, MissingGlyph

BODY = "NotoSerifSC-Regular"
BOLD = "NotoSerifSC-Bold"
HEAD = "NotoSansSC-Bold"
PLAIN = "NotoSansSC-Regular"
_FILES = {
    BODY: "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    BOLD: "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    HEAD: "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    PLAIN: "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
}
_CHAINS = {BODY: (BODY, PLAIN), BOLD: (BOLD, HEAD), HEAD: (HEAD, BOLD), PLAIN: (PLAIN, BODY)}
# A /ToUnicode block holds at most a hundred entries (PDF 32000-1, 9.10.3).
_CMAP_ENTRIES_MAX = 100

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
        for file in _FILES.values():
            if not (folder / file).is_file():
                raise FontsAbsent(file=Path(file).name)
        ttfonts.makeToUnicodeCMap = _unicode_map
        for name, file in _FILES.items():
            pdfmetrics.registerFont(ttfonts.TTFont(name, str(folder / file)))
        # Without this reportlab mentions an un-embedded Helvetica on every page.
        rl_config.canvas_basefontname = BODY
        _registered.set()


def runs(*, text: str, font: str) -> list[tuple[str, str]]:
    """
    Cut a text into (font, part) so that each part can be drawn by its font.

    :raises MissingGlyph: naming every character that no font of the chain has.
    """
    register_fonts()
    wide = _CHAINS[font]
    faces = [(name, pdfmetrics.getFont(name).face.charToGlyph) for name in wide]
    missing = [c for c in text if not any(ord(c) in glyphs for _, glyphs in faces)]
    if missing:
        raise _missing(missing)

    def choice(char: str) -> str:
        return next(name for name, glyphs in faces if ord(char) in glyphs)

    return [(name, "".join(part)) for name, part in groupby(text, key=choice)]


def char_width(*, char: str, font: str) -> float:
    """Return the width of one character in parts of the font size (1.0 is a full square)."""
    return float(pdfmetrics.stringWidth(char, font, 1))


def check_glyphs(facts: Any) -> None:
    """
    Refuse facts that hold a character no font can draw, naming all of them at once.

    :raises MissingGlyph: naming every such character.
    """
    register_fonts()
    known = [pdfmetrics.getFont(name).face.charToGlyph for name in _CHAINS[BODY]]
    missing = [
        char
        for text in strings(facts)
        for char in normal(text)
        if char != "\n" and not any(ord(char) in glyphs for glyphs in known)
    ]
    if missing:
        raise _missing(missing)


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


def _missing(characters: Sequence[str]) -> MissingGlyph:
    named = "、".join(
        f"“{c}” (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}"
        for c in sorted(set(characters))
    )
    return MissingGlyph(characters=named)


def _unicode_map(font_name: str, subset: Sequence[int]) -> str:
    # reportlab writes characters above U+FFFF as five hexadecimal digits, which readers take for
    # something else: the glyph is drawn right and copied wrong. UTF-16BE is what the format wants.
    entries = [f"<{i:02X}> <{chr(v).encode('utf-16-be').hex()}>" for i, v in enumerate(subset)]
    blocks = [
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
        for part in (
            entries[i : i + _CMAP_ENTRIES_MAX] for i in range(0, len(entries), _CMAP_ENTRIES_MAX)
        )
    ]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({font_name})",
            f"/Ordering ({font_name})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
