"""Minutes of the review committee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from reportlab.platypus.flowables import Flowable

from applications.documents.facts import (
    VOTES,
    ItemResult,
    MemberVote,
    MinutesFacts,
    RequestedDataset,
)
from core.documents import fonts, furniture, parts
from core.documents.chinese import long_date, long_moment
from core.documents.kit import Document, require
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM, render_record
from core.documents.typeset import Text


def render_minutes(facts: MinutesFacts) -> bytes:
    """
    Set the minutes of the committee with votes, recusals and dissent.

    :raises InconsistentFacts: a vote of an absent or recused member, or an unknown vote.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    for member in facts.members:
        may_vote = member.present and not member.recusal_reason
        name = member.name
        silent = not member.vote
        require(may_vote or silent, what=_("{name} voted while absent or recused"), name=name)
        known = silent or member.vote in VOTES
        require(known, what=_("the vote of {name} is unknown"), name=name)
    fonts.check_glyphs(facts)
    document = Document(
        title="审查委员会会议纪要",
        number=facts.number,
        author=facts.authority,
        at=facts.issued_at,
        subject=f"{facts.case.application_number} {facts.case.scenario}",
        margins=RECORD_MARGINS,
    )
    return render_record(
        document=document,
        title="公共数据有条件开放审查委员会\n" + _name(facts),
        body=lambda: _minutes(facts),
        watermark=facts.watermark,
    )


def _name(facts: MinutesFacts) -> str:
    return "复核评审组会议纪要" if facts.objection else "会议纪要"


def _minutes(facts: MinutesFacts) -> list[Flowable]:
    case = facts.case
    present = [m for m in facts.members if m.present]
    return [
        parts.pairs_table(
            [
                ("会议时间", long_moment(facts.held_at), "会议地点", facts.place),
                ("主持人", facts.chair, "记录人", facts.secretary),
                ("申请编号", case.application_number, "申请单位", case.applicant),
                ("应用场景", case.scenario, "用途类别", case.purpose_class),
                ("法定人数", facts.quorum_rule, "通过规则", facts.pass_rule),
                *([("规则依据", facts.rule)] if facts.rule else []),
            ],
            width_mm=RECORD_WIDTH_MM,
        ),
        *parts.chapters(
            [
                ("审议数据集", [_agenda(case.datasets)]),
                ("出席与回避", [Text(_attendance(facts, len(present)), parts.BODY)]),
                ("评分与表决", [_votes(facts.members), Text(_tally(facts), parts.BODY)]),
                ("逐项评分", _sheets(facts.members)),
                ("分数据集表决结果", _results(facts.items)),
                ("不同意见", parts.listed(_dissent(facts.members), style=parts.BODY)),
                ("结论", [Text(facts.conclusion, parts.BODY)]),
                ("附加条件", parts.listed(facts.conditions, style=parts.BODY)),
            ],
            style=parts.SECTION,
        ),
        parts.together(
            *_signed(facts, [m for m in present if not m.recusal_reason]),
            furniture.SignOff(
                authority=facts.authority,
                day=long_date(facts.issued_at),
                demo=facts.demo_seal,
                size=12,
            ),
        ),
    ]


def _signed(facts: MinutesFacts, present: Sequence[MemberVote]) -> list[Flowable]:
    if not facts.signatures:
        return [Text("与会委员签字", parts.SECTION), _signatures(present)]
    lines = [
        f"{s.capacity}：{s.name}，{long_moment(s.signed_at)}电子签署" for s in facts.signatures
    ]
    return [
        Text("签署", parts.SECTION),
        *parts.listed(lines, style=parts.BODY),
        Text(f"签署文本摘要（SHA-256）：{facts.text_hash}", parts.NOTE),
    ]


def _sheets(members: Sequence[MemberVote]) -> list[Flowable]:
    scored = [m for m in members if m.scores]
    if not scored:
        return []
    titles = [title for title, _points, _reason in scored[0].scores]
    width = (RECORD_WIDTH_MM - 30) / len(titles)
    table = parts.grid(
        head=("委员", *titles),
        rows=[(m.name, *(str(points) for _title, points, _reason in m.scores)) for m in scored],
        widths_mm=(30, *[width] * len(titles)),
        aligns=["center" for _column in ("", *titles)],
    )
    reasons = [
        f"{m.name}（{title} {points} 分）：{reason}"
        for m in scored
        for title, points, reason in m.scores
        if reason
    ]
    return [table, *parts.listed(reasons, style=parts.BODY)]


def _results(items: Sequence[ItemResult]) -> list[Flowable]:
    if not items:
        return []
    return [
        parts.grid(
            head=("编号", "数据集", "同意", "不同意", "弃权", "结果"),
            rows=[
                (
                    i.code,
                    i.name,
                    str(i.votes_for),
                    str(i.votes_against),
                    str(i.votes_abstain),
                    "通过" if i.passed else "未通过",
                )
                for i in items
            ],
            widths_mm=(18, 66, 18, 20, 18, 26),
            aligns=("left", "left", "center", "center", "center", "center"),
        )
    ]


def _agenda(datasets: Sequence[RequestedDataset]) -> Flowable:
    return parts.grid(
        head=("编号", "数据集", "版本", "提供单位", "敏感级别"),
        rows=[(d.code, d.name, d.version, d.provider, d.sensitivity_level) for d in datasets],
        widths_mm=(16, 56, 18, 46, 30),
    )


def _attendance(facts: MinutesFacts, present: int) -> str:
    text = f"应到委员 {len(facts.members)} 人，实到 {present} 人。"
    for member in facts.members:
        if member.recusal_reason:
            # The member wrote a sentence or part of one; the line ends in one full stop.
            reason = member.recusal_reason.rstrip("。.")
            text += f"{member.name}（{member.organization}）回避，事由：{reason}。"
        elif not member.present:
            text += f"{member.name}（{member.organization}）缺席。"
    return text


def _votes(members: Sequence[MemberVote]) -> Flowable:
    rows = []
    for m in members:
        shown = m.vote or ("回避" if m.recusal_reason else "未表决" if m.present else "缺席")
        score = "—" if m.score is None else str(m.score)
        shown += "".join(f"\n{code} {vote}" for code, vote in m.votes)
        rows.append((f"{m.name}\n{m.duty}", m.organization, score, shown, m.reason))
    return parts.grid(
        head=("委员", "单位", "评分", "表决", "书面理由"),
        rows=rows,
        widths_mm=(24, 40, 14, 18, 70),
        aligns=("center", "left", "center", "center", "left"),
    )


def _tally(facts: MinutesFacts) -> str:
    count = Counter(m.vote for m in facts.members if m.vote)
    scores = [m.score for m in facts.members if m.score is not None]
    text = "表决结果：" + "，".join(f"{vote} {count[vote]} 票" for vote in VOTES) + "。"
    if scores:
        mean = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01"))
        text += f"平均分 {mean} 分。"
    return text + ("表决通过。" if facts.passed else "表决未通过。")


def _dissent(members: Sequence[MemberVote]) -> list[str]:
    against = [f"{m.name}：{m.reason or '未说明理由'}" for m in members if m.vote == "不同意"]
    return against + [f"{m.name}保留意见：{m.dissent}" for m in members if m.dissent]


def _signatures(present: Sequence[MemberVote]) -> Flowable:
    cells = [f"{m.name}（签字）：" for m in present]
    cells += [""] * (-len(cells) % 3)
    rows = [tuple(cells[i : i + 3]) for i in range(0, len(cells), 3)]
    return parts.blanks(rows=rows, width_mm=RECORD_WIDTH_MM)
