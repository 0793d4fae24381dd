"""
The agreement as PDF: cover, contents, numbered clauses, sums in capitals, annexes, signatures.

The text is rendered from structured terms elsewhere; both parties sign the hash of those terms,
which is printed on the cover and beside each signature. Source: docs/sources.md#agreement-text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts
from core.documents.chinese import capitals, long_date, long_moment, ordinal
from core.documents.kit import Document, Page, Pages, build, require
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM
from core.documents.typeset import Align, Style, Text, draw_string
from core.money import format_yuan
from core.signatures.places import Place

_COVER_TITLE = Style(font=fonts.BOLD, size=28, leading=44, align="center")
_COVER_LINE = Style(size=14, leading=30, align="center")
_HASH = Style(size=8, leading=12, align="center", color=furniture.GREY)
_CLAUSE = parts.SECTION.but(before=12, after=3)
_CLAUSE_TEXT = parts.PLAIN.but(left_indent=0, after=2)
_DEMO_NOTE = (
    "演示环境：本文件的签名证书由演示证书机构签发，该机构未经许可，签名不构成《中华人民共和国电子签名法》"
    "所称的可靠的电子签名。"
)
_ANNEX_TITLE = parts.TITLE.but(size=17, leading=26, before=0, after=10)


@dataclass(frozen=True, kw_only=True)
class AgreementParty:
    """One party: its role in the agreement (甲方（数据开放主体）) and who it is."""

    role: str
    name: str
    uscc: str
    representative: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause; its paragraphs are numbered 1.1, 1.2 and so on."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AgreedAmount:
    """An agreed sum in fen; it is printed in figures and in capitals."""

    label: str
    amount_fen: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A table of the agreement; widths are shares of the page width, equal when not given."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The signature of one party, or the place for it while ``signed_at`` is none."""

    role: str
    name: str
    signer: str = ""
    signed_at: datetime | None = None
    terms_sha256: str = ""
    uscc: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreementFacts:
    """Everything the agreement says. ``watermark`` is empty on the text in force."""

    title: str
    number: str
    version: str
    template_version: str
    authority: str
    parties: tuple[AgreementParty, ...]
    recitals: tuple[str, ...]
    clauses: tuple[Clause, ...]
    amounts: tuple[AgreedAmount, ...] = ()
    annexes: tuple[Annex, ...] = ()
    signatures: tuple[Signature, ...]
    terms_sha256: str
    effective_from: date | None = None
    effective_to: date | None = None
    issued_at: datetime
    demo_seal: bool
    watermark: str = ""


