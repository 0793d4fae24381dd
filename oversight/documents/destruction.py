"""The record of how the destruction of data was verified, all rounds of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts
from core.documents.chinese import long_date, ordinal
from core.documents.kit import Document, require
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM, render_record
from core.documents.typeset import Text
from oversight.documents.facts import CertificateRound, DestructionRecordFacts

_COPIES = parts.CELL.but(size=10, leading=15)


def render_destruction_record(facts: DestructionRecordFacts) -> bytes:
    """
    Set the record of how the destruction of data was verified.

    :raises InconsistentFacts: no certificate, one accepted before the last, or a rejection
        without findings.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.rounds), what=_("the record holds no certificate"))
    early = any(found.accepted for found in facts.rounds[:-1])
    require(not early, what=_("a certificate was accepted before the last one"))
    reasoned = all(found.accepted or found.findings for found in facts.rounds)
    require(reasoned, what=_("a rejection gives no findings"))
    fonts.check_glyphs(facts)
    document = Document(
        title="数据销毁核验记录",
        number=facts.issue.number,
        author=facts.issue.authority,
        at=facts.issue.issued_at,
        subject=f"{facts.party} {facts.license_number}",
        margins=RECORD_MARGINS,
    )
    return render_record(
        document=document,
        title="数据销毁核验记录",
        body=lambda: _destruction(facts),
        watermark=facts.issue.watermark,
    )


def _destruction(facts: DestructionRecordFacts) -> list[Flowable]:
    last = facts.rounds[-1]
    conclusion = (
        f"第{ordinal(len(facts.rounds))}次提交的销毁证明核验通过，数据销毁义务已经履行。"
        "保密义务继续有效。"
        if last.accepted
        else "销毁证明核验未通过，数据销毁义务尚未履行，当事人应当补正后重新提交。"
    )
    story: list[Flowable] = [
        parts.pairs_table(
            [
                ("当事人", facts.party, "统一社会\n信用代码", facts.party_uscc),
                ("许可证编号", facts.license_number, "数据集", facts.dataset),
                ("退出事由", facts.cause, "权限关闭\n时间", facts.access_closed_at),
                ("销毁期限", long_date(facts.due_on), "核验次数", f"{len(facts.rounds)} 次"),
            ],
            width_mm=RECORD_WIDTH_MM,
        )
    ]
    for number, found in enumerate(facts.rounds, 1):
        story.extend(_round(number, found))
    return [
        *story,
        parts.together(
            Text("核验结论", parts.SECTION),
            Text(conclusion, parts.BODY),
            furniture.SignOff(
                authority=facts.issue.authority,
                day=long_date(facts.issue.issued_at),
                demo=facts.issue.demo_seal,
                size=12,
            ),
        ),
    ]


def _round(number: int, found: CertificateRound) -> list[Flowable]:
    result = "通过" if found.accepted else "不通过"
    findings = found.findings or ("未发现问题。",)
    return [
        parts.room_for(parts.HEADING_ROOM_MM),
        Text(f"第{ordinal(number)}次核验：{result}", parts.SECTION.but(keep_with_next=False)),
        parts.pairs_table(
            [
                ("证明编号", found.certificate_number, "提交日期", long_date(found.submitted_on)),
                ("销毁方法", found.method, "执行标准", found.standard),
                ("操作人", found.operator, "见证人", found.witness),
                ("核验人", found.checked_by, "核验日期", long_date(found.checked_on)),
            ],
            width_mm=RECORD_WIDTH_MM,
        ),
        parts.gap(2),
        parts.grid(
            head=("存放位置", "内容", "类型", "销毁方法", "销毁日期"),
            rows=[
                (
                    copy.location,
                    copy.content,
                    copy.kind,
                    copy.method,
                    long_date(copy.destroyed_on) if copy.destroyed_on else "未销毁",
                )
                for copy in found.copies
            ],
            widths_mm=(40, 44, 20, 32, 30),
            style=_COPIES,
        ),
        Text(f"核验意见：{'；'.join(findings)}", parts.PLAIN.but(before=3)),
        Text(f"证明文件校验值（SHA-256）：{found.certificate_sha256}", parts.NOTE),
    ]
