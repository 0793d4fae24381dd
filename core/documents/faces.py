"""
Typefaces, cut to the characters that a document uses.

reportlab cuts a font into simple ones of 255 glyphs, copies tables that a PDF does not need, and
does all of it anew for every document. Here a document has one composite font per typeface
(Identity-H, PDF 32000-1, 9.7.5.2), and the characters with which all documents of a kind begin
(their alphabet) are cut and compressed once in a process.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, ttfonts

# Above this level the time doubles and the file shrinks by less than a hundredth.
LEVEL = 5
# What is compressed once in a process may take its time.
LEVEL_ONCE = 9
FULL_WIDTH = 1000
ALPHABETS_MAX = 256
# What a PDF asks of a TrueType font (PDF 32000-1, 9.9), beside the tables that depend on the cut.
_COPIED = (b"cvt ", b"fpgm", b"prep")
# The codes of a range in a /ToUnicode map differ in their last byte only (9.10.3).
_MAP_ENTRIES = 256
_SHORT_OFFSETS_END = 0x1FFFE
_HEAD_ADJUSTMENT, _HEAD_LONG_OFFSETS = 8, 50
_MAGIC_SUM = 0xB1B0AFBA
_WHOLE = 0xFFFFFFFF
_WINDOW = 1 << zlib.MAX_WBITS


class Codes(dict[str, str]):
    """The code of each character in one document, in hexadecimal; a new one gets the next."""

    def __init__(self, alphabet: str = "") -> None:
        super().__init__()
        self.alphabet = alphabet
        self.characters = list(alphabet)
        self.name = ""
        self.update((char, f"{n:04x}") for n, char in enumerate(alphabet, 1))

    def __missing__(self, char: str) -> str:
        self.characters.append(char)
        self[char] = code = f"{len(self.characters):04x}"
        return code


@dataclass(frozen=True, slots=True)
class _Run:
    """Glyphs in a row: their outlines as they are and compressed, lengths, metrics, sum."""

    outlines: bytes
    compressed: bytes
    lengths: tuple[int, ...]
    metrics: bytes
    checksum: int


class Face(ttfonts.TTFontFace):
    """A TrueType face that is cut faster and smaller."""

    def cut(self, *, characters: str, alphabet: str) -> tuple[bytes, int]:
        """
        Return a font file of some characters, compressed as a PDF wants it, and its plain length.

        Glyph 0 is the missing character, glyph n the n-th of ``characters``, which begin with
        ``alphabet``.
        """
        runs = [_first_run(self, alphabet)]
        if len(characters) > len(alphabet):
            further = [self.charToGlyph[ord(c)] for c in characters[len(alphabet) :]]
            runs.append(self.run(further, before=runs[0].outlines))
        head = self._head(runs)
        check, length = zlib.adler32(head), len(head)
        for run in runs:
            check, length = zlib.adler32(run.outlines, check), length + len(run.outlines)
        # A deflate stream may be put together from parts that end on a whole byte (RFC 1951).
        stream = b"".join(
            (
                b"\x78\x5e",
                _deflated(head),
                *(run.compressed for run in runs),
                b"\x03\x00",
                check.to_bytes(4, "big"),
            )
        )
        return stream, length

    def run(self, glyphs: list[int], *, level: int = LEVEL, before: bytes = b"") -> _Run:
        """
        Return the glyphs of these numbers; ``before`` is what precedes them in the file.

        :raises TTFError: a glyph is made of others; the fonts of the documents have none.
        """
        start = self.get_table_pos("glyf")[0]
        data, places = self._ttf_data, self.glyphPos
        outlines = []
        for glyph in glyphs:
            outline = data[start + places[glyph] : start + places[glyph + 1]]
            if outline[:1] == b"\xff":
                raise ttfonts.TTFError(f"glyph {glyph} of {self.filename} is made of others")
            outlines.append(outline + b"\0" * (-len(outline) % 4))
        whole = b"".join(outlines)
        numbers = [int(n) for glyph in glyphs for n in self.hmetrics[glyph]]
        return _Run(
            outlines=whole,
            compressed=_deflated(whole, level, before),
            lengths=tuple(map(len, outlines)),
            metrics=struct.pack(f">{len(numbers)}H", *numbers),
            checksum=_checksum(whole),
        )

    def _head(self, runs: list[_Run]) -> bytes:
        """Return everything that stands before the outlines: directory and small tables."""
        lengths = [length for run in runs for length in run.lengths]
        offsets = [0, *accumulate(lengths)]
        long = offsets[-1] > _SHORT_OFFSETS_END
        places = [n if long else n >> 1 for n in offsets]
        tables = {
            **self._kept,
            b"head": _put(self._heads[b"head"], _HEAD_LONG_OFFSETS, int(long)),
            b"hhea": _put(self._heads[b"hhea"], 34, len(lengths)),
            b"maxp": _put(self._heads[b"maxp"], 4, len(lengths)),
            b"hmtx": b"".join(run.metrics for run in runs),
            b"loca": struct.pack(f">{len(places)}{'L' if long else 'H'}", *places),
        }
        total = sum(run.checksum for run in runs) & _WHOLE
        return _directory(tables, outlines_length=offsets[-1], outlines_sum=total)

    @cached_property
    def _kept(self) -> dict[bytes, bytes]:
        return {t: self.get_table(t.decode()) for t in _COPIED if t.decode() in self.table}

    @cached_property
    def _heads(self) -> dict[bytes, bytes]:
        head = self.get_table("head")
        return {
            b"head": head[:_HEAD_ADJUSTMENT] + bytes(4) + head[_HEAD_ADJUSTMENT + 4 :],
            b"hhea": self.get_table("hhea"),
            b"maxp": self.get_table("maxp"),
        }


class Font(ttfonts.TTFont):
    """A document font; in a PDF it is one composite font with two-byte codes."""

    def __init__(self, name: str, filename: str) -> None:
        # The parent would read the whole file a first time for a face of its own.
        self.fontName = name
        self.face = Face(filename)
        self.encoding = ttfonts.TTEncoding()
        self.shapable = False
        self.state: WeakKeyDictionary[Any, Codes] = WeakKeyDictionary()

    def codes(self, doc: Any, *, alphabet: str = "") -> Codes:
        """Return the codes of one document; ``alphabet`` counts only at its beginning."""
        found = self.state.get(doc)
        if found is None:
            found = self.state[doc] = Codes(alphabet)
            found.name = f"F{len(doc.fontMapping) + 1}"
            doc.fontMapping[self.fontName] = "/" + found.name
            doc.delayedFonts.append(self)
        return found

    def splitString(  # noqa: N802
        self, text: str, doc: Any, _encoding: str = "utf-8"
    ) -> list[tuple[int, bytes]]:
        """Return the text as the codes of a document; there is one font, number 0."""
        codes = self.codes(doc)
        return [(0, bytes.fromhex("".join(map(codes.__getitem__, text))))]

    def getSubsetInternalName(self, _subset: int, doc: Any) -> str:  # noqa: N802
        """Return the name of the font in a document."""
        return "/" + self.codes(doc).name

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Add the font with what the document used of it."""
        codes = self.state.pop(doc)
        characters = "".join(codes.characters)
        tag = _tag(characters)
        name = f"/{tag}+{self.face.name.decode()}"
        cid_font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": name,
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "CIDToGIDMap": "/Identity",
                "DW": FULL_WIDTH,
                "W": self._widths(characters),
                "FontDescriptor": self._descriptor(doc, name, characters, codes.alphabet),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": name,
                "Encoding": "/Identity-H",
                "DescendantFonts": f"[{_reference(doc, cid_font, f'cid:{name}')}]",
                "ToUnicode": doc.Reference(_stream(unicode_map(characters)), f"unicode:{name}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[codes.name] = doc.Reference(font, codes.name)

    def _descriptor(self, doc: Any, name: str, characters: str, alphabet: str) -> Any:
        face = self.face
        content, length = face.cut(characters=characters, alphabet=alphabet)
        file = pdfdoc.PDFStream(
            pdfdoc.PDFDictionary({"Length1": length, "Filter": "/FlateDecode"}), content
        )
        flags = face.flags & ~ttfonts.FF_NONSYMBOLIC | ttfonts.FF_SYMBOLIC
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "Ascent": face.ascent,
                "CapHeight": face.capHeight,
                "Descent": face.descent,
                "Flags": flags,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "FontName": name,
                "ItalicAngle": face.italicAngle,
                "StemV": face.stemV,
                "FontFile2": doc.Reference(file, f"file:{name}"),
            }
        )
        return doc.Reference(descriptor, f"descriptor:{name}")

    def _widths(self, characters: str) -> str:
        widths = self.face.charWidths
        numbered = [(n, round(widths[ord(c)])) for n, c in enumerate(characters, 1)]
        narrow = [pair for pair in numbered if pair[1] != FULL_WIDTH]
        runs = []
        # Neighbours differ from their place in the list by the same number.
        for _, members in groupby(enumerate(narrow), key=lambda one: one[1][0] - one[0]):
            found = [pair for _, pair in members]
            runs.append(f"{found[0][0]} [{' '.join(str(width) for _, width in found)}]")
        return f"[{' '.join(runs)}]"


