"""Letters to the applicant: acceptance or not, correction, decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _
from reportlab.platypus.flowables import Flowable

from applications.documents.facts import (
    PARTLY,
    RESULT_NAMES,
    AcceptanceFacts,
    CaseFacts,
    CorrectionFacts,
    DecisionFacts,
    IssueFacts,
)
from core.documents import fonts, parts
from core.documents.chinese import long_date
from core.documents.kit import require
from core.documents.letters import LETTER_WIDTH_MM, LetterHead, render_letter

# A row of a table stands on one page; many fields take several.
FIELDS_PER_ROW = 15


def render_acceptance(facts: AcceptanceFacts) -> bytes:
    """
    Set the notice of acceptance or of non-acceptance.

    :raises InconsistentFacts: a refusal without a reason.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    reasoned = facts.accepted or bool(facts.reasons)
    require(reasoned, what=_("a notice of non-acceptance gives no reason"))
    fonts.check_glyphs(facts)
    name = "受理通知书" if facts.accepted else "不予受理通知书"
    return _letter(facts.issue, facts.case, name, lambda: _acceptance(facts))


def render_correction(facts: CorrectionFacts) -> bytes:
    """
    Set the one-shot correction notice (一次性补正告知书).

    :raises InconsistentFacts: no defect is named.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.defects), what=_("a correction notice names no defect"))
    fonts.check_glyphs(facts)
    return _letter(facts.issue, facts.case, "补正告知书", lambda: _correction(facts))


def render_decision(facts: DecisionFacts) -> bytes:
    """
    Set the letter of decision with its remedy notice.

    :raises InconsistentFacts: a refusal without reasons, or conditions that do not fit the result.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    with_conditions = facts.result == "APPROVED_WITH_CONDITIONS"
    # A partial approval may come without conditions: less was granted than was asked for.
    fitting = with_conditions == bool(facts.conditions or facts.partial)
    require(fitting, what=_("conditions and result do not fit together"))
    require(bool(facts.reasons), what=_("a decision gives no reasons"))
    fonts.check_glyphs(facts)
    return _letter(facts.issue, facts.case, "审批决定书", lambda: _decision(facts))


def _letter(
    issue: IssueFacts, case: CaseFacts, name: str, body: Callable[[], list[Flowable]]
) -> bytes:
    head = LetterHead(
        authority=issue.authority,
        number=issue.number,
        title=f"公共数据有条件开放申请\n{name}",
        addressee=case.applicant,
        issued_at=issue.issued_at,
        demo_seal=issue.demo_seal,
        copies_to=issue.copies_to,
        watermark=issue.watermark,
    )
    return render_letter(head=head, body=body)


def _opening(case: CaseFacts) -> str:
    names = "、".join(f"“{d.name}”（{d.code}）" for d in case.datasets)
    return (
        f"你单位（统一社会信用代码：{case.applicant_uscc}）于{long_date(case.submitted_on)}提交的"
        f"公共数据有条件开放申请（申请编号：{case.application_number}）收悉，"
        f"申请使用数据集{names}，应用场景为“{case.scenario}”，用途类别为{case.purpose_class}。"
    )


def _based_on(legal_basis: Sequence[str]) -> str:
    return f"依据{'、'.join(legal_basis)}，" if legal_basis else ""


def _day(day: date, provisional: bool) -> str:
    return long_date(day) + ("（暂定）" if provisional else "")


def _acceptance(facts: AcceptanceFacts) -> list[Flowable]:
    if not facts.accepted:
        story: list[Flowable] = [
            parts.letter(_opening(facts.case)),
            parts.letter(f"经审查，{_based_on(facts.legal_basis)}决定不予受理。理由如下："),
            *parts.listed(facts.reasons),
        ]
        if facts.demand_channel:
            story.append(parts.letter(f"如需使用上述数据，{facts.demand_channel}"))
        return [*story, *([parts.letter(facts.remedy)] if facts.remedy else [])]
    story = [
        parts.letter(_opening(facts.case)),
        parts.letter(f"经审查，{_based_on(facts.legal_basis)}决定予以受理。"),
    ]
    if facts.deadlines:
        story += [
            parts.letter("各环节办理期限如下（期限自次一工作日起算）："),
            parts.gap(2),
            parts.grid(
                head=("办理环节", "工作日", "截止日期"),
                rows=[
                    (d.step, str(d.working_days), _day(d.due_on, d.provisional))
                    for d in facts.deadlines
                ],
                widths_mm=(66, 30, 60),
                aligns=("left", "center", "center"),
                style=parts.CELL.but(size=12, leading=18),
            ),
        ]
    return [*story, parts.letter("特此通知。")]


