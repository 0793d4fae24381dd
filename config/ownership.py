"""
Two roles on one database: the owner changes tables, the application uses them.

The application may read and add rows in the audit trail and in the ledger, and nothing else there;
no role of the product may truncate. That holds even for code of ours that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from psycopg import sql

LOGIN_KEYS = ("USER", "PASSWORD", "HOST", "PORT")
LEDGER_PREFIX = "ledger_"
READ_ONLY_TABLES = ("django_migrations",)


class UnableToSeparateRoles(Exception):
    """The two roles cannot be set up; the message says what a database administrator does."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner of the tables for the time of the block."""
    before = connection.settings_dict
    owner = {key: settings.DATABASE_OWNER[key] for key in LOGIN_KEYS}
    if owner.items() <= before.items():
        yield
        return
    connection.close()
    # A new dictionary: the old one is the very object in settings.DATABASES.
    connection.settings_dict = {**before, **owner}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def recreate_database(*, name: str) -> None:
    """
    Drop a scratch database, whoever is connected to it, and create it empty.

    :raises UnableToSeparateRoles: the owner may not create databases, or a connection of a role
        that the owner may not end is open to it.
    """
    identifier = sql.Identifier(name)
    connection.close()
    # The maintenance database: nobody can drop the one he stands on.
    with connection._nodb_cursor() as cursor:
        drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier)
        try:
            # Sends a vacuum that is at work there away, which FORCE has no right to.
            cursor.execute(drop)
        except OperationalError:
            _drop_by_force(cursor, drop, name)
        try:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        except ProgrammingError as error:
            role = settings.DATABASE_OWNER["USER"]
            raise UnableToSeparateRoles(
                f"The role {role} may not create databases. As an administrator:"
                f' ALTER ROLE "{role}" CREATEDB;'
            ) from error


def _drop_by_force(cursor: Any, drop: sql.Composed, name: str) -> None:
    try:
        cursor.execute(drop + sql.SQL(" WITH (FORCE)"))
    except ProgrammingError as error:
        raise UnableToSeparateRoles(
            f"The database {name} is in use, and the owner may not end the connections of another"
            " role. End what is connected to it and try again."
        ) from error


def are_separate() -> bool:
    """Return whether the application connects as another role than the owner."""
    return bool(settings.DATABASES["default"]["USER"] != settings.DATABASE_OWNER["USER"])


def create_app_role(*, name: str, password: str) -> bool:
    """
    Create the application's role unless it is there; return whether it was created.

    :raises UnableToSeparateRoles: it is missing and the owner may not create it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone():
            return False
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            raise UnableToSeparateRoles(
                f"The role {name} is missing and the owner may not create it. As an administrator:"
                f' CREATE ROLE "{name}" LOGIN NOSUPERUSER PASSWORD \'...\';'
            )
        cursor.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.Identifier(name), sql.Literal(password or None)
            )
        )
        return True


def choose_rights(*, table: str) -> tuple[str, ...]:
    """Return what the application may do with one table."""
    if table in READ_ONLY_TABLES:
        return ("SELECT",)
    is_ledger = table.startswith(LEDGER_PREFIX) and table not in settings.LEDGER_MUTABLE_TABLES
    if is_ledger or table in settings.APPEND_ONLY_TABLES:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant_rights(*, role: str, with_broker: bool) -> int:
    """
    Give the application's role exactly its rights; return the number of tables.

    Rights are taken away first, so that a table which became append-only is so after this.
    Partitions are tables of their own here: reading them directly obeys the same rule.
    """
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        cursor.execute(
            "SELECT child.relname, coalesce(parent.relname, child.relname) FROM pg_class child"
            " LEFT JOIN pg_inherits i ON i.inhrelid = child.oid"
            " LEFT JOIN pg_class parent ON parent.oid = i.inhparent"
            " WHERE child.relnamespace = 'public'::regnamespace"
            " AND child.relkind IN ('r', 'p', 'v', 'm') ORDER BY child.relname"
        )
        tables = cursor.fetchall()
        for table, family in tables:
            target = sql.Identifier("public", table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}, PUBLIC").format(target, name))
            rights = sql.SQL(", ").join(sql.SQL(r) for r in choose_rights(table=family))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, target, name))
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name)
        )
        if with_broker:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS broker")
            cursor.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA broker TO {}").format(name))
    return len(tables)
