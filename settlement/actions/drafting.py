"""Statements are drawn up from the meter, or thrown away while they are drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts import terms as contract_terms
from contracts.models import Agreement
from core.calendars import next_number
from core.errors import Forbidden
from core.money import to_yuan
from parties import queries as parties
from parties.models import Organization
from parties.roles import Kind, Role
from settlement import charges as pure
from settlement.actions.locks import lock_agreement, lock_statement
from settlement.actions.rating import InForce, lines_of, rules_in_force
from settlement.books import advance_available
from settlement.charges import Charges
from settlement.errors import NothingToSettle, PeriodNotOver, PriceMissing
from settlement.models import FeeLine, SplitShare, Statement, StatementLine
from settlement.periods import Month, month_between
from workflow import transitions

SANDBOX_MODE = "SANDBOX"
BATCH_AGREEMENTS_MAX = 1_000
# Statements are Chinese documents: the names of fees are content.
FEE_NAMES = {pure.PLATFORM: "交易服务费", pure.SANDBOX: "沙箱算力费"}


@transitions.action
def draft_statement(
    *, agreement_id: UUID, period_from: date, period_to: date, actor: Any, at: datetime
) -> Statement:
    """
    Draw up what an agreement owes for one calendar month.

    ``period_from`` and ``period_to`` are its first and its last day. Usage counts by its own time
    in [00:00 of the first day, 24:00 of the last) in Asia/Shanghai and as far as it was stored
    before ``at``; what comes later goes to the next statement. A statement that stands already for
    this month is returned as it is.

    :raises Forbidden: the actor does not settle for the exchange.
    :raises NotAWholeMonth: the days do not bound one calendar month.
    :raises PeriodNotOver: the month has not ended at ``at``.
    :raises NothingToSettle: no license of the agreement was valid in the month.
    :raises PriceMissing: a dataset has no published price.
    Source: domain §3.7, T21; docs/sources.md#settlement.
    """
    exchange = _exchange_of(actor)
    month = month_between(period_from=period_from, period_to=period_to)
    if at < month.to_at:
        raise PeriodNotOver
    agreement = lock_agreement(agreement_id)
    standing = _standing(agreement, month)
    if standing is not None:
        return standing
    in_force = rules_in_force(month.first)
    terms = contract_terms.parse(agreement.terms)
    purpose_class = (terms.purpose.purpose_class if terms.purpose else None) or ""
    codes = [item.code for item in (terms.scope.datasets if terms.scope else None) or ()]
    lines = lines_of(
        agreement,
        month,
        free=[code for code in codes if terms.is_free(code)],
        purpose_class=purpose_class,
        at=at,
    )
    amounts = pure.charges(
        lines_fen=[line.gross_fen for line in lines],
        rules=in_force.rules(sandbox=owes_sandbox(terms)),
        advance_fen=advance_available(agreement),
    )
    new = Statement(
        number=_number(month),
        agreement=agreement,
        licensee=agreement.applicant,
        exchange=exchange,
        period_from=month.first,
        period_to=month.last,
        purpose_class=purpose_class,
        drafted_by=actor,
        drafted_at=at,
    )
    return store(new, lines, amounts, in_force, actor=actor, at=at)


@transitions.action
def draft_statements(*, period_from: date, period_to: date, actor: Any, at: datetime) -> int:
    """
    Draw up the statements of a month that are still missing; returns how many.

    An agreement that cannot be settled (no price, no license in the month) is left out here and
    says why when it is drawn up by itself.

    :raises Forbidden: the actor does not settle for the exchange.
    :raises NotAWholeMonth: the days do not bound one calendar month.
    :raises PeriodNotOver: the month has not ended at ``at``.
    """
    _exchange_of(actor)
    month = month_between(period_from=period_from, period_to=period_to)
    if at < month.to_at:
        raise PeriodNotOver
    done = 0
    for agreement_id in _unsettled(month):
        try:
            draft_statement(
                agreement_id=agreement_id,
                period_from=period_from,
                period_to=period_to,
                actor=actor,
                at=at,
            )
        except (PriceMissing, NothingToSettle):
            continue
        done += 1
    return done


@transitions.action
def discard_statement(*, statement_id: UUID, actor: Any, at: datetime) -> Statement:
    """
    Throw a draft away; the month can be drawn up again.

    :raises NotAllowedNow: it is no draft any more.
    """
    subject = lock_statement(statement_id, actor=actor)
    return transitions.perform(subject, "discard", actor=actor, at=at)


def store(
    new: Statement,
    lines: Sequence[StatementLine],
    amounts: Charges,
    in_force: InForce,
    *,
    actor: Any,
    at: datetime,
) -> Statement:
    """
    Store a statement with its lines, fees and shares, in the open transaction.

    The buyer sees it once it is issued.
    """
    new.opening_fen, new.gross_fen = amounts.opening_fen, amounts.gross_fen
    new.net_fen, new.tax_fen, new.tax_rate = amounts.net_fen, amounts.tax_fen, in_force.tax.rate
    new.fees_fen, new.payable_fen = amounts.fees_fen, amounts.payable_fen
    new.split_policy, new.fee_schedule = in_force.split, in_force.fees
    transitions.create(
        new,
        actor=actor,
        at=at,
        facts={"number": new.number, "payable_fen": new.payable_fen},
        exchange=new.exchange,
        authority=new.agreement.authority,
        platform=new.agreement.application.platform,
        treasury=Organization.objects.filter(kind=Kind.TREASURY).first(),
    )
    for line in lines:
        line.statement = new
    StatementLine.objects.bulk_create(lines)
    FeeLine.objects.bulk_create(
        FeeLine(
            statement=new,
            code=fee.code,
            name=FEE_NAMES[fee.code],
            basis=_basis(fee.code, in_force),
            amount_fen=fee.amount_fen,
            tax_fen=fee.tax_fen,
        )
        for fee in amounts.fees
    )
    SplitShare.objects.bulk_create(
        SplitShare(
            statement=new,
            position=position,
            party=share["party"],
            name=share["name"],
            account=share["account"],
            weight=Decimal(share["weight"]),
            amount_fen=amount_fen,
        )
        for position, (share, amount_fen) in enumerate(
            zip(in_force.split.shares, amounts.shares, strict=True), start=1
        )
    )
    return new


def owes_sandbox(terms: contract_terms.Terms) -> bool:
    """Return whether a month under these terms owes the sandbox fee."""
    mode = terms.environment.mode if terms.environment else None
    purpose = (terms.purpose.purpose_class if terms.purpose else None) or ""
    free = purpose in contract_terms.FREE_PURPOSES or bool(terms.fee and terms.fee.free_of_charge)
    return mode == SANDBOX_MODE and not free


def _exchange_of(actor: Any) -> Organization:
    if getattr(actor, "is_system", False):
        return parties.the(Kind.EXCHANGE)
    exchange = parties.organization_for(actor, Role.EXCHANGE_SETTLER)
    if exchange.kind != Kind.EXCHANGE:
        raise Forbidden
    return exchange


def _unsettled(month: Month) -> list[UUID]:
    """Return the agreements with a license valid in the month and without a statement for it."""
    settled = Statement.objects.filter(
        period_from=month.first, state__in=[Statement.State.DRAFT, *Statement.STANDING]
    )
    return list(
        Agreement.objects.filter(
            licenses__valid_from__lte=month.last, licenses__valid_to__gte=month.first
        )
        .exclude(pk__in=settled.values("agreement_id"))
        .order_by("number")
        .distinct()
        .values_list("pk", flat=True)[:BATCH_AGREEMENTS_MAX]
    )


def _standing(agreement: Agreement, month: Month) -> Statement | None:
    found: Statement | None = Statement.objects.filter(
        agreement=agreement,
        period_from=month.first,
        period_to=month.last,
        state__in=[Statement.State.DRAFT, *Statement.STANDING],
    ).first()
    return found


def _basis(code: str, in_force: InForce) -> str:
    if code == pure.PLATFORM:
        percent = (in_force.fees.platform_rate * 100).normalize()
        return f"数据使用费含税金额的{percent:f}%（收费标准第{in_force.fees.version}版）"
    monthly = to_yuan(in_force.fees.sandbox_fen_per_month)
    return f"每月{monthly:,.2f}元（收费标准第{in_force.fees.version}版）"


def _number(month: Month) -> str:
    period = f"{month.first:%Y-%m}"
    return f"WX-DZ-{period}-{next_number(f'settlement.statement.{period}'):05d}"
