"""
transitions/<connections>: full steps of a license a second, on 1 and on 8 connections.

One step is what every step of the product is: open a transaction, lock the license, ask the rights
and the state, set the fields, write the audit entry and the event, commit. The baseline writes the
same three rows (one UPDATE, two INSERTs) by bare psycopg in one transaction, into tables of the
same columns and indexes, on as many connections.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from bench import Measurement, medians
from bench._scratch import as_owner, open_catalog, open_scratch

CONNECTIONS = (1, 8)
SECONDS_PER_RUN = 3.0
_opened: list[Any] = []
TABLES = ("licensing_license", "workflow_auditentry", "workflow_event")


def run() -> Iterator[Measurement]:
    """Issue licenses, one for each connection, and count steps on them."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        licenses, supervisor, at = _licenses(Path(folder), max(CONNECTIONS))
    _make_bare_tables()
    for connections in CONNECTIONS:
        value, baseline = medians(
            measured=lambda n=connections: _rate(  # type: ignore[misc]
                [_steps(one, supervisor, at) for one in licenses[:n]]
            ),
            baseline=lambda n=connections: _rate(  # type: ignore[misc]
                [_bare_writes(one) for one in licenses[:n]]
            ),
        )
        yield Measurement(
            bench=f"transitions/{connections}",
            value=value,
            unit="steps/s",
            baseline="UPDATE + 2 INSERTs in one transaction, bare psycopg",
            baseline_value=baseline,
        )


def _licenses(folder: Path, count: int) -> tuple[list[Any], Any, Any]:
    from demo import walk
    from demo.stories import s1
    from licensing.models import License

    stage, cast = open_catalog(folder)
    while License.objects.count() < count:
        walk.to_agreement(stage, cast, s1.PLAN)
    ids = list(License.objects.order_by("number").values_list("id", flat=True))
    return ids, cast["sjj-jiandu"], stage.at + timedelta(minutes=1)


def _steps(license_id: Any, supervisor: Any, at: Any) -> Callable[[], Callable[[], None]]:
    """Return what opens a connection and returns one step on one license."""

    def connect() -> Callable[[], None]:
        from licensing.models import License
        from workflow import transitions

        shares = cycle(("0.5", "0.4"))

        @transitions.action
        def step() -> None:
            subject = transitions.lock(
                License, license_id, actor=supervisor, see="licensing.see_license", step="restrict"
            )
            assert subject is not None
            narrowed = {"quota_share": next(shares)}
            transitions.perform(
                subject, "restrict", actor=supervisor, at=at, restriction=narrowed, reason="限量"
            )

        return step

    return connect


def _bare_writes(license_id: Any) -> Callable[[], Callable[[], None]]:
    def connect() -> Callable[[], None]:
        import psycopg
        from django.db import connection

        bare = psycopg.connect(**connection.get_connection_params())
        update, entry, event = _statements()

        def write() -> None:
            with bare.transaction(), bare.cursor() as cursor:
                cursor.execute(update, {"id": license_id})
                cursor.execute(entry, {"id": str(license_id), "sequence": next(numbers)})
                cursor.execute(event, {"id": str(license_id)})

        with bare.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(sequence), 0) FROM bare_workflow_auditentry"
                " WHERE subject_id = %s",
                [str(license_id)],
            )
            [last] = cursor.fetchone() or [0]
        bare.commit()
        _opened.append(bare)
        numbers = iter(range(last + 1, 10**9))
        return write

    return connect


def _statements() -> tuple[str, str, str]:
    entry = (
        "INSERT INTO bare_workflow_auditentry (subject_type, subject_id, sequence, action, outcome,"
        " before, after, actor_id, actor_name, at, facts, previous_hash, hash) VALUES"
        " ('licensing.license', %(id)s, %(sequence)s, 'restrict', 'DONE',"
        " 'ACTIVE', 'ACTIVE', 'somebody', 'Somebody', now(),"
        " '{\"reason\": \"限量\"}', repeat('a', 64), repeat('b', 64))"
    )
    event = (
        "INSERT INTO bare_workflow_event (name, subject_type, subject_id, at, facts) VALUES"
        " ('licensing.license.restrict', 'licensing.license', %(id)s, now(),"
        " '{\"reason\": \"限量\"}')"
    )
    update = (
        "UPDATE bare_licensing_license SET restriction = '{\"quota_share\": \"0.5\"}'"
        " WHERE id = %(id)s"
    )
    return update, entry, event


def _make_bare_tables() -> None:
    with as_owner() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING INDEXES INCLUDING IDENTITY)"
            )
            cursor.execute(f"GRANT ALL ON bare_{table} TO public")
        cursor.execute(f"INSERT INTO bare_{TABLES[0]} SELECT * FROM {TABLES[0]}")


def _rate(workers: list[Callable[[], Callable[[], None]]]) -> float:
    """Return how often a second all workers together did their work, from a common start."""
    barrier, counts, problems = Barrier(len(workers)), [0] * len(workers), list[BaseException]()

    def work(index: int) -> None:
        from django.db import connections

        try:
            once = workers[index]()
            once()
            barrier.wait(timeout=30)
            end = time.perf_counter() + SECONDS_PER_RUN
            while time.perf_counter() < end:
                once()
                counts[index] += 1
        except BaseException as error:  # noqa: BLE001 - told to the caller below
            problems.append(error)
            barrier.abort()
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(n,)) for n in range(len(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while _opened:
        _opened.pop().close()
    if problems:
        raise problems[0]
    return sum(counts) / SECONDS_PER_RUN
