"""
The count of the till: everything derived is derived again and compared.

It alerts and never mends: a difference in the books is for a person to explain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, case, func, or_, select

from ledger import payload, store
from ledger.engine import ledger_read
from ledger.journal import PostedJournal
from ledger.periods import movements_hash
from ledger.sealing import GENESIS, LEAF_BYTES, Block, block_hash, leaf, read_block
from ledger.tables import account, balance, hash_block, journal, period
from ledger.tables import leg as leg_table

PAGE_JOURNALS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was counted; ``problem`` names the first row that does not fit, None when all do."""

    journals: int
    legs: int
    accounts: int
    blocks: int
    head_hash: str
    problem: str | None


def verify() -> Report:
    """
    Recompute hashes, chain, sums, running balances, counters and closed periods.

    Memory does not grow with the books: journals are read page by page.
    """
    with ledger_read() as conn:
        checks = (_chain, _sums, _running, _counters, _closed_periods)
        problem = next((found for check in checks if (found := check(conn))), None)
        head = conn.execute(
            select(hash_block.c.hash).order_by(hash_block.c.number.desc()).limit(1)
        ).scalar()
        return Report(
            journals=_count(conn, journal), legs=_count(conn, leg_table),
            accounts=_count(conn, account), blocks=_count(conn, hash_block),
            head_hash=head or GENESIS, problem=problem,
        )


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _journals(conn: Connection) -> Iterator[PostedJournal]:
    end, reached = store.last_sequence(conn), 0
    while page := store.read_page(
        conn, after_sequence=reached, to_sequence=end, rows_max=PAGE_JOURNALS
    ):
        yield from page
        reached = page[-1].sequence


def _chain(conn: Connection) -> str | None:
    """Walk journals and blocks side by side."""
    stream = _journals(conn)
    number, previous = 1, GENESIS
    while block := read_block(conn, number=number):
        if block.previous_hash != previous or block.hash != block_hash(block=block):
            return f"hash block {number} does not follow from its content and its predecessor"
        problem = _block(block, stream)
        if problem:
            return problem
        number, previous = number + 1, block.hash
    if number <= _count(conn, hash_block):
        return f"hash block {number} is missing"
    for open_journal in stream:
        if not payload.matches(journal=open_journal):
            return f"journal {open_journal.sequence} was changed after it was posted"
    return None


def _block(block: Block, stream: Iterator[PostedJournal]) -> str | None:
    for start in range(0, len(block.leaves), LEAF_BYTES):
        found = next(stream, None)
        if found is None or found.sequence > block.sequence_to:
            return f"a journal of hash block {block.number} is missing at its end"
        if leaf(journal=found) != block.leaves[start : start + LEAF_BYTES]:
            return f"journal {found.sequence} was changed, or one before it removed or added"
        if not payload.matches(journal=found):
            return f"journal {found.sequence} does not have the content it was asked for"
    return None


def _sums(conn: Connection) -> str | None:
    """Find the first journal that does not balance or lost a leg."""
    per_currency = (
        select(
            journal.c.sequence,
            journal.c.leg_count,
            func.count(account.c.id).label("legs"),
            func.coalesce(func.sum(leg_table.c.amount_fen), 0).label("total"),
        )
        .outerjoin(leg_table, leg_table.c.journal_id == journal.c.id)
        .outerjoin(account, account.c.id == leg_table.c.account_id)
        .group_by(journal.c.sequence, journal.c.leg_count, account.c.currency)
        .subquery()
    )
    found = conn.execute(
        select(per_currency.c.sequence)
        .group_by(per_currency.c.sequence, per_currency.c.leg_count)
        .having(
            or_(
                func.sum(per_currency.c.legs) != per_currency.c.leg_count,
                func.bool_or(per_currency.c.total != 0),
            )
        )
        .order_by(per_currency.c.sequence)
        .limit(1)
    ).scalar()
    return None if found is None else f"journal {found} does not balance or lost a leg"


def _running(conn: Connection) -> str | None:
    """Find the first leg whose number or running balance does not follow from those before."""
    mine, order = leg_table.c.account_id, leg_table.c.version
    recomputed = select(
        account.c.code,
        leg_table.c.version,
        leg_table.c.balance_after_fen,
        func.row_number().over(partition_by=mine, order_by=order).label("number"),
        func.sum(leg_table.c.amount_fen).over(partition_by=mine, order_by=order).label("running"),
    ).join(account, account.c.id == leg_table.c.account_id).subquery()
    found = conn.execute(
        select(recomputed.c.code, recomputed.c.number)
        .where(
            or_(
                recomputed.c.version != recomputed.c.number,
                recomputed.c.balance_after_fen != recomputed.c.running,
            )
        )
        .order_by(recomputed.c.code, recomputed.c.version)
        .limit(1)
    ).one_or_none()
    return None if found is None else f"leg {found.number} of account {found.code} does not follow"


def _counters(conn: Connection) -> str | None:
    """Find the first account whose counters differ from its legs, or whose sign is wrong."""
    legs = (
        select(
            leg_table.c.account_id,
            func.sum(func.greatest(leg_table.c.amount_fen, 0)).label("debits"),
            func.sum(func.greatest(-leg_table.c.amount_fen, 0)).label("credits"),
            func.count().label("count"),
        )
        .group_by(leg_table.c.account_id)
        .subquery()
    )
    found = conn.execute(
        select(account.c.code)
        .outerjoin(balance, balance.c.account_id == account.c.id)
        .outerjoin(legs, legs.c.account_id == account.c.id)
        .where(
            or_(
                balance.c.account_id.is_(None),
                balance.c.debits_posted_fen != func.coalesce(legs.c.debits, 0),
                balance.c.credits_posted_fen != func.coalesce(legs.c.credits, 0),
                balance.c.version != func.coalesce(legs.c.count, 0),
                balance.c.sign != case((account.c.normal_side == "debit", 1), else_=-1),
            )
        )
        .order_by(account.c.code)
        .limit(1)
    ).scalar()
    return None if found is None else f"the balance of account {found} differs from its legs"


def _closed_periods(conn: Connection) -> str | None:
    """Find the first closed period whose movements are no longer those it was closed with."""
    closed = conn.execute(
        select(period.c.starts_on, period.c.ends_on, period.c.trial_hash)
        .where(period.c.state == "closed")
        .order_by(period.c.starts_on)
    ).all()
    for row in closed:
        now = movements_hash(conn, starts_on=row.starts_on, ends_on=row.ends_on)
        if now != row.trial_hash:
            return f"the closed period from {row.starts_on} has other movements than when closed"
    return None
