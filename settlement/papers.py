"""
A statement as documents: PDF for people, XLSX for their books, JSON for machines.

All three come from the same facts; the same facts give the same bytes.
Source: docs/sources.md#statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from core import hashing
from core.clock import SHANGHAI
from core.money import FEN_PER_YUAN, round_fen
from settlement import documents
from settlement.models import PriceVersion, SplitShare, Statement, StatementDocument, StatementLine
from settlement.sheets import workbook

DATA_USE_FEE = "数据使用费"
_UNITS = {
    PriceVersion.Model.PER_RECORD: "条",
    PriceVersion.Model.FIXED_PRODUCT: "件",
    PriceVersion.Model.SUBSCRIPTION_PERIOD: "月",
}
_WORDS = {
    PriceVersion.Model.FREE: "免费",
    PriceVersion.Model.FIXED_PRODUCT: "产品定价",
    PriceVersion.Model.PER_CALL: "按次",
    PriceVersion.Model.PER_RECORD: "按条",
    PriceVersion.Model.SUBSCRIPTION_PERIOD: "按月订阅",
}


def render(
    statement: Statement, *, confirm_by: date, pay_by: date
) -> dict[StatementDocument.Kind, bytes]:
    """
    Set a statement, whose ``issued_at`` is known, as its three documents.

    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    """
    lines = list(
        statement.lines.select_related("license__dataset", "price").order_by("position")
    )
    facts = facts_of(statement, lines, confirm_by=confirm_by, pay_by=pay_by)
    return {
        StatementDocument.Kind.PDF: documents.render_statement(facts),
        StatementDocument.Kind.XLSX: workbook(facts),
        StatementDocument.Kind.JSON: hashing.canonical_json(data_of(statement, lines, facts)),
    }


def facts_of(
    statement: Statement, lines: Sequence[StatementLine], *, confirm_by: date, pay_by: date
) -> documents.StatementFacts:
    """Return what the documents say, from what is stored."""
    assert statement.issued_at is not None
    usage = [line for line in lines if line.kind == StatementLine.Kind.USAGE]
    return documents.StatementFacts(
        number=statement.number,
        version=f"第{statement.revision}版" if statement.revision > 1 else "",
        issuer=statement.exchange.name,
        buyer=statement.licensee.name,
        buyer_uscc=statement.licensee.uscc,
        agreement_number=statement.agreement.number,
        license_numbers=tuple(dict.fromkeys(line.license.number for line in lines)),
        period_from=statement.period_from,
        period_to=statement.period_to,
        confirm_by=confirm_by,
        pay_by=pay_by,
        opening_fen=statement.opening_fen,
        usage=tuple(_usage(line) for line in usage),
        lines=tuple(charge for line in lines for charge in charge_lines(line)),
        taxes=(
            documents.TaxLine(
                rate=statement.tax_rate,
                gross_fen=statement.gross_fen,
                net_fen=statement.net_fen,
                vat_fen=statement.tax_fen,
            ),
        ),
        gross_fen=statement.gross_fen,
        net_fen=statement.net_fen,
        vat_fen=statement.tax_fen,
        split_policy=(
            f"第{statement.split_policy.version}版，以不含税金额为基数，最大余数法取整到分；"
            f"{statement.split_policy.legal_basis}"
        ),
        split=_shares(list(statement.shares.all())),
        fees=tuple(
            documents.FeeLine(name=fee.name, basis=fee.basis, amount_fen=fee.amount_fen)
            for fee in statement.fee_lines.all()
        ),
        payable_fen=statement.payable_fen,
        meter_sha256=hashing.digest_of([line.event_set_hash for line in lines]),
        issued_at=statement.issued_at,
        demo_seal=settings.DEMO or settings.TESTING,
    )


def charge_lines(line: StatementLine) -> Iterator[documents.ChargeLine]:
    """
    Yield a rated line as the steps that explain it.

    The line is rounded once; the parts are the differences of the rounded running totals, so that
    they make the line to the fen.
    """
    model, exact, before = line.price.model, Decimal(0), 0
    for number, step in enumerate(line.steps, start=1):
        exact += Decimal(step["yuan"]) * FEN_PER_YUAN
        running = round_fen(exact)
        base = number == 1 and model == PriceVersion.Model.HYBRID and len(line.steps) > 1
        yield documents.ChargeLine(
            dataset_code=line.license.dataset.code,
            fee_type=DATA_USE_FEE,
            description=_describe(line, number, base=base),
            quantity=Decimal(step["quantity"]),
            unit="月" if base else _UNITS.get(PriceVersion.Model(model), "次"),
            unit_price=Decimal(step["unit_price"] or "0"),
            gross_fen=running - before,
        )
        before = running
    if not line.steps:
        yield documents.ChargeLine(
            dataset_code=line.license.dataset.code,
            fee_type=DATA_USE_FEE,
            description="本期无计费用量",
            quantity=Decimal(0),
            unit=_UNITS.get(PriceVersion.Model(model), "次"),
            unit_price=Decimal(0),
            gross_fen=0,
        )


def data_of(
    statement: Statement, lines: Sequence[StatementLine], facts: documents.StatementFacts
) -> dict[str, Any]:
    """Return the statement for machines: every figure, and what proves it."""
    plain = {name: getattr(facts, name) for name in _PLAIN}
    return plain | {
        "revision": statement.revision,
        "currency": "CNY",
        "purpose_class": statement.purpose_class,
        "tax_rate": str(statement.tax_rate),
        "lines": [_line_data(line) for line in lines],
        "split": [
            {
                "party": share.party,
                "name": share.name,
                "account": share.account,
                "weight": str(share.weight),
                "amount_fen": share.amount_fen,
            }
            for share in statement.shares.all()
        ],
        "split_policy_version": statement.split_policy.version,
        "fees": [
            {
                "code": fee.code,
                "name": fee.name,
                "basis": fee.basis,
                "amount_fen": fee.amount_fen,
                "tax_fen": fee.tax_fen,
            }
            for fee in statement.fee_lines.all()
        ],
        "fee_schedule_version": statement.fee_schedule.version,
    }


_PLAIN = (
    "number", "issuer", "buyer", "buyer_uscc", "agreement_number", "license_numbers",
    "period_from", "period_to", "confirm_by", "pay_by", "opening_fen", "gross_fen", "net_fen",
    "vat_fen", "payable_fen", "meter_sha256", "issued_at",
)  # fmt: skip


def _line_data(line: StatementLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "kind": line.kind,
        "dataset": line.license.dataset.code,
        "license": line.license.number,
        "price_version": line.price.number,
        "price_model": line.price.model,
        "quantity": f"{line.quantity.normalize():f}",
        "steps": line.steps,
        "gross_fen": line.gross_fen,
        "server_errors": line.server_errors,
        "retries": line.retries,
        "refused": line.refused,
        "from_at": line.from_at,
        "to_at": line.to_at,
        "stored_before": line.stored_before,
        "first_event_id": line.first_event_id,
        "last_event_id": line.last_event_id,
        "event_set_hash": line.event_set_hash,
    }


def _usage(line: StatementLine) -> documents.UsageLine:
    dataset = line.license.dataset
    return documents.UsageLine(
        dataset_code=dataset.code,
        dataset_name=dataset.title,
        billable=int(line.quantity),
        server_errors=line.server_errors,
        retries=line.retries,
        refused=line.refused,
    )


def _shares(rows: Sequence[SplitShare]) -> tuple[documents.SplitShare, ...]:
    whole = sum(share.weight for share in rows)
    return tuple(
        documents.SplitShare(
            party=share.name,
            account=share.account,
            share=share.weight / whole,
            amount_fen=share.amount_fen,
        )
        for share in rows
    )


def _describe(line: StatementLine, number: int, *, base: bool) -> str:
    prefix = ""
    if line.kind != StatementLine.Kind.USAGE:
        word = "补计" if line.kind == StatementLine.Kind.LATE else "争议后结转"
        prefix = f"{word}（{line.from_at.astimezone(SHANGHAI):%Y年%m月}）"
    if all(Decimal(step["unit_price"] or "1") == 0 for step in line.steps):
        return f"{prefix}免费"
    if base:
        return f"{prefix}基本费"
    tiers = line.price.tiers
    if len(tiers) > 1 and line.kind != StatementLine.Kind.LATE:
        return f"{prefix}第{number}档{_bounds(tiers, number - 1)}"
    return prefix + _WORDS.get(PriceVersion.Model(line.price.model), "按次")


def _bounds(tiers: Sequence[dict[str, Any]], index: int) -> str:
    upper = tiers[index]["up_to"]
    if upper is not None:
        return f"：不超过{Decimal(upper):,f}"
    return f"：超过{Decimal(tiers[index - 1]['up_to']):,f}"
