"""The kit: lines break as Chinese lines do, glyphs are there or the document is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.documents import chinese, errors, fonts, kit, parts, typeset
from core.documents.kit import Document, build
from tests.core import documents_facts as facts

WIDTH = 160.0
STYLE = typeset.Style(size=10, leading=15, align="justify", first_indent=2)


def lines_of(text: str, width: float = WIDTH) -> list[str]:
    broken = typeset.break_lines(text=text, style=STYLE, width=width)
    return ["".join(piece.text for piece in line.pieces) for line in broken]


def document(**changes: object) -> Document:
    known = {"title": "样张", "number": "样〔2026〕1号", "author": "示例", "at": facts.moment(1, 5)}
    return Document(**{**known, **changes})  # type: ignore[arg-type]


def sample(text: str, **changes: object) -> bytes:
    return build(
        document=document(**changes),
        story=lambda *_: [parts.letter(text)],
        furniture=lambda *_: None,
    )


class TestLines:
    @given(st.text(alphabet="数据，。《》（）“”2026 abc、：", min_size=1, max_size=120))
    @settings(max_examples=120, deadline=None)
    def test_no_line_is_too_wide_and_no_character_but_blanks_is_lost(self, text):
        fonts.register_fonts()
        broken = typeset.break_lines(text=text, style=STYLE, width=WIDTH)
        for line in broken:
            assert line.width + line.indent <= WIDTH + 0.1 or len(line.pieces) == 1
        kept = "".join(piece.text for line in broken for piece in line.pieces)
        assert kept.replace(" ", "") == text.replace(" ", "")

    def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(self):
        text = "申请单位应当遵守《数据利用协议》（以下简称“协议”），不得转让、出租、共享。" * 6
        for width in range(120, 260, 7):
            for line in lines_of(text, width):
                assert line[0] not in typeset.NO_LINE_START
                assert line[-1] not in typeset.NO_LINE_END

    def test_a_number_or_a_word_stays_whole(self):
        text = "统一社会信用代码为913202000000DEM185，金额为24,780.80元，截止日期2026-10-20。" * 3
        shown = lines_of(text)
        for word in ("913202000000DEM185", "24,780.80", "2026-10-20"):
            assert sum(line.count(word) for line in shown) == 3

    def test_the_year_and_number_of_a_paper_stay_together(self):
        text = "依据《无锡市公共数据开放实施细则》（锡政规〔2024〕7号），准予使用。" * 3
        for width in range(120, 260, 7):
            assert sum(line.count("〔2024〕7号") for line in lines_of(text, width)) == 3

    def test_a_hash_longer_than_the_line_is_torn_rather_than_cut_off(self):
        assert "".join(lines_of("ab" * 40)) == "ab" * 40


class TestGlyphs:
    def test_rare_characters_are_drawn_and_a_missing_one_falls_back_to_the_other_font(self):
        assert fonts.runs(text=facts.RARE, font=fonts.BODY) == [(fonts.BODY, facts.RARE)]
        both = fonts.runs(text=f"面{facts.SANS_ONLY}面", font=fonts.BODY)
        assert [name for name, _ in both] == [fonts.BODY, fonts.PLAIN, fonts.BODY]

    def test_a_character_of_no_font_refuses_the_document_and_is_named(self):
        with pytest.raises(errors.MissingGlyph) as refusal:
            sample("印章😀与表情")
        assert "“😀” (U+1F600)" in str(refusal.value)

    def test_all_missing_characters_of_the_facts_are_named_at_once(self):
        with pytest.raises(errors.MissingGlyph) as refusal:
            fonts.check_glyphs(("甲😀", ("乙", "丙🚗"), 3, None, date(2026, 1, 5)))
        assert "U+1F600" in str(refusal.value)
        assert "U+1F697" in str(refusal.value)

    def test_absent_fonts_are_said_with_the_way_out(self, monkeypatch, settings, tmp_path):
        settings.DOCUMENT_FONTS_DIR = tmp_path
        monkeypatch.setattr(fonts, "_registered", type(fonts._registered)())
        with pytest.raises(errors.FontsAbsent, match="make setup"):
            fonts.register_fonts()


class TestBuild:
    def test_a_naive_time_of_issue_is_refused(self):
        with pytest.raises(ValueError, match="aware"):
            sample("正文", at=datetime(2026, 1, 5))

    def test_the_file_bears_the_moment_of_issue_and_says_what_it_is(self):
        content = sample("正文")
        reader = PdfReader(io.BytesIO(content))
        assert reader.metadata.creation_date == facts.moment(1, 5)
        assert (reader.metadata.title, reader.metadata.author) == ("样张", "示例")
        assert reader.trailer["/Root"]["/Lang"] == "zh-CN"

    def test_another_moment_of_issue_makes_another_file(self):
        assert sample("正文") != sample("正文", at=facts.moment(1, 6))

    def test_the_first_pass_tells_the_second_how_many_pages_there_are(self):
        seen = []
        build(
            document=document(),
            story=lambda *_: [parts.letter("数据。" * 900)],
            furniture=lambda _canvas, page: seen.append((page.number, page.total)),
        )
        assert seen[-1][0] == seen[-1][1] > 1

    def test_facts_that_differ_have_different_fingerprints(self):
        other = replace(facts.LICENSE, quota="每日 20,001 次")
        assert kit.fingerprint(facts.LICENSE) == kit.fingerprint(replace(facts.LICENSE))
        assert kit.fingerprint(facts.LICENSE) != kit.fingerprint(other)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")]
)
def test_ordinals_are_written_in_chinese(number, text):
    assert chinese.ordinal(number) == text


def test_a_moment_after_midnight_in_shanghai_bears_the_day_of_shanghai():
    assert chinese.long_date(datetime(2026, 10, 19, 17, 0, tzinfo=UTC)) == "2026年10月20日"


def test_amounts_are_written_in_figures_and_in_capitals():
    assert chinese.amount(2_478_080) == (
        "¥24,780.80（大写：人民币贰万肆仟柒佰捌拾元捌角整）"
    )
