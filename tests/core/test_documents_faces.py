"""Typefaces: one per document, well formed, cut to what is used."""

from __future__ import annotations

import io
import subprocess
import zlib
from itertools import islice

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics, ttfonts

from core.documents import faces, fonts, parts
from core.documents.kit import Document, build
from tests.core import documents_facts as facts

TEXT = f"数据使用许可证{facts.RARE}2026 Datadeed"


@pytest.fixture
def face() -> faces.Face:
    fonts.register_fonts()
    found = pdfmetrics.getFont(fonts.BODY).face
    assert isinstance(found, faces.Face)
    return found


def plain(face: faces.Face, characters: str, alphabet: str = "") -> bytes:
    content, length = face.cut(characters=characters, alphabet=alphabet)
    whole = zlib.decompress(content)
    assert len(whole) == length
    return whole


def opened(content: bytes) -> TTFont:
    # Checks the sum of every table and of the file.
    return TTFont(io.BytesIO(content), checkChecksums=2)


def outline(font: TTFont, glyph: int) -> bytes:
    data, places = font.reader["glyf"], font["loca"]
    return bytes(data[places[glyph] : places[glyph + 1]]).rstrip(b"\0")


class TestCut:
    def test_has_the_outlines_and_widths_of_the_source_in_the_order_of_the_text(self, face):
        characters = "".join(dict.fromkeys(TEXT))
        cut, source = opened(plain(face, characters)), TTFont(face.filename, lazy=True)
        known, names = source.getBestCmap(), source.getGlyphOrder()
        assert cut["maxp"].numGlyphs == len(characters) + 1
        for number, char in enumerate(characters, 1):
            name = known[ord(char)]
            assert outline(cut, number) == outline(source, names.index(name))
            metrics = cut["hmtx"].metrics[cut.getGlyphOrder()[number]]
            assert metrics == source["hmtx"].metrics[name]

    @given(st.text(alphabet=sorted(set(TEXT)), max_size=20), st.integers(0, 20))
    @settings(max_examples=40, deadline=None)
    def test_is_the_same_file_whether_or_not_its_beginning_was_cut_before(self, text, length):
        fonts.register_fonts()
        face = pdfmetrics.getFont(fonts.BODY).face
        characters = "".join(dict.fromkeys(text))
        alphabet = characters[:length]
        assert plain(face, characters, alphabet) == plain(face, characters)

    def test_of_a_thousand_characters_has_long_offsets_and_holds(self, face):
        many = "".join(islice((chr(c) for c in range(0x4E00, 0x9FA5)), 1000))
        cut = opened(plain(face, many))
        assert cut["head"].indexToLocFormat == 1
        assert outline(cut, 1000)

    def test_refuses_a_glyph_made_of_others_rather_than_draw_it_wrong(self, face, monkeypatch):
        start = face.get_table_pos("glyf")[0] + face.glyphPos[face.charToGlyph[ord("数")]]
        composite = face._ttf_data[:start] + b"\xff\xff" + face._ttf_data[start + 2 :]
        monkeypatch.setattr(face, "_ttf_data", composite)
        with pytest.raises(ttfonts.TTFError, match="made of others"):
            face.cut(characters="数", alphabet="")


class TestDocument:
    def test_embeds_a_typeface_once_however_many_characters_it_uses(self, tmp_path):
        many = "".join(islice((chr(c) for c in range(0x4E00, 0x9FA5)), 700)) + facts.RARE
        path = tmp_path / "many.pdf"
        path.write_bytes(
            build(
                document=Document(
                    title="样张", number="样〔2026〕1号", author="示例", at=facts.moment(1, 5)
                ),
                story=lambda *_: [parts.letter(many)],
                furniture=lambda *_: None,
            )
        )
        listed = subprocess.run(
            ["pdffonts", str(path)], check=True, capture_output=True, text=True
        ).stdout.splitlines()[2:]
        assert [row.split()[0].partition("+")[2] for row in listed] == [fonts.BODY]
        copied = subprocess.run(
            ["pdftotext", str(path), "-"], check=True, capture_output=True, text=True
        ).stdout
        assert "".join(copied.split()) == many
