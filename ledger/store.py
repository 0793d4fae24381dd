"""
The few statements a posting needs, each set-based: their number does not grow with the batch.

Locks are taken in one statement and values read in the next, because a statement that waited for
a lock still sees the snapshot it began with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from ledger.fold import LegDraft, Period, Standing
from ledger.journal import PostedJournal, PostedLeg
from ledger.tables import account, balance, journal, leg, period

# Postings hold it shared, closing and sealing exclusively; migration 0002 names the same number.
LEDGER_LOCK = 7202611220003


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal header about to be written."""

    id: UUID
    key: str
    payload_hash: str
    template: str
    description: str
    effective_on: date
    reference: str
    corrects_id: UUID | None
    is_reversal: bool
    leg_count: int


def lock_accounts(conn: Connection, *, codes: Collection[str]) -> None:
    """Lock the ledger against closing and the balances of these accounts, by ascending id."""
    conn.execute(_LOCK, {"codes": sorted(codes)}).all()


def read_standings(
    conn: Connection, *, codes: Collection[str]
) -> tuple[dict[str, Standing], datetime | None]:
    """Return the present standing of each known account by code, and the database's time."""
    rows = conn.execute(_STANDINGS, {"codes": sorted(codes)}).all()
    return {row.code: Standing(*row[:12]) for row in rows}, rows[0].now if rows else None


def read_known(
    conn: Connection, *, keys: Collection[str], ids: Collection[UUID]
) -> tuple[PostedJournal, ...]:
    """Return the journals already posted under any of these keys or ids."""
    return assemble(conn.execute(_KNOWN, {"keys": list(keys), "ids": list(ids)}))


def read_journals(
    conn: Connection, *, journal_where: ColumnElement[bool]
) -> tuple[PostedJournal, ...]:
    """Return whole journals with their legs, by sequence."""
    return assemble(
        conn.execute(
            journal_select().where(journal_where).order_by(journal.c.sequence, leg.c.seq)
        )
    )


def journal_select() -> Select[Any]:
    """Return the select of journals joined with their legs and accounts, one row per leg."""
    return (
        select(
            journal.c.id, journal.c.sequence, journal.c.key, journal.c.payload_hash,
            journal.c.template, journal.c.description, journal.c.effective_on,
            journal.c.posted_at, journal.c.reference, journal.c.corrects_id,
            journal.c.is_reversal, account.c.code, account.c.name, leg.c.amount_fen,
            leg.c.balance_after_fen,
        )
        .outerjoin(leg, leg.c.journal_id == journal.c.id)
        .outerjoin(account, account.c.id == leg.c.account_id)
    )


def assemble(rows: Iterable[Row[Any]]) -> tuple[PostedJournal, ...]:
    """Return journals from rows of ``journal_select`` that come journal by journal."""
    heads: dict[UUID, Row[Any]] = {}
    legs: dict[UUID, list[PostedLeg]] = {}
    for row in rows:
        heads.setdefault(row.id, row)
        held = legs.setdefault(row.id, [])
        # A journal robbed of its legs still comes back, so that the verifier can name it.
        if row.code is not None:
            held.append(PostedLeg(row.code, row.name, row.amount_fen, row.balance_after_fen))
    return tuple(
        PostedJournal(
            id=head.id, sequence=head.sequence, key=head.key, payload_hash=head.payload_hash,
            template=head.template, description=head.description,
            effective_on=head.effective_on, posted_at=head.posted_at,
            reference=head.reference, corrects_id=head.corrects_id,
            is_reversal=head.is_reversal, legs=tuple(legs[head.id]),
        )
        for head in heads.values()
    )


def read_page(
    conn: Connection, *, after_sequence: int, to_sequence: int, rows_max: int
) -> tuple[PostedJournal, ...]:
    """Return the next journals of the chain, oldest first, at most ``rows_max`` of them."""
    chosen = (
        select(journal.c.sequence)
        .where(journal.c.sequence > after_sequence, journal.c.sequence <= to_sequence)
        .order_by(journal.c.sequence)
        .limit(rows_max)
    )
    return read_journals(conn, journal_where=journal.c.sequence.in_(chosen))


def last_sequence(conn: Connection) -> int:
    """Return the sequence of the newest journal, 0 when there is none."""
    found: int | None = conn.execute(select(func.max(journal.c.sequence))).scalar_one()
    return found or 0


def read_periods(conn: Connection, *, from_on: date, to_on: date) -> tuple[Period, ...]:
    """Return the periods that touch these dates and are no longer fully open."""
    rows = conn.execute(_PERIODS, {"from_on": from_on, "to_on": to_on})
    return tuple(Period(*row) for row in rows)