def unicode_map(characters: str) -> bytes:
    """Return the /ToUnicode map of codes from 1 on: UTF-16BE, as the format wants it."""
    texts = [char.encode("utf-16-be").hex() for char in characters]
    blocks = []
    for begin in range(0, len(texts) + 1, _MAP_ENTRIES):
        first = max(begin, 1)
        part = texts[first - 1 : begin + _MAP_ENTRIES - 1]
        last = first + len(part) - 1
        blocks.append(f"1 beginbfrange <{first:04x}><{last:04x}>[<{'><'.join(part)}>] endbfrange")
    lines = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000><ffff> endcodespacerange",
        *blocks,
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    )
    return "\n".join(lines).encode()


@lru_cache(maxsize=ALPHABETS_MAX)
def _first_run(face: Face, alphabet: str) -> _Run:
    glyphs = [0, *(face.charToGlyph[ord(char)] for char in alphabet)]
    return face.run(glyphs, level=LEVEL_ONCE if alphabet else LEVEL)


def _deflated(content: bytes, level: int = LEVEL, before: bytes = b"") -> bytes:
    """Return a part of a deflate stream that refers to nothing but ``before``, if anything."""
    part = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before[-_WINDOW:])
    return part.compress(content) + part.flush(zlib.Z_FULL_FLUSH)


