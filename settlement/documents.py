"""
The statement as PDF: opening, usage, lines, tax, split, fees, payable in figures and capitals.

A statement whose parts do not make its totals is refused, never printed.
Source: docs/sources.md#statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts
from core.documents.chinese import capitals, long_date
from core.documents.kit import Document, require
from core.documents.letters import RECORD_MARGINS, RECORD_WIDTH_MM, render_record
from core.documents.typeset import Text
from core.money import format_yuan

_TABLE = parts.CELL.but(size=9.5, leading=14)


@dataclass(frozen=True, kw_only=True)
class UsageLine:
    """Metered calls of one dataset in the period; only ``billable`` ones are charged."""

    dataset_code: str
    dataset_name: str
    billable: int
    server_errors: int = 0
    retries: int = 0
    refused: int = 0


@dataclass(frozen=True, kw_only=True)
class ChargeLine:
    """One rated line: quantity times unit price (yuan, tax included) makes ``gross_fen``."""

    dataset_code: str
    fee_type: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    gross_fen: int


@dataclass(frozen=True, kw_only=True)
class TaxLine:
    """Tax by rate: ``rate`` 0.06 is six per cent."""

    rate: Decimal
    gross_fen: int
    net_fen: int
    vat_fen: int


@dataclass(frozen=True, kw_only=True)
class SplitShare:
    """The share of one party of the net amount; ``share`` 0.40 is forty per cent."""

    party: str
    account: str
    share: Decimal
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """A fee beside the use of data, such as the platform service fee."""

    name: str
    basis: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    """Everything a statement says; amounts are whole fen, negative ones are credits."""

    number: str
    version: str = ""
    issuer: str
    buyer: str
    buyer_uscc: str
    agreement_number: str
    license_numbers: tuple[str, ...]
    period_from: date
    period_to: date
    confirm_by: date
    pay_by: date
    opening_fen: int
    usage: tuple[UsageLine, ...]
    lines: tuple[ChargeLine, ...]
    taxes: tuple[TaxLine, ...]
    gross_fen: int
    net_fen: int
    vat_fen: int
    split_policy: str
    split: tuple[SplitShare, ...]
    fees: tuple[FeeLine, ...]
    payable_fen: int
    meter_sha256: str = ""
    issued_at: datetime
    demo_seal: bool
    watermark: str = ""


def render_statement(facts: StatementFacts) -> bytes:
    """
    Set the statement and return the PDF.

    :raises InconsistentFacts: the parts do not make the totals.
    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    _check_sums(facts)
    fonts.check_glyphs(facts)
    document = Document(
        title="公共数据使用费用对账单",
        number=facts.number,
        version=facts.version,
        author=facts.issuer,
        at=facts.issued_at,
        subject=f"{facts.buyer} {facts.period_from} {facts.period_to}",
        margins=RECORD_MARGINS,
    )
    return render_record(
        document=document,
        title="公共数据使用费用对账单",
        body=lambda: _body(facts),
        watermark=facts.watermark,
    )


def _check_sums(facts: StatementFacts) -> None:
    gross = sum(line.gross_fen for line in facts.lines)
    require(gross == facts.gross_fen, what=_("the lines do not make the gross amount"))
    for tax in facts.taxes:
        require(tax.net_fen + tax.vat_fen == tax.gross_fen, what=_("net and tax do not make gross"))
    for name in ("gross_fen", "net_fen", "vat_fen"):
        total = sum(getattr(tax, name) for tax in facts.taxes)
        require(total == getattr(facts, name), what=_("the tax lines do not make the totals"))
    split = sum(share.amount_fen for share in facts.split)
    require(not facts.split or split == facts.net_fen, what=_("the split does not make the net"))
    fees = sum(fee.amount_fen for fee in facts.fees)
    payable = facts.opening_fen + facts.gross_fen + fees
    require(payable == facts.payable_fen, what=_("opening, gross and fees do not make the payable"))


def _body(facts: StatementFacts) -> list[Flowable]:
    licenses = "\n".join(facts.license_numbers)
    period = f"{long_date(facts.period_from)}至\n{long_date(facts.period_to)}"
    return [
        parts.pairs_table(
            [
                ("付款单位", facts.buyer, "统一社会\n信用代码", facts.buyer_uscc),
                ("开单单位", facts.issuer, "结算期间", period),
                ("协议编号", facts.agreement_number, "许可证编号", licenses),
                ("确认期限", long_date(facts.confirm_by), "付款期限", long_date(facts.pay_by)),
            ],
            width_mm=RECORD_WIDTH_MM,
        ),
        *parts.chapters(
            [
                ("用量", [_usage(facts)] if facts.usage else []),
                ("计费明细（含税）", [_lines(facts)]),
                ("价税分离", [_taxes(facts)]),
                ("收入分配（不含税金额）", _split(facts)),
                ("其他费用", [_fees(facts)] if facts.fees else []),
            ],
            style=parts.SECTION,
        ),
        parts.gap(2),
        parts.together(
            Text("应付金额", parts.SECTION),
            _payable(facts),
            *_notes(facts),
            furniture.SignOff(
                authority=facts.issuer,
                day=long_date(facts.issued_at),
                demo=facts.demo_seal,
                size=12,
            ),
        ),
    ]


