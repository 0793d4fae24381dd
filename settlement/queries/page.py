"""The page of one statement: every total with the rows that make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models.functions import Length

from core import clock
from core.errors import NotFound
from core.money import FEN_PER_YUAN, to_yuan
from gateway.queries import UsageDay, daily_usage
from ledger import balances
from ledger.errors import UnknownAccount
from settlement.books import receivable_of
from settlement.models import Dispute, Statement, StatementDocument, StatementLine
from workflow import history, policy, transitions
from workflow.deadlines import ClockView, of_subject

CONTENT_TYPES = {
    StatementDocument.Kind.PDF: "application/pdf",
    StatementDocument.Kind.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    StatementDocument.Kind.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """Units at one price; ``yuan`` is exact, with parts of a fen."""

    quantity: Decimal
    unit_price: Decimal | None
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class LineRow:
    """One rated line; ``rounding_yuan`` is what its one rounding moved."""

    id: int
    position: int
    kind: str
    kind_name: str
    dataset_code: str
    dataset_title: str
    license_id: UUID
    license_number: str
    price_number: int
    price_model: str
    quantity: Decimal
    steps: tuple[StepRow, ...]
    rounding_yuan: Decimal
    gross_fen: int
    server_errors: int
    retries: int
    refused: int
    days: tuple[UsageDay, ...]
    from_at: datetime
    to_at: datetime
    stored_before: datetime
    first_event_id: int | None
    last_event_id: int | None
    event_set_hash: str
    dispute: DisputeRow | None


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A buyer's objection and its answer."""

    id: int
    reason: str
    raised_by: str
    raised_at: datetime
    outcome: str
    outcome_name: str
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One share of the net; ``exact_yuan`` before rounding, ``rounding_yuan`` what it moved."""

    name: str
    account: str
    percent: Decimal
    exact_yuan: Decimal
    rounding_yuan: Decimal
    amount_fen: int


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee, tax included."""

    name: str
    basis: str
    amount_fen: int
    net_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One stored document."""

    kind: str
    content_hash: str
    bytes: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """The buyer's account for the agreement; opening plus movements make closing (fen)."""

    code: str
    from_on: date
    to_on: date
    opening_fen: int
    movements: tuple[balances.StatementLine, ...]
    closing_fen: int


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Everything the page of a statement shows; amounts in fen."""

    id: UUID
    number: str
    revision: int
    state: str
    state_name: str
    agreement_id: UUID
    agreement_number: str
    licensee_name: str
    licensee_uscc: str
    exchange_name: str
    period_from: date
    period_to: date
    opening_fen: int
    gross_fen: int
    net_fen: int
    tax_fen: int
    tax_percent: Decimal
    fees_fen: int
    payable_fen: int
    split_version: int
    split_basis: str
    drafted_at: datetime
    issued_at: datetime | None
    confirmed_at: datetime | None
    posted_at: datetime | None
    released_at: datetime | None
    paid_at: datetime | None
    content_hash: str
    lines: tuple[LineRow, ...]
    shares: tuple[ShareRow, ...]
    fees: tuple[FeeRow, ...]
    documents: tuple[DocumentRow, ...]
    account: AccountView | None
    clocks: tuple[ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]
    replaces: tuple[UUID, str] | None
    replacement: tuple[UUID, str] | None


def statement_page(*, statement_id: UUID, actor: Any, at: datetime) -> StatementPage:
    """
    Return the page of one statement.

    :raises NotFound: there is no such statement, or the actor may not see it.
    """
    row = _visible(statement_id, actor)
    replacement = Statement.objects.filter(replaces=row).first()
    return StatementPage(
        **{name: getattr(row, name) for name in _PLAIN},
        state_name=str(row.get_state_display()),
        agreement_number=row.agreement.number,
        licensee_name=row.licensee.name,
        licensee_uscc=row.licensee.uscc,
        exchange_name=row.exchange.name,
        tax_percent=(row.tax_rate * 100).normalize(),
        split_version=row.split_policy.version,
        split_basis=row.split_policy.legal_basis,
        lines=_lines(row),
        shares=_shares(row),
        fees=tuple(
            FeeRow(fee.name, fee.basis, fee.amount_fen, fee.amount_fen - fee.tax_fen, fee.tax_fen)
            for fee in row.fee_lines.all()
        ),
        documents=_documents(row),
        account=_account(row, at=at),
        clocks=of_subject(row, at=at),
        timeline=history.timeline(row),
        offers=transitions.offers(row, actor=actor),
        replaces=(row.replaces.id, row.replaces.number) if row.replaces else None,
        replacement=(replacement.id, replacement.number) if replacement else None,
    )


def statement_document(*, statement_id: UUID, kind: str, actor: Any) -> tuple[str, bytes, str]:
    """
    Return the file name, the bytes and the content type of a stored document.

    :raises NotFound: there is no such document, or the actor may not see the statement.
    """
    row = _visible(statement_id, actor)
    found = row.documents.filter(kind=kind).first()
    if found is None:
        raise NotFound
    content_type = CONTENT_TYPES[StatementDocument.Kind(found.kind)]
    return f"{row.number}.{found.kind.lower()}", bytes(found.file), content_type


_PLAIN = (
    "id", "number", "revision", "state", "agreement_id", "period_from", "period_to",
    "opening_fen", "gross_fen", "net_fen", "tax_fen", "fees_fen", "payable_fen",
    "drafted_at", "issued_at", "confirmed_at", "posted_at", "released_at", "paid_at",
    "content_hash",
)  # fmt: skip


def _visible(statement_id: UUID, actor: Any) -> Statement:
    row: Statement | None = (
        policy.visible(actor, "settlement.see_statement", Statement)
        .select_related("agreement", "licensee", "exchange", "split_policy", "replaces")
        .filter(id=statement_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _lines(statement: Statement) -> tuple[LineRow, ...]:
    rows = list(
        statement.lines.select_related("license__dataset", "price").order_by("position")
    )
    disputes = {
        one.line_id: one
        for one in Dispute.objects.filter(line__in=rows)
        .select_related("raised_by", "answered_by")
        .order_by("id")
    }
    return tuple(_line(row, disputes.get(row.id)) for row in rows)


def _line(row: StatementLine, dispute: Dispute | None) -> LineRow:
    steps = tuple(
        StepRow(
            Decimal(step["quantity"]),
            Decimal(step["unit_price"]) if step["unit_price"] else None,
            Decimal(step["yuan"]),
        )
        for step in row.steps
    )
    last_day = clock.local_date(row.to_at)
    return LineRow(
        id=row.id,
        position=row.position,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        dataset_code=row.license.dataset.code,
        dataset_title=row.license.dataset.title,
        license_id=row.license_id,
        license_number=row.license.number,
        price_number=row.price.number,
        price_model=str(row.price.get_model_display()),
        quantity=row.quantity.normalize(),
        steps=steps,
        rounding_yuan=to_yuan(row.gross_fen) - sum((step.yuan for step in steps), Decimal(0)),
        gross_fen=row.gross_fen,
        server_errors=row.server_errors,
        retries=row.retries,
        refused=row.refused,
        days=tuple(
            day
            for day in daily_usage(
                license_id=row.license_id,
                from_on=clock.local_date(row.from_at),
                to_on=last_day,
            )
            if day.day < last_day
        ),
        from_at=row.from_at,
        to_at=row.to_at,
        stored_before=row.stored_before,
        first_event_id=row.first_event_id,
        last_event_id=row.last_event_id,
        event_set_hash=row.event_set_hash,
        dispute=_dispute(dispute) if dispute else None,
    )


def _dispute(row: Dispute) -> DisputeRow:
    return DisputeRow(
        id=row.id,
        reason=row.reason,
        raised_by=row.raised_by.full_name,
        raised_at=row.raised_at,
        outcome=row.outcome,
        outcome_name=str(row.get_outcome_display()) if row.outcome else "",
        answer=row.answer,
        answered_by=row.answered_by.full_name if row.answered_by else "",
        answered_at=row.answered_at,
    )


def _shares(statement: Statement) -> tuple[ShareRow, ...]:
    rows = list(statement.shares.order_by("position"))
    whole = Fraction(sum((row.weight for row in rows), Decimal(0)))
    return tuple(_share(row, statement.net_fen, whole) for row in rows)


def _share(row: Any, net_fen: int, whole: Fraction) -> ShareRow:
    part = Fraction(row.weight) / whole
    ideal = net_fen * part / FEN_PER_YUAN
    exact = (Decimal(ideal.numerator) / Decimal(ideal.denominator)).quantize(Decimal("0.0001"))
    percent = Decimal(part.numerator * 100) / Decimal(part.denominator)
    return ShareRow(
        name=row.name,
        account=row.account,
        percent=percent.quantize(Decimal("0.01")),
        exact_yuan=exact,
        rounding_yuan=to_yuan(row.amount_fen) - exact,
        amount_fen=row.amount_fen,
    )


def _documents(statement: Statement) -> tuple[DocumentRow, ...]:
    rows = statement.documents.order_by("kind").annotate(size=Length("file"))
    return tuple(DocumentRow(*row) for row in rows.values_list("kind", "content_hash", "size"))


def _account(statement: Statement, *, at: datetime) -> AccountView | None:
    """Return the buyer's account from the first day of the period on, once it is in the books."""
    code = receivable_of(statement.agreement.number)
    moments = [moment for moment in (at, statement.posted_at, statement.paid_at) if moment]
    try:
        found = balances.statement(
            account=code, from_on=statement.period_from, to_on=clock.local_date(max(moments))
        )
    except UnknownAccount:
        return None
    return AccountView(
        code=code,
        from_on=found.from_on,
        to_on=found.to_on,
        opening_fen=found.opening_fen,
        movements=found.lines,
        closing_fen=found.closing_fen,
    )