def render_agreement(
    facts: AgreementFacts, *, places: dict[str, Place] | None = None
) -> bytes:
    """
    Set the agreement in its present version and return the PDF.

    ``places`` is filled with the place of each party's signature, by the party's code; then the
    boxes of the signature page are left empty for signatures to come.

    :raises InconsistentFacts: a signature over other terms than those printed, no clause, or a
        row of an annex that does not fit its head.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    require(bool(facts.clauses), what=_("the agreement has no clause"))
    for signature in facts.signatures:
        same = signature.signed_at is None or signature.terms_sha256 == facts.terms_sha256
        require(same, what=_("{name} signed other terms than those printed"), name=signature.name)
    for annex in facts.annexes:
        even = all(len(row) == len(annex.head) for row in annex.rows)
        require(even, what=_("a row of the annex {title} does not fit its head"), title=annex.title)
    fonts.check_glyphs(facts)

    def story(learnt: Pages, noted: Pages) -> list[Flowable]:
        return [
            *_cover(facts),
            Text("目  录", parts.TITLE.but(size=18, before=0)),
            *parts.contents(learnt),
            parts.page_break(),
            *_body(facts, noted),
            *_annexes(facts, noted),
            *_signature_page(facts, noted, places),
        ]

    document = Document(
        title=facts.title,
        number=facts.number,
        version=facts.version,
        author=facts.authority,
        at=facts.issued_at,
        subject="、".join(party.name for party in facts.parties),
        margins=RECORD_MARGINS,
    )

    def cover(canvas: Any, page: Page) -> None:
        furniture.watermark(canvas=canvas, page=page, text=facts.watermark)

    def later(canvas: Any, page: Page) -> None:
        furniture.watermark(canvas=canvas, page=page, text=facts.watermark)
        furniture.running(canvas, page)

    return build(document=document, story=story, furniture=cover, later=later)


def _cover(facts: AgreementFacts) -> list[Flowable]:
    term = []
    if facts.effective_from and facts.effective_to:
        text = f"{long_date(facts.effective_from)}至{long_date(facts.effective_to)}"
        term.append(("协议期限", text))
    rows = [
        *((party.role, party.name) for party in facts.parties),
        ("监督单位", facts.authority),
        *term,
        ("文本版本", f"{facts.version}（依据模板 {facts.template_version}）"),
        ("成文日期", long_date(facts.issued_at)),
    ]
    return [
        Text(f"编号：{facts.number}", parts.PLAIN.but(align="right")),
        parts.gap(38),
        Text(facts.title, _COVER_TITLE),
        parts.gap(30),
        parts.fields_table(
            rows, width_mm=140, label_mm=54, style=Style(size=13, leading=22)
        ),
        parts.gap(24),
        Text("本协议条款以结构化条款为准，双方签署同一条款校验值（SHA-256）：", _HASH),
        Text(facts.terms_sha256, _HASH),
        parts.page_break(),
    ]


def _body(facts: AgreementFacts, noted: Pages) -> list[Flowable]:
    story: list[Flowable] = [parts.together(_party(p), parts.gap(3)) for p in facts.parties]
    story.extend(Text(text, parts.BODY) for text in facts.recitals)
    for number, clause in enumerate(facts.clauses, 1):
        heading = parts.Heading(f"第{ordinal(number)}条  {clause.title}", _CLAUSE, noted)
        story.append(heading)
        story.extend(
            Text(f"{number}.{index}  {paragraph}", _CLAUSE_TEXT)
            for index, paragraph in enumerate(clause.paragraphs, 1)
        )
    if facts.amounts:
        story.append(_amounts(facts.amounts, noted))
    return story


def _party(party: AgreementParty) -> Flowable:
    return parts.pairs_table(
        [
            # 甲方 stands above what it is, rather than broken anywhere.
            (party.role.replace("（", "\n（", 1), party.name, "统一社会\n信用代码", party.uscc),
            ("法定代表人\n或负责人", party.representative, "联系方式", party.contact),
            *([("地址", party.address)] if party.address else []),
        ],
        width_mm=RECORD_WIDTH_MM,
        label_mm=35,
        style=parts.CELL.but(size=9.5, leading=15),
    )


def _amounts(amounts: Sequence[AgreedAmount], noted: Pages) -> Flowable:
    rows = [(a.label, format_yuan(a.amount_fen), capitals(a.amount_fen), a.note) for a in amounts]
    return KeepTogether(
        [
            parts.Heading("约定金额一览", _CLAUSE.but(keep_with_next=False), noted),
            parts.grid(
                head=("项目", "金额（含税）", "大写", "说明"),
                rows=rows,
                widths_mm=(40, 32, 56, 38),
                aligns=("left", "right", "left", "left"),
            ),
        ]
    )


def _annexes(facts: AgreementFacts, noted: Pages) -> list[Flowable]:
    story: list[Flowable] = []
    for number, annex in enumerate(facts.annexes, 1):
        shares = annex.widths or (1,) * len(annex.head)
        unit = RECORD_WIDTH_MM / sum(shares)
        aligns: list[Align] = ["left"] * len(annex.head)
        # A short annex shares the page with the one before it.
        story += [parts.page_break() if number == 1 else parts.room_for(70), parts.gap(4)]
        story += [
            parts.Heading(f"附件{ordinal(number)}  {annex.title}", _ANNEX_TITLE, noted),
            parts.grid(
                head=annex.head,
                rows=annex.rows,
                widths_mm=[share * unit for share in shares],
                aligns=aligns,
                style=parts.CELL.but(size=10, leading=15),
            ),
        ]
        if annex.note:
            story.append(Text(annex.note, parts.NOTE.but(before=4)))
    return story


def _signature_page(
    facts: AgreementFacts, noted: Pages, places: dict[str, Place] | None
) -> list[Flowable]:
    names = "、".join(party.name for party in facts.parties)
    return [
        parts.page_break(),
        parts.Heading("签署页", _ANNEX_TITLE, noted),
        Text(
            f"（本页为编号{facts.number}、版本{facts.version}的《"
            f"{facts.title.replace(chr(10), '')}》签署页，签署各方：{names}。）",
            parts.BODY,
        ),
        parts.gap(4),
        *(SignatureBox(signature=s, demo=facts.demo_seal, places=places) for s in facts.signatures),
        *([Text(_DEMO_NOTE, _HASH.but(align="left", before=6))] if facts.demo_seal else []),
        Text(f"条款校验值（SHA-256）：{facts.terms_sha256}", _HASH.but(align="left", before=8)),
    ]


class SignatureBox(Flowable):
    """The place of one signature: who, when, over which hash; sealed when signed."""

    def __init__(
        self,
        *,
        signature: Signature,
        demo: bool,
        places: dict[str, Place] | None = None,
    ) -> None:
        super().__init__()
        self.signature, self.demo = signature, demo
        self.places = places
        self.lines = _signature_lines(signature)

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Take the full width and room for a seal."""
        self.width, self.height = available_width, 54 * mm
        return self.width, self.height

    def draw(self) -> None:
        """Draw the box, the seal of a party that signed, and the lines over it."""
        canvas, signature = self.canv, self.signature
        canvas.setLineWidth(0.6)
        canvas.rect(0, 3 * mm, self.width, self.height - 4 * mm)
        if signature.signed_at is not None:
            furniture.draw_seal(
                canvas=canvas,
                name=signature.name,
                x=self.width - 30 * mm,
                y=self.height / 2,
                demo=self.demo,
            )
        lines = self.lines if self.places is None else self.lines[:1]
        if self.places is not None:
            # Each pass lays the page out anew; the last one is what was written.
            self.places[self.signature.uscc] = self._place()
        for index, (text, size) in enumerate(lines):
            draw_string(
                canvas=canvas,
                text=text,
                x=5 * mm,
                y=self.height - 10 * mm - index * 9 * mm,
                style=Style(size=size),
            )

    def _place(self) -> Place:
        left, bottom = self.canv.absolutePosition(0, 0)
        return Place(
            name=self.signature.uscc,
            page=self.canv.getPageNumber(),
            left_mm=round(left / mm + 4, 2),
            bottom_mm=round(bottom / mm + 5, 2),
            width_mm=round(self.width / mm - 8, 2),
            height_mm=round(self.height / mm - 20, 2),
        )


def _signature_lines(signature: Signature) -> list[tuple[str, float]]:
    signed = signature.signed_at
    when = long_moment(signed) if signed is not None else "          年     月     日"
    name = f"{signature.role}（盖章）：{signature.name}"
    # The longest names are set smaller rather than run under the edge of the box.
    return [
        (name, min(12.0, 440.0 / max(len(name), 1))),
        (f"法定代表人或者授权代表（签字）：{signature.signer}", 12),
        (f"签署时间：{when}", 12),
        ("签署的条款校验值：", 9) if signed is not None else ("（尚未签署）", 9),
        (signature.terms_sha256, 7),
    ]
