"""Journals as pages and audits read them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from ledger import store, tables
from ledger.engine import ledger_read
from ledger.errors import BatchTooLarge, UnknownJournal
from ledger.journal import PostedJournal
from ledger.tables import leg

JOURNAL_ROWS_MAX = 500


def get_journal(*, journal_id: UUID) -> PostedJournal:
    """
    Return one journal with its legs.

    :raises UnknownJournal: there is none.
    """
    with ledger_read() as conn:
        found = store.read_journals(conn, journal_where=tables.journal.c.id == journal_id)
    if not found:
        raise UnknownJournal
    return found[0]


def journals(
    *,
    account: str | None = None,
    reference: str | None = None,
    corrects: UUID | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    before_sequence: int | None = None,
    rows_max: int = 50,
) -> tuple[PostedJournal, ...]:
    """
    Return journals, newest first, at most ``rows_max``; every filter given must hold.

    ``reference`` is compared whole. The sequence of the last row, given as ``before_sequence``,
    leads to the next page.

    :raises BatchTooLarge: more than JOURNAL_ROWS_MAX rows asked for.
    """
    if rows_max > JOURNAL_ROWS_MAX:
        raise BatchTooLarge(rows_max=JOURNAL_ROWS_MAX)
    journal = tables.journal
    rules: list[ColumnElement[bool]] = []
    if account is not None:
        of_account = (
            select(leg.c.journal_id)
            .join(tables.account, tables.account.c.id == leg.c.account_id)
            .where(tables.account.c.code == account)
        )
        rules.append(journal.c.id.in_(of_account))
    if reference is not None:
        rules.append(journal.c.reference == reference)
    if corrects is not None:
        rules.append(journal.c.corrects_id == corrects)
    if from_on is not None:
        rules.append(journal.c.effective_on >= from_on)
    if to_on is not None:
        rules.append(journal.c.effective_on <= to_on)
    if before_sequence is not None:
        rules.append(journal.c.sequence < before_sequence)
    chosen = (
        select(journal.c.sequence)
        .where(*rules)
        .order_by(journal.c.sequence.desc())
        .limit(rows_max)
    )
    with ledger_read() as conn:
        found = store.read_journals(conn, journal_where=journal.c.sequence.in_(chosen))
    return found[::-1]
