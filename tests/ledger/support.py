"""What tests of the ledger, and tests of apps above it, need to work on books of their own."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import connection, transaction

from ledger import templates
from ledger.accounts import open_account
from ledger.journal import Entry, Leg

DAY = date(2026, 9, 14)
TABLES = (
    "ledger_period", "ledger_hash_block", "ledger_leg", "ledger_journal", "ledger_balance",
    "ledger_account",
)

templates.declare("test-any", allowed={(a, b) for a in templates.KINDS for b in templates.KINDS})
templates.declare("test-sale", allowed={("asset", "6001"), ("asset", "2221")})


def wipe() -> None:
    """Empty the ledger as only the owner of a scratch database can: triggers switched off."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(sql: str, *parameters: object) -> None:
    """Change rows behind the ledger's back, as an owner with the triggers off could."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A table with checks still to come at commit cannot be altered.
        connection.check_constraints()
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        connection.check_constraints()
        assert cursor.rowcount > 0
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def open_chart() -> None:
    """Open a small chart of accounts."""
    open_account(code="1002", name="清算账户", kind="asset")
    open_account(code="1122", name="应收数据使用费", kind="asset")
    open_account(code="2202:P-1", name="应付提供方", kind="liability", min_available_fen=0)
    open_account(code="2221", name="应交增值税", kind="liability")
    open_account(code="6001", name="平台服务费收入", kind="income")


def move(
    debit: str, credit: str, fen: int, *, key: str = "", on: date = DAY, template: str = "test-any"
) -> Entry:
    """Return an entry that moves an amount from one account to another."""
    return Entry(
        key=key or uuid4().hex, template=template, description="数据使用费结算",
        legs=(Leg(debit, fen), Leg(credit, -fen)), effective_on=on,
    )


def rows_of(table: str) -> list[tuple[object, ...]]:
    """Return every row of a table, to prove that nothing was written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        return cursor.fetchall()


def books() -> dict[str, list[tuple[object, ...]]]:
    """Return the whole content of the ledger."""
    return {table: rows_of(table) for table in TABLES}
