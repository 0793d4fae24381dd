"""The pack of a meeting: its agenda, and a summary of every case on it, in one file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.platypus.flowables import Flowable

from core.documents import fonts, parts
from core.documents.chinese import long_moment
from core.documents.kit import Document
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM, render_record
from core.documents.typeset import Text

SEALED = "（须先申明与本案无利害关系，方可查阅材料）"


@dataclass(frozen=True, kw_only=True)
class AgendaCase:
    """One case of the agenda; only who has ``opened`` it reads more than its name."""

    position: int
    number: str
    applicant: str
    scenario: str
    opened: bool
    purpose: str
    datasets: tuple[str, ...]
    opinions: tuple[str, ...]
    security: str


@dataclass(frozen=True, kw_only=True)
class AgendaFacts:
    """A meeting with its cases in order."""

    number: str
    committee: str
    planned_at: datetime
    place: str
    invited: tuple[str, ...]
    cases: tuple[AgendaCase, ...]
    issued_at: datetime
    watermark: str = ""


def render_agenda(facts: AgendaFacts) -> bytes:
    """
    Set the pack of a meeting as one PDF.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    fonts.check_glyphs(facts)
    document = Document(
        title="审查委员会会议议程",
        number=facts.number,
        author=facts.committee,
        at=facts.issued_at,
        subject=f"{facts.number} {long_moment(facts.planned_at)}",
        margins=RECORD_MARGINS,
    )
    return render_record(
        document=document,
        title=f"{facts.committee}\n会议议程及材料汇编",
        body=lambda: _body(facts),
        watermark=facts.watermark,
    )


def _body(facts: AgendaFacts) -> list[Flowable]:
    return [
        parts.pairs_table(
            [
                ("会议时间", long_moment(facts.planned_at), "会议地点", facts.place),
                ("参会人员", "、".join(facts.invited)),
            ],
            width_mm=RECORD_WIDTH_MM,
        ),
        parts.gap(4),
        parts.grid(
            head=("序号", "申请编号", "申请单位", "应用场景"),
            rows=[(str(c.position), c.number, c.applicant, c.scenario) for c in facts.cases],
            widths_mm=(14, 42, 50, 60),
            aligns=("center", "left", "left", "left"),
        ),
        *parts.chapters(
            [(f"{c.number} {c.scenario}", _case(c)) for c in facts.cases], style=parts.SECTION
        ),
    ]


def _case(case: AgendaCase) -> list[Flowable]:
    if not case.opened:
        return [Text(SEALED, parts.PLAIN)]
    return [
        parts.fields_table(
            [
                ("申请单位", case.applicant),
                ("用途", case.purpose),
                ("数据集及字段", "\n".join(case.datasets)),
                ("部门审查意见", "\n".join(case.opinions)),
                ("安全评估", case.security),
            ],
            width_mm=RECORD_WIDTH_MM,
        )
    ]
