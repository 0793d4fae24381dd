"""The shared connection, and the tables as SQLAlchemy and PostgreSQL see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from sqlalchemy import MetaData, Table, UniqueConstraint, insert, select, text

from ledger import tables
from ledger.engine import engine, ledger_read, ledger_tx


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_is_refused_outside_a_transaction():
    with pytest.raises(RuntimeError, match="open transaction"), engine.connect():
        pass


@pytest.mark.django_db
def test_runs_on_the_connection_that_django_holds():
    with ledger_tx() as conn:
        assert conn.execute(text("SELECT pg_backend_pid()")).scalar_one() == pid()
    with ledger_read() as conn:
        assert conn.execute(text("SELECT pg_backend_pid()")).scalar_one() == pid()


def opened(code: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_account WHERE code = %s", [code])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_keeps_nothing_when_django_rolls_back(committed_chart):
    with transaction.atomic():
        with ledger_tx() as conn:
            conn.execute(insert(tables.account).values(
                code="7777", name="临时", kind="asset", normal_side="debit", currency="CNY"))
        assert opened("7777")
        transaction.set_rollback(True)

    assert not opened("7777")


@pytest.mark.django_db
def test_leaves_the_isolation_level_to_django():
    with ledger_tx() as conn, pytest.raises(RuntimeError, match="belongs to Django"):
        conn.execution_options(isolation_level="SERIALIZABLE")


def shape(table: Table) -> dict[str, Any]:
    """Return what a table is made of, in a form two views of it can be compared by."""
    return {
        "columns": {
            c.name: (type(c.type.as_generic()).__name__, bool(c.nullable), c.identity is not None)
            for c in table.columns
        },
        "primary": [c.name for c in table.primary_key],
        "unique": sorted(
            sorted(c.name for c in one.columns)
            for one in table.constraints
            if isinstance(one, UniqueConstraint)
        ),
        "foreign": sorted(
            (sorted(e.parent.name for e in one.elements), one.referred_table.name)
            for one in table.foreign_key_constraints
        ),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(tables.metadata.tables))
def test_mirror_equals_the_table_in_the_database(name):
    with ledger_read() as conn:
        found = Table(name, MetaData(), autoload_with=conn)

    assert shape(found) == shape(tables.metadata.tables[name])


@pytest.mark.django_db
def test_every_ledger_table_has_a_mirror():
    with ledger_read() as conn:
        names = conn.execute(
            select(text("tablename")).select_from(text("pg_tables"))
            .where(text("schemaname = 'public' AND tablename LIKE 'ledger\\_%'"))
        ).scalars()

        assert sorted(names) == sorted(tables.metadata.tables)
