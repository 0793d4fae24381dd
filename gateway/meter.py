"""
The one door for usage. Every call that is counted anywhere was recorded here or by the gate itself.

Source: domain §3.7 (Meter), docs/sources.md#meter.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
from django.db import connection, transaction

from core import clock
from gateway.metering import InvalidUsage, Usage, check
from gateway.recording import Recorded, Rows, recording

__all__ = ["InvalidUsage", "Recorded", "Usage", "record"]

logger = logging.getLogger(__name__)
BATCH_EVENTS = 10_000


def record(events: Iterable[Usage], *, at: datetime | None = None) -> Recorded:
    """
    Store usage events, each identity once for ever, all or none.

    ``at`` is the moment of storing. The same event again is a duplicate and changes nothing; the
    same identity with another payload goes into quarantine and changes nothing else. Events,
    identities and daily counts are one transaction.

    :raises InvalidUsage: an event cannot be recorded; none of them was.
    """
    stored_at = at or clock.now()
    total = Recorded(0, 0, 0)
    waiting = iter(events)
    with transaction.atomic():
        while batch := list(islice(waiting, BATCH_EVENTS)):
            check(batch)
            done = _run(batch, stored_at=stored_at)
            if done.conflicts:
                logger.warning("usage_conflict", extra={"conflicts": done.conflicts})
            total += done
    return total


def _run(batch: list[Usage], *, stored_at: datetime) -> Recorded:
    plan = recording(batch, stored_at=stored_at)
    rows: Rows | None = None
    connection.ensure_connection()
    # Django's own cursor writes values into the text of the statement; arrays travel better beside.
    with psycopg.Cursor(connection.connection) as cursor:
        while True:
            try:
                sql, values = plan.send(rows) if rows is not None else next(plan)
            except StopIteration as end:
                recorded: Recorded = end.value
                return recorded
            cursor.execute(_text(sql), values)
            rows = cursor.fetchall() if cursor.description else []


def _text(sql: str) -> Any:
    return sql
