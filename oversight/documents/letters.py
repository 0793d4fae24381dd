"""Letters of a violation case: hearing notice, decision, public notice."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, parts
from core.documents.chinese import long_date
from core.documents.kit import require
from core.documents.letters import LETTER_WIDTH_MM, LetterHead, render_letter
from oversight.documents.facts import (
    Evidence,
    HearingNoticeFacts,
    Issue,
    PublicNoticeFacts,
    Violation,
    ViolationDecisionFacts,
)

_EVIDENCE = parts.CELL.but(size=10, leading=15)


def render_hearing_notice(facts: HearingNoticeFacts) -> bytes:
    """
    Set the notice that asks a party for its statement (陈述申辩告知书).

    :raises InconsistentFacts: no evidence, or no measure is proposed.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.evidence), what=_("a hearing notice names no evidence"))
    require(bool(facts.proposed_measures), what=_("a hearing notice proposes no measure"))
    fonts.check_glyphs(facts)
    head = _head(facts.issue, "陈述申辩告知书", facts.violation.party)
    return render_letter(head=head, body=lambda: _hearing(facts))


def render_violation_decision(facts: ViolationDecisionFacts) -> bytes:
    """
    Set the decision on a violation (违规处理决定书).

    :raises InconsistentFacts: no measure is decided, or the notice ends before it begins.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.measures), what=_("the decision names no measure"))
    require(facts.publish_from <= facts.publish_to, what=_("the notice ends before it begins"))
    fonts.check_glyphs(facts)
    head = _head(facts.issue, "公共数据使用违规处理决定书", facts.violation.party)
    return render_letter(head=head, body=lambda: _decision(facts))


def render_public_notice(facts: PublicNoticeFacts) -> bytes:
    """
    Set the public notice, showing the act and the measure (A15).

    :raises InconsistentFacts: no measure is shown, or the notice ends before it begins.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.measures), what=_("the notice shows no measure"))
    require(facts.publish_from <= facts.publish_to, what=_("the notice ends before it begins"))
    fonts.check_glyphs(facts)
    head = _head(facts.issue, "公共数据使用违规行为及处理措施公示", "", facts.notice_url)
    return render_letter(head=head, body=lambda: _public(facts))


def _head(issue: Issue, title: str, addressee: str, url: str = "") -> LetterHead:
    return LetterHead(
        authority=issue.authority,
        number=issue.number,
        title=title,
        addressee=addressee,
        issued_at=issue.issued_at,
        demo_seal=issue.demo_seal,
        copies_to=issue.copies_to,
        watermark=issue.watermark,
        url=url,
        url_caption="扫码查看公示状态" if url else "",
    )


def _act(violation: Violation) -> str:
    return (
        f"{violation.act}上述行为属于{violation.code}（{violation.code_name}），"
        f"违反{violation.rule_article}。"
    )


def _evidence(evidence: tuple[Evidence, ...]) -> list[Flowable]:
    if not evidence:
        return []
    table = parts.grid(
        head=("序号", "证据", "来源", "校验值（SHA-256）"),
        rows=[(str(n), e.name, e.source, e.sha256) for n, e in enumerate(evidence, 1)],
        widths_mm=(13, 46, 34, LETTER_WIDTH_MM - 93),
        aligns=("center", "left", "left", "left"),
        style=_EVIDENCE,
    )
    return [parts.gap(2), table, parts.gap(2)]


def _hearing(facts: HearingNoticeFacts) -> list[Flowable]:
    violation = facts.violation
    due = long_date(facts.statement_due_on) + ("（暂定）" if facts.provisional else "")
    interim = [parts.letter(facts.interim_measure)] if facts.interim_measure else []
    return [
        parts.letter(
            f"你单位（统一社会信用代码：{violation.party_uscc}）持有的许可证"
            f"{violation.license_number}（{violation.dataset}）涉嫌违规一案"
            f"（案号：{violation.case_number}），本机关已经立案调查。现告知如下："
        ),
        *parts.chapters(
            [
                ("涉嫌违规的事实和依据", [parts.letter(_act(violation))]),
                ("证据", _evidence(facts.evidence)),
                ("拟采取的措施", parts.listed(facts.proposed_measures)),
                ("已采取的临时措施", interim),
                (
                    "陈述申辩的权利",
                    [
                        parts.letter(
                            f"你单位可以自收到本告知书之日起{facts.statement_working_days}个"
                            f"工作日内（至{due}止）提出书面陈述、申辩和证据；逾期未提出的，"
                            f"视为放弃。联系方式：{facts.contact}。"
                        )
                    ],
                ),
            ]
        ),
    ]


def _decision(facts: ViolationDecisionFacts) -> list[Flowable]:
    violation = facts.violation
    duty = []
    if facts.destruction_due_on is not None:
        duty.append(
            parts.letter(
                f"你单位应当于{long_date(facts.destruction_due_on)}前销毁所取得的全部数据"
                "（含副本、备份和受托处理方留存的数据），并提交数据销毁证明。"
            )
        )
    period = f"{long_date(facts.publish_from)}至{long_date(facts.publish_to)}"
    decided = f"依据{'、'.join(facts.legal_basis)}，决定采取下列措施："
    return [
        parts.letter(
            f"你单位（统一社会信用代码：{violation.party_uscc}）使用{violation.dataset}"
            f"（许可证：{violation.license_number}）违规一案（案号：{violation.case_number}），"
            "现已调查终结。"
        ),
        *parts.chapters(
            [
                ("认定的事实和依据", [parts.letter(_act(violation))]),
                ("证据", _evidence(facts.evidence)),
                (
                    "陈述申辩及采纳情况",
                    [parts.letter(facts.statement_summary), parts.letter(facts.statement_answer)],
                ),
                ("处理决定", [parts.letter(decided), *parts.listed(facts.measures)]),
                ("数据销毁", duty),
                (
                    "公示",
                    [parts.letter(f"本决定的违规行为和处理措施予以公示，公示期为{period}。")],
                ),
                ("救济途径", [parts.letter(facts.remedy)]),
            ]
        ),
    ]


def _public(facts: PublicNoticeFacts) -> list[Flowable]:
    violation = facts.violation
    basis = "、".join(facts.legal_basis)
    period = f"{long_date(facts.publish_from)}至{long_date(facts.publish_to)}"
    rows = [
        ("当事人", violation.party),
        ("统一社会信用代码", violation.party_uscc),
        ("许可证编号", violation.license_number),
        ("数据集", violation.dataset),
        ("违规类别", f"{violation.code}  {violation.code_name}"),
        ("违规行为", violation.act),
        ("违反规定", violation.rule_article),
        ("处理措施", "\n".join(f"{n}. {m}" for n, m in enumerate(facts.measures, 1))),
        ("处理决定文号", facts.decision_number),
        ("公示期", period),
        ("信用修复", facts.repair_channel),
    ]
    return [
        parts.letter(f"依据{basis}，现将下列违规行为及处理措施予以公示："),
        parts.gap(2),
        parts.fields_table(
            rows,
            width_mm=LETTER_WIDTH_MM,
            label_mm=42,
            style=parts.CELL.but(size=12, leading=18),
        ),
        parts.letter("特此公示。"),
    ]
