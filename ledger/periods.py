"""
Accounting periods.

    OPEN --soft_close--> SOFT_CLOSED --close--> CLOSED
    OPEN <----reopen---- SOFT_CLOSED

A soft-closed period takes corrections only, a closed one nothing; the database refuses the rest.
Dates that no period covers are open. Periods stand below the workflow engine and know no actor:
whoever closes one for a person records that person in the step that calls this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psycopg.errors import ExclusionViolation
from sqlalchemy import BigInteger, Connection, cast, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.hashing import digest_of
from ledger.engine import ledger_read, ledger_tx
from ledger.errors import PeriodConflict, UnknownPeriod
from ledger.sealing import last_block, ledger_exclusive, seal_all
from ledger.tables import account, leg, period

PERIOD_ROWS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """One period, both dates inclusive; the last three are set once it is closed."""

    id: int
    starts_on: date
    ends_on: date
    state: str
    closed_at: datetime | None
    trial_hash: str | None
    block_number: int | None


def open_period(*, starts_on: date, ends_on: date) -> PeriodRow:
    """
    Open a period, or return the one of exactly these dates.

    :raises PeriodConflict: it ends before it starts, or overlaps another.
    """
    if ends_on < starts_on:
        raise PeriodConflict
    same = (period.c.starts_on == starts_on) & (period.c.ends_on == ends_on)
    try:
        with ledger_tx() as conn:
            row = conn.execute(select(period).where(same)).one_or_none()
            if row is None:
                row = conn.execute(
                    insert(period)
                    .values(starts_on=starts_on, ends_on=ends_on)
                    .returning(period)
                ).one()
            return PeriodRow(**row._mapping)
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise PeriodConflict from error
        raise


def periods() -> tuple[PeriodRow, ...]:
    """Return the newest periods, newest first, at most PERIOD_ROWS_MAX."""
    query = select(period).order_by(period.c.starts_on.desc()).limit(PERIOD_ROWS_MAX)
    with ledger_read() as conn:
        return tuple(PeriodRow(**row._mapping) for row in conn.execute(query))


def soft_close(*, period_id: int) -> PeriodRow:
    """
    Let a period take corrections only.

    :raises UnknownPeriod, PeriodConflict, LedgerBusy: it does not exist, is not open, or
        postings under way did not end in time.
    """
    with ledger_exclusive() as conn:
        return _step(conn, period_id, source="open", values={"state": "soft_closed"})


def reopen(*, period_id: int) -> PeriodRow:
    """
    Open a soft-closed period again; a closed one stays closed for good.

    :raises UnknownPeriod, PeriodConflict, LedgerBusy: as for ``soft_close``.
    """
    with ledger_exclusive() as conn:
        return _step(conn, period_id, source="soft_closed", values={"state": "open"})


def close(*, period_id: int, at: datetime) -> PeriodRow:
    """
    Close a soft-closed period for good, sealing the chain and signing its movements.

    ``at`` is the aware time of the decision.

    :raises UnknownPeriod, PeriodConflict, LedgerBusy: as for ``soft_close``.
    """
    with ledger_exclusive() as conn:
        row = _find(conn, period_id)
        seal_all(conn)
        block = last_block(conn)
        return _step(
            conn,
            period_id,
            source="soft_closed",
            values={
                "state": "closed",
                "closed_at": at,
                "trial_hash": movements_hash(
                    conn, starts_on=row.starts_on, ends_on=row.ends_on
                ),
                "block_number": block.number if block else None,
            },
        )


def movements_hash(conn: Connection, *, starts_on: date, ends_on: date) -> str:
    """Return the hash of every account's debits and credits dated within these days."""
    rows = conn.execute(
        select(
            account.c.code,
            cast(func.sum(func.greatest(leg.c.amount_fen, 0)), BigInteger),
            cast(func.sum(func.greatest(-leg.c.amount_fen, 0)), BigInteger),
        )
        .join(leg, leg.c.account_id == account.c.id)
        .where(leg.c.effective_on.between(starts_on, ends_on))
        .group_by(account.c.code)
    )
    # Sorted here: the order of text differs between the collations of two servers.
    return digest_of(sorted(tuple(row) for row in rows))


def _find(conn: Connection, period_id: int) -> PeriodRow:
    row = conn.execute(select(period).where(period.c.id == period_id)).one_or_none()
    if row is None:
        raise UnknownPeriod
    return PeriodRow(**row._mapping)


def _step(
    conn: Connection, period_id: int, *, source: str, values: dict[str, object]
) -> PeriodRow:
    if _find(conn, period_id).state != source:
        raise PeriodConflict
    row = conn.execute(
        update(period).where(period.c.id == period_id).values(**values).returning(period)
    ).one()
    return PeriodRow(**row._mapping)
