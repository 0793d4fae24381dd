"""
The dialect that leaves the life of the connection to Django.

Its begin, commit, rollback and close do nothing, because all four belong to Django. It stands in
a module of its own because SQLAlchemy imports it by name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg


class SharedDialect(PGDialect_psycopg):
    """PostgreSQL through psycopg, with the life of the connection left to Django."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Leave the beginning of a transaction to Django."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Leave the commit to Django."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Leave the rollback to Django."""

    def do_close(self, dbapi_connection: Any) -> None:
        """Leave the closing of the connection to Django."""

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Leave the end of the connection to Django."""

    def on_connect(self) -> None:
        """Change nothing on a connection that Django has set up already."""

    def reset_isolation_level(self, dbapi_connection: Any) -> None:
        """Leave the isolation level as Django set it."""

    def set_isolation_level(self, dbapi_connection: Any, level: Any) -> None:
        """Refuse: the isolation level belongs to Django."""
        raise RuntimeError("the isolation level belongs to Django")