def _checksum(content: bytes) -> int:
    numbers: tuple[int, ...] = struct.unpack(f">{len(content) // 4}L", content)
    return sum(numbers) & _WHOLE


def _put(table: bytes, place: int, number: int) -> bytes:
    return table[:place] + number.to_bytes(2, "big") + table[place + 2 :]


def _directory(
    tables: dict[bytes, bytes], *, outlines_length: int, outlines_sum: int
) -> bytes:
    """Return directory and tables of a font file (OpenType 1.9); the outlines come last."""
    count = len(tables) + 1
    power = count.bit_length() - 1
    head = struct.pack(
        ">LHHHH", 0x00010000, count, 16 << power, power, count * 16 - (16 << power)
    )
    offset, entries, parts, total, head_at = 12 + 16 * count, [], [], outlines_sum, 0
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        checksum = _checksum(padded)
        entries.append((tag, checksum, offset, len(table)))
        parts.append(padded)
        head_at = offset if tag == b"head" else head_at
        offset, total = offset + len(padded), total + checksum
    entries.append((b"glyf", outlines_sum, offset, outlines_length))
    head += b"".join(struct.pack(">4sLLL", *entry) for entry in sorted(entries))
    adjustment = (_MAGIC_SUM - total - _checksum(head)) & _WHOLE
    whole = b"".join((head, *parts))
    at = head_at + _HEAD_ADJUSTMENT
    return whole[:at] + adjustment.to_bytes(4, "big") + whole[at + 4 :]


def _tag(characters: str) -> str:
    # Another choice of characters has another tag (PDF 32000-1, 9.6.4).
    digest = hashlib.sha256(characters.encode("utf-8", "surrogatepass")).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _stream(content: bytes) -> Any:
    return pdfdoc.PDFStream(
        pdfdoc.PDFDictionary({"Filter": "/FlateDecode"}), zlib.compress(content, LEVEL)
    )


def _reference(doc: Any, content: Any, name: str) -> str:
    return str(doc.Reference(content, name).format(doc).decode())