def _usage(facts: StatementFacts) -> Flowable:
    return parts.grid(
        head=(
            "编号",
            "数据集",
            "计费调用",
            "服务端错误\n（不计费）",
            "重试\n（不计费）",
            "拒绝\n（不计费）",
        ),
        rows=[
            (
                u.dataset_code,
                u.dataset_name,
                *(f"{n:,}" for n in (u.billable, u.server_errors, u.retries, u.refused)),
            )
            for u in facts.usage
        ],
        widths_mm=(14, 60, 26, 24, 21, 21),
        aligns=("center", "left", "right", "right", "right", "right"),
        style=_TABLE,
    )


def _lines(facts: StatementFacts) -> Flowable:
    return parts.grid(
        head=("编号", "费用类型", "计价说明", "数量", "单价（元）", "金额"),
        rows=[
            (
                line.dataset_code,
                line.fee_type,
                line.description,
                f"{line.quantity:,f} {line.unit}",
                f"{line.unit_price:,f}",
                format_yuan(line.gross_fen),
            )
            for line in facts.lines
        ],
        total=("", "", "合计", "", "", format_yuan(facts.gross_fen)),
        widths_mm=(14, 30, 46, 27, 21, 28),
        aligns=("center", "left", "left", "right", "right", "right"),
        style=_TABLE,
    )


def _taxes(facts: StatementFacts) -> Flowable:
    return parts.grid(
        head=("税率", "含税金额", "不含税金额", "增值税额"),
        rows=[
            (_percent(t.rate), *(format_yuan(n) for n in (t.gross_fen, t.net_fen, t.vat_fen)))
            for t in facts.taxes
        ],
        total=(
            "合计",
            *(format_yuan(n) for n in (facts.gross_fen, facts.net_fen, facts.vat_fen)),
        ),
        widths_mm=(31, 45, 45, 45),
        aligns=("center", "right", "right", "right"),
        style=_TABLE,
    )


def _split(facts: StatementFacts) -> list[Flowable]:
    if not facts.split:
        return []
    table = parts.grid(
        head=("分配对象", "科目", "比例", "金额"),
        rows=[
            (s.party, s.account, _percent(s.share), format_yuan(s.amount_fen)) for s in facts.split
        ],
        total=("合计", "", "", format_yuan(facts.net_fen)),
        widths_mm=(56, 52, 22, 36),
        aligns=("left", "left", "right", "right"),
        style=_TABLE,
    )
    return [table, Text(f"分配规则：{facts.split_policy}", parts.NOTE.but(before=3))]


def _fees(facts: StatementFacts) -> Flowable:
    return parts.grid(
        head=("费用", "计算依据", "金额"),
        rows=[(fee.name, fee.basis, format_yuan(fee.amount_fen)) for fee in facts.fees],
        total=("合计", "", format_yuan(sum(fee.amount_fen for fee in facts.fees))),
        widths_mm=(50, 80, 36),
        aligns=("left", "left", "right"),
        style=_TABLE,
    )


def _payable(facts: StatementFacts) -> Flowable:
    fees = sum(fee.amount_fen for fee in facts.fees)
    amounts = (facts.opening_fen, facts.gross_fen, fees, facts.payable_fen)
    return parts.grid(
        head=("期初余额", "本期数据使用费", "其他费用", "应付金额"),
        rows=[[format_yuan(n) for n in amounts]],
        widths_mm=(38, 44, 38, 46),
        aligns=("right", "right", "right", "right"),
        style=parts.CELL.but(size=11),
    )


def _notes(facts: StatementFacts) -> list[Flowable]:
    words = f"应付金额（大写）：{capitals(facts.payable_fen)}"
    day = long_date(facts.confirm_by)
    notes: list[Flowable] = [
        Text(words, parts.PLAIN.but(font=fonts.HEAD, before=6)),
        Text(
            f"请于{day}前确认或者对有异议的明细提出书面异议；有异议的明细冻结，其余部分照付。",
            parts.NOTE,
        ),
    ]
    if facts.meter_sha256:
        notes.append(Text(f"计量记录校验值（SHA-256）：{facts.meter_sha256}", parts.NOTE))
    return notes


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
