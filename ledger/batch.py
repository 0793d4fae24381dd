"""
One batch of postings: read once, fold in order, write once.

Whatever the size there are seven round trips: savepoint, locks, standings, known keys, periods,
one write, release. A test counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core import ids
from ledger import payload, store
from ledger.engine import ledger_tx
from ledger.errors import KeyContended, KeyReused, LedgerError, UnknownJournal
from ledger.fold import LegDraft, Period, Standing, check_shape, fold
from ledger.journal import Entry, Outcome, PostedJournal, PostedLeg
from ledger.payload import Scope

KEY_RACE_TRIES_MAX = 5
_KEY_CONSTRAINT = "ledger_journal_key_key"

Draft: TypeAlias = tuple[Entry, Scope]


def run(*, drafts: Sequence[Draft], all_or_nothing: bool) -> tuple[Outcome, ...]:
    """
    Post drafts in order; return one outcome each, or raise the first error.

    :raises LedgerError: with ``all_or_nothing``, what is wrong with the first refused draft.
    :raises KeyContended: others took the same keys again and again.
    """
    for _ in range(KEY_RACE_TRIES_MAX):
        try:
            with ledger_tx() as conn:
                return _Batch(drafts, all_or_nothing=all_or_nothing).post(conn)
        except IntegrityError as error:
            # Somebody committed the same key over other accounts in between: look again.
            diagnosis = getattr(error.orig, "diag", None)
            if getattr(diagnosis, "constraint_name", None) != _KEY_CONSTRAINT:
                raise
    raise KeyContended


def replay(*, draft: Draft, stored: PostedJournal) -> PostedJournal:
    """
    Return a stored journal as the answer to the same question asked again.

    :raises KeyReused: the question is another one.
    """
    entry, scope = draft
    if payload.payload_hash(entry=entry, scope=scope) != stored.payload_hash:
        field_name = payload.differing_field(asked=entry, stored=payload.as_entry(journal=stored))
        raise KeyReused(key=entry.key, field=field_name)
    return replace(stored, replayed=True)


@dataclass
class _Batch:
    """One attempt, inside one transaction."""

    drafts: Sequence[Draft]
    all_or_nothing: bool
    known: dict[str, PostedJournal] = field(default_factory=dict)
    known_ids: set[UUID] = field(default_factory=set)
    standings: dict[str, Standing] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    periods: Sequence[Period] = ()
    at: datetime | None = None
    fresh: dict[str, tuple[Entry, store.JournalRow]] = field(default_factory=dict)
    legs: list[LegDraft] = field(default_factory=list)

    def post(self, conn: Connection) -> tuple[Outcome, ...]:
        """Read, fold in order, write once, and say what became of each draft."""
        shape_errors = [_shape_error(entry) for entry, _ in self.drafts]
        self._read(conn, [e for (e, _), bad in zip(self.drafts, shape_errors, strict=True)
                          if bad is None])
        errors: dict[int, LedgerError] = {}
        replays: set[int] = set()
        for n, (draft, shape_error) in enumerate(zip(self.drafts, shape_errors, strict=True)):
            try:
                if shape_error is not None:
                    raise shape_error
                if self._take(draft):
                    replays.add(n)
            except LedgerError as error:
                if self.all_or_nothing:
                    raise
                errors[n] = error
        self._write(conn)
        return tuple(
            Outcome(entry.key, error=errors[n])
            if n in errors
            else Outcome(entry.key, replace(self.known[entry.key], replayed=n in replays))
            for n, (entry, _) in enumerate(self.drafts)
        )

    def _read(self, conn: Connection, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        codes = {leg.account for entry in entries for leg in entry.legs}
        store.lock_accounts(conn, codes=codes)
        self.standings, self.at = store.read_standings(conn, codes=codes)
        corrected = {entry.corrects for entry in entries if entry.corrects is not None}
        found = store.read_known(conn, keys={entry.key for entry in entries}, ids=corrected)
        self.known = {journal.key: journal for journal in found}
        self.known_ids = {journal.id for journal in found}
        days = [entry.effective_on for entry in entries]
        self.periods = store.read_periods(conn, from_on=min(days), to_on=max(days))

    def _take(self, draft: Draft) -> bool:
        """Fold one draft into the batch; return whether it was a replay."""
        entry, scope = draft
        if entry.key in self.known:
            replay(draft=draft, stored=self.known[entry.key])
            return True
        digest = payload.payload_hash(entry=entry, scope=scope)
        if entry.key in self.fresh:
            earlier, row = self.fresh[entry.key]
            if digest != row.payload_hash:
                named = payload.differing_field(asked=entry, stored=earlier)
                raise KeyReused(key=entry.key, field=named)
            return True
        if entry.corrects is not None and entry.corrects not in self.known_ids:
            raise UnknownJournal
        # Without any known account there is no database time, and the fold refuses the entry.
        journal_id = ids.uuid7(at=self.at) if self.at else UUID(int=0)
        is_reversal = scope is not Scope.PLAIN
        changed, legs = fold(
            entry=entry, journal_id=journal_id, is_reversal=is_reversal,
            standings=self.standings, periods=self.periods,
        )
        self.standings.update(changed)
        self.touched.update(changed)
        self.legs.extend(legs)
        self.fresh[entry.key] = entry, store.JournalRow(
            journal_id, entry.key, digest, entry.template, entry.description,
            entry.effective_on, entry.reference, entry.corrects, is_reversal, len(legs),
        )
        return False

    def _write(self, conn: Connection) -> None:
        if not self.fresh:
            return
        rows = [row for _, row in self.fresh.values()]
        moved = [self.standings[code] for code in sorted(self.touched)]
        stamps = store.write(conn, journals=rows, legs=self.legs, standings=moved)
        by_id = {standing.account_id: standing for standing in moved}
        legs: dict[UUID, list[PostedLeg]] = {}
        for leg in self.legs:
            account = by_id[leg.account_id]
            legs.setdefault(leg.journal_id, []).append(
                PostedLeg(account.code, account.name, leg.amount_fen, leg.balance_after_fen)
            )
        for row in rows:
            sequence, posted_at = stamps[row.id]
            self.known[row.key] = PostedJournal(
                id=row.id, sequence=sequence, key=row.key, payload_hash=row.payload_hash,
                template=row.template, description=row.description,
                effective_on=row.effective_on, posted_at=posted_at, reference=row.reference,
                corrects_id=row.corrects_id, is_reversal=row.is_reversal,
                legs=tuple(legs[row.id]),
            )


def _shape_error(entry: Entry) -> LedgerError | None:
    try:
        check_shape(entry=entry)
    except LedgerError as error:
        return error
    return None
