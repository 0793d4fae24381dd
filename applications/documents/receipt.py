"""The receipt of a submission: what was handed in, entry by entry, as it was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.platypus.flowables import Flowable

from core.documents import fonts, parts
from core.documents.chinese import long_moment
from core.documents.kit import Document
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM, render_record
from core.documents.typeset import Text


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts:
    """One submission: its number, its time, the hash of its content, and every entry in words."""

    number: str
    authority: str
    applicant: str
    applicant_uscc: str
    scenario: str
    submitted_by: str
    submitted_at: datetime
    submission: int
    content_hash: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    watermark: str = ""


def render_receipt(facts: ReceiptFacts) -> bytes:
    """
    Set what was handed in as one PDF; the same submission gives the same bytes.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    fonts.check_glyphs(facts)
    document = Document(
        title="公共数据有条件开放申请（提交内容）",
        number=facts.number,
        author=facts.authority,
        at=facts.submitted_at,
        subject=f"{facts.number} {facts.applicant}",
        margins=RECORD_MARGINS,
    )
    return render_record(
        document=document,
        title="公共数据有条件开放申请\n提交内容",
        body=lambda: _body(facts),
        watermark=facts.watermark,
    )


def _body(facts: ReceiptFacts) -> list[Flowable]:
    head = parts.pairs_table(
        [
            ("申请单位", facts.applicant, "统一代码", facts.applicant_uscc),
            ("应用场景", facts.scenario),
            ("提交时间", long_moment(facts.submitted_at), "提交人", facts.submitted_by),
            ("提交次数", f"第{facts.submission}次", "收件单位", facts.authority),
            ("内容校验", f"SHA-256 {facts.content_hash}"),
        ],
        width_mm=RECORD_WIDTH_MM,
    )
    chapters = [
        (title, [parts.fields_table(rows, width_mm=RECORD_WIDTH_MM)])
        for title, rows in facts.sections
    ]
    note = Text("本件由平台按提交时冻结的内容生成，供申请单位留存。", parts.PLAIN)
    return [head, parts.gap(4), *parts.chapters(chapters, style=parts.SECTION), note]