def _correction(facts: CorrectionFacts) -> list[Flowable]:
    due = _day(facts.due_on, facts.provisional)
    return [
        parts.letter(_opening(facts.case)),
        parts.letter(
            f"经审查，申请材料尚有下列 {len(facts.defects)} 处需要补正。"
            f"{_based_on(facts.legal_basis)}现一次性告知如下："
        ),
        parts.gap(2),
        parts.grid(
            head=("序号", "事项", "存在问题", "补正要求"),
            rows=[
                (str(n), d.item, d.problem, d.required) for n, d in enumerate(facts.defects, 1)
            ],
            widths_mm=(14, 34, 54, 54),
            aligns=("center", "left", "left", "left"),
            style=parts.CELL.but(size=12, leading=18),
        ),
        parts.gap(3),
        parts.letter(
            f"请于{due}前（{facts.working_days} 个工作日内）一次性补正。"
            "补正期间不计入办理期限；逾期未补正的，本次申请终止办理。"
            "申请退回后，原承诺书的签署失效，重新提交前须再次签署。"
        ),
    ]


def _decision(facts: DecisionFacts) -> list[Flowable]:
    opening = f"{_opening(facts.case)}本机关于{long_date(facts.accepted_on)}受理，现已审查终结。"
    committee = []
    if facts.minutes_number:
        text = f"审查委员会会议纪要（{facts.minutes_number}）结论：{facts.committee_conclusion}"
        committee.append(parts.letter(text))
    if facts.fast_lane:
        committee.append(parts.letter(facts.fast_lane))
    committee += [parts.letter(line) for line in _departures(facts)]
    result = f"{_based_on(facts.legal_basis)}决定：{_result(facts)}。"
    follow = []
    if facts.sign_by is not None and facts.result != "REJECTED":
        follow.append(
            parts.letter(
                f"请于{long_date(facts.sign_by)}前签订数据利用协议；逾期未签订的，本决定失效。"
                "本决定不构成数据使用凭据，数据使用以许可证为准。"
            )
        )
    return [
        parts.letter(opening),
        *parts.chapters(
            [
                ("审查意见", committee),
                ("决定", [parts.letter(result), *_decided_datasets(facts)]),
                ("理由", parts.listed([*facts.reasons, *_own_reasons(facts)])),
                ("条件", parts.listed(facts.conditions)),
                ("后续事项", follow),
                ("救济途径", [parts.letter(facts.remedy)]),
            ]
        ),
    ]


def _result(facts: DecisionFacts) -> str:
    if not facts.partial:
        return RESULT_NAMES[facts.result]
    granted = "、".join(d.code for d in facts.items if d.result != "REJECTED")
    refused = "、".join(d.code for d in facts.items if d.result == "REJECTED")
    return f"{PARTLY}，准予使用{granted}，不予使用{refused}"


def _departures(facts: DecisionFacts) -> list[str]:
    own = [d for d in facts.items if d.departure_reason not in ("", facts.departure_reason)]
    lines = [f"本决定对{d.code}未采纳上述结论，理由：{d.departure_reason}" for d in own]
    if facts.departure_reason:
        lines.insert(0, f"本决定未采纳上述结论，理由：{facts.departure_reason}")
    return lines


def _own_reasons(facts: DecisionFacts) -> list[str]:
    return [f"{d.code}：{d.reasons}" for d in facts.items if d.reasons]


def _rows_of(
    dataset: tuple[str, str, str], result: str, fields: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return the rows of one dataset; a row has to fit a page, so many fields take several."""
    parts_of = [
        "、".join(fields[start : start + FIELDS_PER_ROW])
        for start in range(0, max(len(fields), 1), FIELDS_PER_ROW)
    ]
    code, name, provider = dataset
    first = (code, name, provider, result, parts_of[0])
    return [first, *((code, "（续）", "", "", more) for more in parts_of[1:])]


def _decided_datasets(facts: DecisionFacts) -> list[Flowable]:
    granted = facts.result != "REJECTED"
    own = {d.code: RESULT_NAMES[d.result] for d in facts.items}
    rows = [
        row
        for d in facts.case.datasets
        for row in _rows_of(
            (d.code, f"{d.name}（{d.version}）", d.provider),
            own.get(d.code, RESULT_NAMES[facts.result]),
            d.fields,
        )
    ]
    return [
        parts.gap(2),
        parts.grid(
            head=("编号", "数据集", "提供单位", "结果", "准予字段" if granted else "申请字段"),
            rows=rows,
            widths_mm=(14, 40, 32, 24, LETTER_WIDTH_MM - 110),
            style=parts.CELL.but(size=11, leading=16),
        ),
        parts.gap(2),
    ]
