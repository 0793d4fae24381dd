"""Contents and tables of a long document: nothing spills over, nothing is parted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contracts import documents as contracts
from tests.core import documents_facts as facts
from tests.core.pdf_tools import page_count, text_of


class TestAgreement:
    @pytest.mark.parametrize(("clauses", "pages"), [(5, 1), (27, 1), (37, 1), (70, 2)])
    def test_the_contents_stay_on_a_page_or_are_spread_evenly(self, written, clauses, pages):
        many = replace(
            facts.AGREEMENT,
            clauses=tuple(
                contracts.Clause(title=f"约定事项{n}", paragraphs=("从其约定。",))
                for n in range(1, clauses + 1)
            ),
        )
        path = written(contracts.render_agreement(many))
        # The first page of the text is the one with the recitals.
        sheets = [text_of(path, "-f", str(n), "-l", str(n)) for n in range(2, 3 + pages)]
        assert "订立本协议" in sheets.pop()
        listed = [len(re.findall(r"约定事项\d+", text)) for text in sheets]
        assert sum(listed) == clauses
        assert max(listed) - min(listed) <= 4

    def test_a_row_is_never_parted_and_one_longer_than_a_page_goes_on_in_another(self, written):
        words = "".join(f"第{n}项。" for n in range(1, 800))
        rows = (("短", "渠。" * 20),) * 30 + (("长", words),) + (("末", "池。" * 20),) * 30
        annex = contracts.Annex(title="清单", head=("编号", "内容"), rows=rows, widths=(1, 5))
        path = written(contracts.render_agreement(replace(facts.AGREEMENT, annexes=(annex,))))
        total = page_count(path)
        found = [text_of(path, "-f", str(n), "-l", str(n)) for n in range(1, total + 1)]
        # Whole rows on every page: each cell that begins on a page ends on it.
        for text in found:
            for cell in ("渠。" * 20, "池。" * 20):
                assert text.count(cell[0]) == 20 * text.count(cell)
        # A number may stand on two pages, its last two characters never do.
        assert "".join(found).count("项。") == words.count("项。")

    @pytest.mark.scenario(52)
    def test_an_annex_without_rows_is_drawn_with_its_head_and_the_same_each_time(self, written):
        annex = contracts.Annex(title="受托处理者", head=("名称", "处理事项"), rows=())
        empty = replace(facts.AGREEMENT, annexes=(annex,), amounts=())
        content = contracts.render_agreement(empty)
        text = text_of(written(content))
        assert "附件一受托处理者" in text
        assert "处理事项" in text
        assert content == contracts.render_agreement(replace(empty))
