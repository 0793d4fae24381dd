"""
Monthly partitions of the usage events; made by the owner of the tables.

Rows of a month without a partition of its own are kept in the default one, so nothing is ever
lost; making the partition later moves them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import connection, transaction
from psycopg import sql

PARENT = "gateway_usageevent"
DEFAULT = "gateway_usageevent_default"


def ensure(*, from_on: date, months: int) -> tuple[str, ...]:
    """
    Make the partitions of ``months`` months from ``from_on`` and of the months
    that have rows in the default partition; returns the names of the new ones.
    """
    wanted = {_month(from_on, ahead=n) for n in range(months)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date"
            " FROM gateway_usageevent_default"
        )
        wanted |= {row[0] for row in cursor.fetchall()}
    return tuple(name for first in sorted(wanted) if (name := _make(first)))


def _month(day: date, *, ahead: int) -> date:
    month = day.month - 1 + ahead
    return date(day.year + month // 12, month % 12 + 1, 1)


def _make(first: date) -> str:
    name = f"{PARENT}_{first:%Y_%m}"
    begin = datetime(first.year, first.month, 1, tzinfo=UTC)
    following = _month(first, ahead=1)
    end = datetime(following.year, following.month, 1, tzinfo=UTC)
    part, parent, rest = (sql.Identifier(n) for n in (name, PARENT, DEFAULT))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return ""
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(parent))
        cursor.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(
                part, parent
            )
        )
        # The rows only move house: they are deleted here because they stand in the new table.
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(rest))
        cursor.execute(
            sql.SQL(
                "WITH moved AS (DELETE FROM {} WHERE occurred_at >= %s AND occurred_at < %s"
                " RETURNING *) INSERT INTO {} SELECT * FROM moved"
            ).format(rest, part),
            [begin, end],
        )
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(rest))
        cursor.execute(
            sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
                parent, part, sql.Literal(begin), sql.Literal(end)
            )
        )
    return name
