"""The plain shapes of the ledger: what is asked to be posted and what was posted; no SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ledger.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a movement: whole fen, a debit positive, a credit negative."""

    account: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One journal asked for; ``key`` makes it happen once however often it is asked."""

    key: str
    template: str
    description: str
    legs: Sequence[Leg]
    effective_on: date
    reference: str = ""
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class PostedLeg:
    """One leg as it stands in the books, with the account's balance (debit positive) after it."""

    account: str
    name: str
    amount_fen: int
    balance_after_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedJournal:
    """One journal as it stands in the books; ``replayed`` says that it stood there before."""

    id: UUID
    sequence: int
    key: str
    payload_hash: str
    template: str
    description: str
    effective_on: date
    posted_at: datetime
    reference: str
    corrects_id: UUID | None
    is_reversal: bool
    legs: tuple[PostedLeg, ...]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry of a batch: exactly one of ``journal`` and ``error`` is set."""

    key: str
    journal: PostedJournal | None = None
    error: LedgerError | None = None
