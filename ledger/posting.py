"""
Posting: one way into the books, for one journal or a hundred thousand.

Every call is idempotent by key: asked again it returns the first answer.
Source: docs/decisions/0004-ledger.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger import batch, store
from ledger.engine import ledger_tx
from ledger.errors import BatchTooLarge, KeyContended, UnknownJournal
from ledger.journal import Entry, Leg, Outcome, PostedJournal
from ledger.payload import Scope
from ledger.reversal import legs_to_reverse, read_tree

__all__ = ["Entry", "Leg", "Outcome", "PostedJournal", "post", "post_many", "reverse"]

BATCH_JOURNALS_MAX = 100_000
BATCH_LEGS_MAX = 500_000


def post(
    *,
    key: str,
    template: str,
    description: str,
    legs: Sequence[Leg],
    effective_on: date,
    reference: str = "",
    corrects: UUID | None = None,
) -> PostedJournal:
    """
    Post one journal, or return the one that stands under this key with the same content.

    Amounts are whole fen, a debit positive. ``effective_on`` is the accounting date.

    :raises KeyReused: the key stands for another content; the fact ``field`` names it.
    :raises LedgerError: any other rule of the ledger; nothing was written.
    """
    [outcome] = post_many(
        entries=[
            Entry(
                key=key, template=template, description=description, legs=tuple(legs),
                effective_on=effective_on, reference=reference, corrects=corrects,
            )
        ]
    )
    return _journal_of(outcome)


def post_many(*, entries: Sequence[Entry], all_or_nothing: bool = False) -> tuple[Outcome, ...]:
    """
    Post a batch in the order given, each entry seeing those before it.

    Each entry stands or falls alone and has its outcome at its own place; with
    ``all_or_nothing`` the first refused entry is raised and nothing is written.

    :raises BatchTooLarge: more than BATCH_JOURNALS_MAX entries or BATCH_LEGS_MAX legs.
    :raises KeyContended: other processes kept taking the same keys.
    """
    if len(entries) > BATCH_JOURNALS_MAX:
        raise BatchTooLarge(rows_max=BATCH_JOURNALS_MAX)
    if sum(len(entry.legs) for entry in entries) > BATCH_LEGS_MAX:
        raise BatchTooLarge(rows_max=BATCH_LEGS_MAX)
    drafts = [(entry, Scope.PLAIN) for entry in entries]
    return batch.run(drafts=drafts, all_or_nothing=all_or_nothing)


def reverse(
    *,
    key: str,
    journal_id: UUID,
    effective_on: date,
    reason: str,
    legs: Sequence[Leg] | None = None,
) -> PostedJournal:
    """
    Take back a journal: what still stands of it, or the part given by ``legs``.

    ``legs`` are the legs to post, each of opposite sign to the original on the same account.
    Repeated reversals together never exceed the original, nor any journal it takes back.

    :raises UnknownJournal: there is no such journal.
    :raises OverReversal: less than this still stands of the original.
    :raises LedgerError: any rule of posting.
    """
    with ledger_tx() as conn:
        found = store.read_known(conn, keys=[key], ids=[journal_id])
        original = next((one for one in found if one.id == journal_id), None)
        if original is None:
            raise UnknownJournal
        entry = Entry(
            key=key, template=original.template, description=reason, legs=tuple(legs or ()),
            effective_on=effective_on, reference=original.reference, corrects=journal_id,
        )
        scope = Scope.REST if legs is None else Scope.PART
        # Lock before looking: the accounts are the same for every reversal of this journal.
        store.lock_accounts(conn, codes={leg.account for leg in original.legs})
        earlier = store.read_known(conn, keys=[key], ids=[])
        if earlier:
            asked = _as_asked(entry, scope, earlier[0])
            return batch.replay(draft=(asked, scope), stored=earlier[0])
        tree = read_tree(conn, journal_id=journal_id)
        entry = replace(
            entry, legs=legs_to_reverse(tree=tree, journal_id=journal_id, legs=legs)
        )
        [outcome] = batch.run(drafts=[(entry, scope)], all_or_nothing=False)
        return _journal_of(outcome)


def _as_asked(entry: Entry, scope: Scope, stored: PostedJournal) -> Entry:
    """Return the entry with the legs that "the rest" meant when it was first asked."""
    if scope is not Scope.REST:
        return entry
    return replace(entry, legs=tuple(Leg(leg.account, leg.amount_fen) for leg in stored.legs))


def _journal_of(outcome: Outcome) -> PostedJournal:
    if outcome.journal is None:
        raise outcome.error or KeyContended(key=outcome.key)
    return outcome.journal
