"""
SQLAlchemy on Django's open connection: one database, one connection, one transaction.

A second connection would keep a journal when Django rolls its business row back.
Source: decision 3 of the architecture, docs/decisions/0004-ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from sqlalchemy import Connection, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.pool import NullPool

from ledger.dialect import SharedDialect

registry.register("postgresql.djshared", SharedDialect.__module__, SharedDialect.__name__)


def _connect() -> Any:
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger needs an open transaction: use ledger_tx()")
    connection.ensure_connection()
    return connection.connection


engine = create_engine(
    "postgresql+djshared://",
    creator=_connect,
    poolclass=NullPool,
    pool_reset_on_return=None,
    use_native_hstore=False,
)


@contextmanager
def ledger_tx() -> Iterator[Connection]:
    """
    Open a transaction, or a savepoint in the one that is open, for ledger statements.

    Never catch a SQLAlchemy error inside the block: PostgreSQL has failed the transaction by
    then, and only leaving the block rolls back to the savepoint.
    """
    with transaction.atomic(), engine.connect() as shared:
        yield shared


@contextmanager
def ledger_read() -> Iterator[Connection]:
    """Open the shared connection for reading; within a transaction this costs no round trip."""
    if connection.in_atomic_block:
        with engine.connect() as shared:
            yield shared
    else:
        with ledger_tx() as shared:
            yield shared
