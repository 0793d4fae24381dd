"""Balances, the trial balance and account statements: what the books say, now or as of a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, select, true

from ledger import tables
from ledger.engine import ledger_read
from ledger.errors import BatchTooLarge, UnknownAccount
from ledger.tables import journal, leg

STATEMENT_ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The state of one account in fen; ``as_of`` is inclusive, None means everything posted."""

    account: str
    name: str
    kind: str
    normal_side: str
    currency: str
    as_of: date | None
    debits_fen: int
    credits_fen: int

    @property
    def net_fen(self) -> int:
        """Return debits minus credits."""
        return self.debits_fen - self.credits_fen

    @property
    def balance_fen(self) -> int:
        """Return the balance in the account's normal direction."""
        return self.net_fen if self.normal_side == "debit" else -self.net_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """Every account's totals; the books balance when ``difference_fen`` is 0."""

    as_of: date | None
    rows: tuple[Balance, ...]

    @property
    def difference_fen(self) -> int:
        """Return how far debits and credits are apart, added up over the currencies."""
        totals: dict[str, int] = {}
        for row in self.rows:
            totals[row.currency] = totals.get(row.currency, 0) + row.net_fen
        return sum(abs(total) for total in totals.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement of an account, debit positive, with the balance (debit positive) after it."""

    journal_id: UUID
    sequence: int
    effective_on: date
    template: str
    description: str
    reference: str
    amount_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """Opening plus movements make closing; all fen, debit positive, both dates inclusive."""

    account: str
    name: str
    currency: str
    from_on: date
    to_on: date
    opening_fen: int
    lines: tuple[StatementLine, ...]

    @property
    def closing_fen(self) -> int:
        """Return the balance at the end of the last day."""
        return self.opening_fen + sum(line.amount_fen for line in self.lines)


def balance(*, account: str, as_of: date | None = None) -> Balance:
    """
    Return one account's balance, at the end of a day when ``as_of`` is given.

    :raises UnknownAccount: it was never opened.
    """
    with ledger_read() as conn:
        rows = _balances(conn, as_of=as_of, where=tables.account.c.code == account)
    if not rows:
        raise UnknownAccount(account=account)
    return rows[0]


def trial_balance(*, as_of: date | None = None) -> TrialBalance:
    """Return the totals of every account, by code, at the end of a day when one is given."""
    with ledger_read() as conn:
        return TrialBalance(as_of=as_of, rows=_balances(conn, as_of=as_of, where=true()))


def statement(*, account: str, from_on: date, to_on: date) -> AccountStatement:
    """
    Return an account's opening balance and movements from one day to another, both inclusive.

    Lines come by accounting date, then in the order of posting.

    :raises UnknownAccount: it was never opened.
    :raises BatchTooLarge: more than STATEMENT_ROWS_MAX movements; ask for fewer days.
    """
    opening = balance(account=account, as_of=from_on - timedelta(days=1))
    with ledger_read() as conn:
        rows = conn.execute(
            select(
                journal.c.id, journal.c.sequence, leg.c.effective_on, journal.c.template,
                journal.c.description, journal.c.reference, leg.c.amount_fen,
            )
            .join(leg, leg.c.journal_id == journal.c.id)
            .join(tables.account, tables.account.c.id == leg.c.account_id)
            .where(tables.account.c.code == account, leg.c.effective_on.between(from_on, to_on))
            .order_by(leg.c.effective_on, journal.c.sequence, leg.c.seq)
            .limit(STATEMENT_ROWS_MAX + 1)
        ).all()
    if len(rows) > STATEMENT_ROWS_MAX:
        raise BatchTooLarge(rows_max=STATEMENT_ROWS_MAX)
    running = accumulate((row.amount_fen for row in rows), initial=opening.net_fen)
    next(running)
    return AccountStatement(
        account=account, name=opening.name, currency=opening.currency, from_on=from_on,
        to_on=to_on, opening_fen=opening.net_fen,
        lines=tuple(
            StatementLine(
                journal_id=row.id, sequence=row.sequence, effective_on=row.effective_on,
                template=row.template, description=row.description, reference=row.reference,
                amount_fen=row.amount_fen, balance_fen=after,
            )
            for row, after in zip(rows, running, strict=True)
        ),
    )


def _balances(
    conn: Connection, *, as_of: date | None, where: ColumnElement[bool]
) -> tuple[Balance, ...]:
    account, standing = tables.account, tables.balance
    facts = (account.c.code, account.c.name, account.c.kind, account.c.normal_side,
             account.c.currency)
    if as_of is None:
        query = (
            select(*facts, standing.c.debits_posted_fen, standing.c.credits_posted_fen)
            .join(standing, standing.c.account_id == account.c.id)
        )
    else:
        # A sum over bigint comes back as numeric; the totals fit a bigint by the counters' check.
        query = (
            select(
                *facts,
                cast(func.coalesce(func.sum(func.greatest(leg.c.amount_fen, 0)), 0), BigInteger),
                cast(func.coalesce(func.sum(func.greatest(-leg.c.amount_fen, 0)), 0), BigInteger),
            )
            .outerjoin(leg, (leg.c.account_id == account.c.id) & (leg.c.effective_on <= as_of))
            .group_by(account.c.id)
        )
    return tuple(
        Balance(
            account=row[0], name=row[1], kind=row[2], normal_side=row[3], currency=row[4],
            as_of=as_of, debits_fen=row[5], credits_fen=row[6],
        )
        for row in conn.execute(query.where(where).order_by(account.c.code))
    )
