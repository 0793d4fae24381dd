"""Accounts: opened once, never changed, closed when empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from ledger.engine import ledger_read, ledger_tx
from ledger.errors import (
    AccountDiffers,
    AccountNotEmpty,
    InvalidAccount,
    UnknownAccount,
)
from ledger.tables import account, balance
from ledger.templates import KINDS

# Currencies whose smallest unit is a hundredth, so that one fen is one cent.
CURRENCIES = ("CNY", "HKD", "USD", "EUR")
CODE_FORM = re.compile(r"[A-Z0-9][A-Za-z0-9-]*(:[A-Z0-9][A-Za-z0-9-]*)*")
CODE_CHARACTERS_MAX = 120
NAME_CHARACTERS_MAX = 200
DEBIT_KINDS = ("asset", "expense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account; limits are fen in its normal direction."""

    id: int
    code: str
    name: str
    kind: str
    normal_side: str
    currency: str
    status: str
    min_available_fen: int | None
    max_available_fen: int | None


def open_account(
    *,
    code: str,
    name: str,
    kind: str,
    currency: str = "CNY",
    min_available_fen: int | None = None,
    max_available_fen: int | None = None,
) -> Account:
    """
    Open an account, or return the one already open with the same facts.

    ``code`` is segments of letters, digits and hyphens joined by colons, each beginning with a
    capital or a digit ("1002", "2202:P-17"). Limits are fen in the account's normal direction:
    a minimum of 0 means that it can never be overdrawn.

    :raises InvalidAccount: a fact does not fit; ``field`` names it.
    :raises AccountDiffers: the code is open with other facts; ``field`` names the first.
    """
    asked: dict[str, str | int | None] = {
        "name": name, "kind": kind, "currency": currency,
        "min_available_fen": min_available_fen, "max_available_fen": max_available_fen,
    }
    _check(code, name, kind, currency, min_available_fen, max_available_fen)
    with ledger_tx() as conn:
        found = _find(conn, code)
        if found is None:
            _insert(conn, code, asked)
            found = _find(conn, code)
    if found is None:
        raise UnknownAccount(account=code)
    for field, value in asked.items():
        if getattr(found, field) != value:
            raise AccountDiffers(account=code, field=field)
    return found


def get_account(*, code: str) -> Account:
    """
    Return one account.

    :raises UnknownAccount: it was never opened.
    """
    with ledger_read() as conn:
        found = _find(conn, code)
    if found is None:
        raise UnknownAccount(account=code)
    return found


def close_account(*, code: str) -> Account:
    """
    Close an account for good; doing so again changes nothing.

    :raises UnknownAccount: it was never opened.
    :raises AccountNotEmpty: it still carries a balance or a hold.
    """
    with ledger_tx() as conn:
        row = conn.execute(
            select(balance)
            .join(account, account.c.id == balance.c.account_id)
            .where(account.c.code == code)
            .with_for_update(of=balance, key_share=True)
        ).one_or_none()
        if row is None:
            raise UnknownAccount(account=code)
        if row.debits_posted_fen != row.credits_posted_fen or (
            row.debits_held_fen or row.credits_held_fen
        ):
            raise AccountNotEmpty(account=code)
        conn.execute(
            update(balance).where(balance.c.account_id == row.account_id).values(status="closed")
        )
    return get_account(code=code)


def _check(
    code: str, name: str, kind: str, currency: str, low: int | None, high: int | None
) -> None:
    limits = [limit for limit in (low, high) if limit is not None]
    # A new account stands at zero, so a range without zero could never be opened.
    fits = {
        "code": bool(CODE_FORM.fullmatch(code)) and len(code) <= CODE_CHARACTERS_MAX,
        "name": bool(name.strip()) and len(name) <= NAME_CHARACTERS_MAX and "\x00" not in name,
        "kind": kind in KINDS,
        "currency": currency in CURRENCIES,
        "limit": all(type(limit) is int and abs(limit) < 2**62 for limit in limits)
        and (low is None or low <= 0)
        and (high is None or high >= 0),
    }
    for field, good in fits.items():
        if not good:
            raise InvalidAccount(account=code, field=field)


def _insert(conn: Connection, code: str, asked: dict[str, str | int | None]) -> None:
    debit = asked["kind"] in DEBIT_KINDS
    account_id = conn.execute(
        insert(account)
        .values(
            code=code, name=asked["name"], kind=asked["kind"], currency=asked["currency"],
            normal_side="debit" if debit else "credit",
        )
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(account.c.id)
    ).scalar_one_or_none()
    # Two may open the same code together: the second waits, finds it taken and reads the first.
    if account_id is not None:
        conn.execute(
            insert(balance).values(
                account_id=account_id,
                sign=1 if debit else -1,
                min_available_fen=asked["min_available_fen"],
                max_available_fen=asked["max_available_fen"],
            )
        )


def _find(conn: Connection, code: str) -> Account | None:
    row = conn.execute(
        select(
            account.c.id, account.c.code, account.c.name, account.c.kind, account.c.normal_side,
            account.c.currency, balance.c.status, balance.c.min_available_fen,
            balance.c.max_available_fen,
        )
        .join(balance, balance.c.account_id == account.c.id)
        .where(account.c.code == code)
    ).one_or_none()
    return None if row is None else Account(**row._mapping)