def write(
    conn: Connection,
    *,
    journals: Sequence[JournalRow],
    legs: Sequence[LegDraft],
    standings: Sequence[Standing],
) -> dict[UUID, tuple[int, datetime]]:
    """
    Write headers, legs and the moved balances in one statement.

    Return sequence and posting time by journal id. The foreign key of the legs is checked at
    the statement's end, so their order within it does not matter.
    """
    rows = conn.execute(
        _WRITE,
        _arrays("heads", _HEADS, journals)
        | _arrays("sides", _LEGS, legs)
        | _arrays("moves", _MOVES, standings),
    )
    return {row.id: (row.sequence, row.posted_at) for row in rows}


_Columns: TypeAlias = tuple[tuple[str, TypeEngine[Any]], ...]

_HEADS: _Columns = (
    ("id", Uuid()), ("key", Text()), ("payload_hash", Text()), ("template", Text()),
    ("description", Text()), ("effective_on", Date()), ("reference", Text()),
    ("corrects_id", Uuid()), ("is_reversal", Boolean()), ("leg_count", Integer()),
)
_LEGS: _Columns = (
    ("journal_id", Uuid()), ("seq", Integer()), ("leg_count", Integer()),
    ("effective_on", Date()), ("account_id", BigInteger()), ("amount_fen", BigInteger()),
    ("balance_after_fen", BigInteger()), ("version", BigInteger()),
)
_MOVES: _Columns = (
    ("account_id", BigInteger()), ("debits_fen", BigInteger()), ("credits_fen", BigInteger()),
    ("version", BigInteger()),
)


def _arrays(name: str, columns: _Columns, rows: Sequence[object]) -> dict[str, list[Any]]:
    return {f"{name}_{title}": [getattr(row, title) for row in rows] for title, _ in columns}


def _unnest(name: str, columns: _Columns) -> TableValuedAlias:
    arrays = [bindparam(f"{name}_{title}", type_=ARRAY(kind)) for title, kind in columns]
    typed: list[Any] = [column(title, kind) for title, kind in columns]
    return (
        func.unnest(*arrays)
        .table_valued(*typed, with_ordinality="ord", name=name)
        .render_derived(name=name)
    )


def _write_statement() -> Select[Any]:
    heads, sides = _unnest("heads", _HEADS), _unnest("sides", _LEGS)
    moves = _unnest("moves", _MOVES)
    written = (
        insert(journal)
        .from_select(
            [name for name, _ in _HEADS],
            select(*(heads.c[name] for name, _ in _HEADS)).order_by(heads.c.ord),
        )
        .returning(journal.c.id, journal.c.sequence, journal.c.posted_at)
        .cte("written")
    )
    with_legs = (
        insert(leg)
        .from_select([name for name, _ in _LEGS], select(*(sides.c[name] for name, _ in _LEGS)))
        .cte("with_legs")
    )
    moved = (
        update(balance)
        .where(balance.c.account_id == moves.c.account_id)
        .values(
            debits_posted_fen=moves.c.debits_fen,
            credits_posted_fen=moves.c.credits_fen,
            version=moves.c.version,
        )
        .cte("moved")
    )
    return select(written).add_cte(with_legs, moved)


# Built once: putting a statement together costs more than sending it.
_CODES = account.c.code == any_(bindparam("codes", type_=ARRAY(Text)))
# The scalar subquery runs once; rows are locked after the sort, hence in the order of the ids.
_LOCK = (
    select(
        balance.c.account_id,
        select(func.pg_advisory_xact_lock_shared(literal(LEDGER_LOCK, BigInteger)))
        .scalar_subquery(),
    )
    .join(account, account.c.id == balance.c.account_id)
    .where(_CODES)
    .order_by(balance.c.account_id)
    .with_for_update(of=balance, key_share=True)
)
_STANDINGS = (
    select(
        account.c.id, account.c.code, account.c.name, account.c.kind, account.c.currency,
        balance.c.sign, balance.c.status, balance.c.min_available_fen,
        balance.c.max_available_fen, balance.c.debits_posted_fen,
        balance.c.credits_posted_fen, balance.c.version, func.clock_timestamp().label("now"),
    )
    .join(balance, balance.c.account_id == account.c.id)
    .where(_CODES)
)
_KNOWN = (
    journal_select()
    .where(
        or_(
            journal.c.key == any_(bindparam("keys", type_=ARRAY(Text))),
            journal.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        )
    )
    .order_by(journal.c.sequence, leg.c.seq)
)
_PERIODS = (
    select(period.c.starts_on, period.c.ends_on, period.c.state)
    .where(
        period.c.state != "open",
        period.c.starts_on <= bindparam("to_on", type_=Date),
        period.c.ends_on >= bindparam("from_on", type_=Date),
    )
    .order_by(period.c.starts_on)
)
_WRITE = _write_statement()
