"""
The journal as plain text that other people's tools can check: hledger and beancount.

Written line by line from pages of the chain, so memory does not grow with the books. A whole
export ends with the balance of every account asserted from the counters, not from the legs, so
the other tool recounts our till.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select

from core.money import to_yuan
from ledger import store
from ledger.balances import Balance, TrialBalance, trial_balance
from ledger.engine import ledger_read
from ledger.journal import PostedJournal
from ledger.tables import journal

PAGE_JOURNALS = 500
_HLEDGER_TYPES = {"asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}
_BEANCOUNT_ROOTS = {
    "asset": "Assets", "liability": "Liabilities", "equity": "Equity", "income": "Income",
    "expense": "Expenses",
}


class Hledger:
    """The journal format of hledger; descriptions may hold anything but its comment sign."""

    def __init__(self, *, accounts: TrialBalance) -> None:
        self.rows = accounts.rows
        self.currencies = {row.account: row.currency for row in accounts.rows}

    def opening(self, *, first_on: date) -> Iterator[str]:
        """Return the lines before the first journal."""
        for currency in sorted(set(self.currencies.values())):
            yield f"commodity 1000.00 {currency}"
        for row in self.rows:
            yield f"account {row.account}  ; type: {_HLEDGER_TYPES[row.kind]}, {_plain(row.name)}"
        yield ""

    def journal(self, *, posted: PostedJournal) -> Iterator[str]:
        """Return the lines of one journal."""
        yield f"{posted.effective_on} * ({posted.sequence}) {_plain(posted.description)}"
        yield f"    ; id: {posted.id}"
        for leg in posted.legs:
            yield f"    {leg.account}  {to_yuan(leg.amount_fen)} {self.currencies[leg.account]}"
        yield ""

    def closing(self, *, last_on: date) -> Iterator[str]:
        """Return one empty journal that asserts every balance at the end of ``last_on``."""
        yield f"{last_on} * closing balances"
        for row in self.rows:
            yield f"    {row.account}  0.00 {row.currency} = {to_yuan(row.net_fen)} {row.currency}"
        yield ""


class Beancount:
    """The format of beancount, whose account names are ASCII: Chinese names are metadata."""

    def __init__(self, *, accounts: TrialBalance) -> None:
        self.rows = accounts.rows
        self.names = {row.account: _beancount_name(row) for row in accounts.rows}
        self.currencies = {row.account: row.currency for row in accounts.rows}

    def opening(self, *, first_on: date) -> Iterator[str]:
        """Return the lines before the first journal."""
        yield 'option "title" "Datadeed"'
        for currency in sorted(set(self.currencies.values())):
            yield f'option "operating_currency" "{currency}"'
        for row in self.rows:
            yield f"{first_on} open {self.names[row.account]} {row.currency}"
            yield f"  name: {_quoted(row.name)}"
        yield ""

    def journal(self, *, posted: PostedJournal) -> Iterator[str]:
        """Return the lines of one journal."""
        yield f"{posted.effective_on} * {_quoted(posted.description)}"
        yield f'  id: "{posted.id}"'
        yield f'  sequence: "{posted.sequence}"'
        for leg in posted.legs:
            amount = f"{to_yuan(leg.amount_fen)} {self.currencies[leg.account]}"
            yield f"  {self.names[leg.account]}  {amount}"
        yield ""

    def closing(self, *, last_on: date) -> Iterator[str]:
        """Return the assertions of every balance; beancount holds them at the next day's start."""
        for row in self.rows:
            # Its assertion on an account counts the accounts below it too, and without "~ 0" it
            # would forgive a fen.
            below = f"{self.names[row.account]}:"
            total = row.net_fen + sum(
                other.net_fen
                for other in self.rows
                if self.names[other.account].startswith(below) and other.currency == row.currency
            )
            name = self.names[row.account]
            amount = f"{to_yuan(total)} ~ 0 {row.currency}"
            yield f"{last_on + timedelta(days=1)} balance {name} {amount}"
        yield ""


FORMATS: dict[str, type[Hledger] | type[Beancount]] = {"hledger": Hledger, "beancount": Beancount}


def lines(*, style: str, from_on: date | None = None, to_on: date | None = None) -> Iterator[str]:
    """
    Return the export line by line, journals in the order of posting.

    ``style`` is one of FORMATS; both dates are inclusive. Balances are asserted when the export
    begins with the oldest date. Call it within one transaction for one coherent picture.
    """
    with ledger_read() as conn:
        end = store.last_sequence(conn)
        first, last = conn.execute(
            select(func.min(journal.c.effective_on), func.max(journal.c.effective_on))
        ).one()
    if first is None or last is None:
        return
    # Up to the newest date the counters are asserted; up to an earlier one, the legs until then.
    as_of = to_on if to_on is not None and to_on < last else None
    form = FORMATS[style](accounts=trial_balance(as_of=as_of))
    yield from form.opening(first_on=first)
    for posted in _journals(end):
        if (from_on or first) <= posted.effective_on <= (to_on or last):
            yield from form.journal(posted=posted)
    last_on = as_of or last
    if (from_on is None or from_on <= first) and first <= last_on:
        yield from form.closing(last_on=last_on)


def _journals(end: int) -> Iterator[PostedJournal]:
    reached = 0
    while True:
        with ledger_read() as conn:
            page = store.read_page(
                conn, after_sequence=reached, to_sequence=end, rows_max=PAGE_JOURNALS
            )
        if not page:
            return
        yield from page
        reached = page[-1].sequence


def _beancount_name(row: Balance) -> str:
    return f"{_BEANCOUNT_ROOTS[row.kind]}:A{row.account}"


def _plain(text: str) -> str:
    # A semicolon begins a comment, a comma ends a tag, a line break ends everything.
    return " ".join(text.replace(";", "；").replace(",", "，").split())


def _quoted(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
