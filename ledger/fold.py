"""
The rules of a posting, folded over the standings of the accounts in the order asked.

Pure: no SQL, no clock. One refused entry leaves the standings as they were, so the next entry of
a batch meets the books as if the refused one had never been asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ledger import templates
from ledger.errors import (
    AccountClosed,
    AmountTooLarge,
    EmptyJournal,
    FloatRefused,
    InvalidEntry,
    LimitBreached,
    PeriodClosed,
    Unbalanced,
    UnknownAccount,
    ZeroLeg,
)
from ledger.journal import Entry

# A hundred trillion yuan in one leg; a thousand such legs still fit a counter.
AMOUNT_FEN_MAX = 10**16
COUNTER_FEN_MAX = 2**63 - 1
KEY_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as a posting meets it: counters in fen, limits in its normal direction."""

    account_id: int
    code: str
    name: str
    kind: str
    currency: str
    sign: int
    status: str
    min_available_fen: int | None
    max_available_fen: int | None
    debits_fen: int
    credits_fen: int
    version: int

    @property
    def net_fen(self) -> int:
        """Return debits minus credits."""
        return self.debits_fen - self.credits_fen

    def moved(self, amount_fen: int) -> Standing:
        """Return the standing after one leg."""
        return replace(
            self,
            debits_fen=self.debits_fen + max(amount_fen, 0),
            credits_fen=self.credits_fen + max(-amount_fen, 0),
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A period that is no longer fully open, both dates inclusive."""

    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True, slots=True)
class LegDraft:
    """One leg about to be written."""

    journal_id: UUID
    seq: int
    leg_count: int
    effective_on: date
    account_id: int
    amount_fen: int
    balance_after_fen: int
    version: int


def check_shape(*, entry: Entry) -> None:
    """
    Refuse an entry that can be seen to be wrong without looking at the books.

    :raises InvalidEntry: a text is missing or too long.
    :raises EmptyJournal: fewer than two legs.
    :raises FloatRefused, ZeroLeg, AmountTooLarge: a leg's amount.
    """
    texts = {
        "key": (entry.key, 1, KEY_CHARACTERS_MAX),
        "template": (entry.template, 1, KEY_CHARACTERS_MAX),
        "description": (entry.description, 1, TEXT_CHARACTERS_MAX),
        "reference": (entry.reference, 0, KEY_CHARACTERS_MAX),
    }
    for field, (text, least, most) in texts.items():
        if not least <= len(text.strip()) or len(text) > most or "\x00" in text:
            raise InvalidEntry(field=field)
    if len(entry.legs) < 2:
        raise EmptyJournal
    for leg in entry.legs:
        # A bool is an int to Python and no amount to an accountant.
        if type(leg.amount_fen) is not int:
            raise FloatRefused(account=leg.account)
        if leg.amount_fen == 0:
            raise ZeroLeg(account=leg.account)
        if abs(leg.amount_fen) > AMOUNT_FEN_MAX:
            raise AmountTooLarge(account=leg.account)


def fold(
    *,
    entry: Entry,
    journal_id: UUID,
    is_reversal: bool,
    standings: Mapping[str, Standing],
    periods: Sequence[Period],
) -> tuple[dict[str, Standing], tuple[LegDraft, ...]]:
    """
    Return the standings an entry changes and the legs it writes; change nothing itself.

    :raises UnknownAccount, AccountClosed, Unbalanced, TemplateForbidsPair, UnknownTemplate,
        PeriodClosed, LimitBreached, AmountTooLarge: the rule that the entry breaks.
    """
    _check_accounts(entry, standings)
    _check_balanced(entry, standings)
    # A reversal only mirrors legs that met their template when they were posted.
    if not is_reversal:
        _check_template(entry, standings)
    _check_period(entry, periods)
    changed: dict[str, Standing] = {}
    legs = []
    for seq, leg in enumerate(entry.legs, start=1):
        after = changed.get(leg.account, standings[leg.account]).moved(leg.amount_fen)
        changed[leg.account] = after
        legs.append(
            LegDraft(
                journal_id, seq, len(entry.legs), entry.effective_on, after.account_id,
                leg.amount_fen, after.net_fen, after.version,
            )
        )
    for standing in changed.values():
        _check_limits(standing)
    return changed, tuple(legs)


def _check_accounts(entry: Entry, standings: Mapping[str, Standing]) -> None:
    for leg in entry.legs:
        standing = standings.get(leg.account)
        if standing is None:
            raise UnknownAccount(account=leg.account)
        if standing.status != "open":
            raise AccountClosed(account=leg.account)


def _check_balanced(entry: Entry, standings: Mapping[str, Standing]) -> None:
    totals: dict[str, int] = {}
    for leg in entry.legs:
        currency = standings[leg.account].currency
        totals[currency] = totals.get(currency, 0) + leg.amount_fen
    for currency, total in sorted(totals.items()):
        if total:
            raise Unbalanced(currency=currency, difference_fen=total)


def _check_template(entry: Entry, standings: Mapping[str, Standing]) -> None:
    sides: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for leg in entry.legs:
        side = sides[leg.amount_fen > 0]
        account = (leg.account, standings[leg.account].kind)
        if account not in side:
            side.append(account)
    templates.check(name=entry.template, debited=sides[True], credited=sides[False])


def _check_period(entry: Entry, periods: Sequence[Period]) -> None:
    for period in periods:
        if period.starts_on <= entry.effective_on <= period.ends_on and (
            period.state == "closed" or entry.corrects is None
        ):
            raise PeriodClosed(effective_on=entry.effective_on.isoformat())


def _check_limits(standing: Standing) -> None:
    if max(standing.debits_fen, standing.credits_fen) > COUNTER_FEN_MAX:
        raise AmountTooLarge(account=standing.code)
    available = standing.sign * standing.net_fen
    low, high = standing.min_available_fen, standing.max_available_fen
    limit = low if low is not None and available < low else None
    if limit is None and high is not None and available > high:
        limit = high
    if limit is not None:
        raise LimitBreached(account=standing.code, available_fen=available, limit_fen=limit)
