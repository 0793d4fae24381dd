"""
The hash of what a caller asked for: same key and same hash is a replay, another hash is a mistake.

Legs count as a set: a caller that names them in another order asks for the same thing.
"""

from __future__ import annotations

from enum import StrEnum

from core.hashing import digest_of
from ledger.journal import Entry, Leg, PostedJournal


class Scope(StrEnum):
    """Why a journal was asked for: posted as given, or as the reversal of a part or of the rest."""

    PLAIN = ""
    PART = "part"
    REST = "rest"


def payload_hash(*, entry: Entry, scope: Scope = Scope.PLAIN) -> str:
    """Return the hash of an entry's content; the key is not part of it."""
    return digest_of(
        {
            "template": entry.template,
            "description": entry.description,
            "legs": sorted((leg.account, leg.amount_fen) for leg in entry.legs),
            "effective_on": entry.effective_on,
            "reference": entry.reference,
            "corrects": entry.corrects,
            "scope": scope,
        }
    )


def as_entry(*, journal: PostedJournal) -> Entry:
    """Return a stored journal in the form in which it was asked for."""
    return Entry(
        key=journal.key,
        template=journal.template,
        description=journal.description,
        legs=tuple(Leg(leg.account, leg.amount_fen) for leg in journal.legs),
        effective_on=journal.effective_on,
        reference=journal.reference,
        corrects=journal.corrects_id,
    )


def matches(*, journal: PostedJournal) -> bool:
    """Return whether a stored journal still has the content its hash was taken of."""
    entry = as_entry(journal=journal)
    scopes = (Scope.PART, Scope.REST) if journal.is_reversal else (Scope.PLAIN,)
    return journal.payload_hash in {payload_hash(entry=entry, scope=s) for s in scopes}


def differing_field(*, asked: Entry, stored: Entry) -> str:
    """Return the name of the first field in which two entries differ."""
    for field in ("template", "description", "effective_on", "reference", "corrects"):
        if getattr(asked, field) != getattr(stored, field):
            return field
    accounts = sorted(leg.account for leg in asked.legs)
    if accounts == sorted(leg.account for leg in stored.legs):
        return "amount_fen"
    return "legs"
