"""
transitions/<connections>: full steps of a case a second, on 1 and on 8 connections.

One step is what every step of the product is: open a transaction, lock the case, ask right and
state, set the fields, write the audit entry and the event, commit. The baseline writes the same
three rows (one UPDATE, two INSERTs) by bare psycopg in one transaction, into tables of the same
columns and indexes, on as many connections.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from bench import Measurement, medians
from bench._scratch import open_catalog, open_scratch

CONNECTIONS = (1, 8)
SECONDS_PER_RUN = 3.0
TABLES = ("applications_application", "workflow_auditentry", "workflow_event")


def run() -> Iterator[Measurement]:
    """Bring cases before the committee, and count steps on them."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        cases, secretary, at = _cases(Path(folder), max(CONNECTIONS))
    _make_bare_tables()
    for connections in CONNECTIONS:
        value, baseline = medians(
            measured=lambda n=connections: _rate(  # type: ignore[misc]
                [_steps(case, secretary, at) for case in cases[:n]]
            ),
            baseline=lambda n=connections: _rate(  # type: ignore[misc]
                [_bare_writes(case) for case in cases[:n]]
            ),
        )
        yield Measurement(
            bench=f"transitions/{connections}",
            value=value,
            unit="steps/s",
            baseline="UPDATE + 2 INSERTs in one transaction, bare psycopg",
            baseline_value=baseline,
        )


def _cases(folder: Path, count: int) -> tuple[list[Any], Any, Any]:
    from demo import walk
    from demo.stories import s1

    stage, cast = open_catalog(folder)
    ids = []
    for _ in range(count):
        case = walk.submit(stage, cast, s1.PLAN)
        walk.accept(stage, cast, s1.PLAN, case.id)
        walk.review(stage, cast, s1.PLAN, case.id)
        ids.append(case.id)
    return ids, cast["wyh-mishu"], stage.at + timedelta(minutes=1)


def _steps(case: Any, secretary: Any, at: Any) -> Callable[[], Callable[[], None]]:
    """Return what opens a connection and returns one step on one case."""

    def connect() -> Callable[[], None]:
        from applications.models import Application
        from workflow import rows, transitions

        @transitions.action
        def step() -> None:
            subject = rows.lock(Application, case)
            transitions.perform(subject, "seat_panel", actor=secretary, at=at, seats=5)

        return step

    return connect


def _bare_writes(case: Any) -> Callable[[], Callable[[], None]]:
    def connect() -> Callable[[], None]:
        import psycopg
        from django.db import connection

        bare = psycopg.connect(**connection.get_connection_params())
        update, entry, event = _statements()

        def write() -> None:
            with bare.transaction(), bare.cursor() as cursor:
                cursor.execute(update, {"id": case})
                cursor.execute(entry, {"id": str(case), "sequence": next(numbers)})
                cursor.execute(event, {"id": str(case)})

        with bare.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(sequence), 0) FROM bare_workflow_auditentry"
                " WHERE subject_id = %s",
                [str(case)],
            )
            [last] = cursor.fetchone() or [0]
        bare.commit()
        numbers = iter(range(last + 1, 10**9))
        return write

    return connect


def _statements() -> tuple[str, str, str]:
    entry = (
        "INSERT INTO bare_workflow_auditentry (subject_type, subject_id, sequence, action, outcome,"
        " before, after, actor_id, actor_name, at, facts, previous_hash, hash) VALUES"
        " ('applications.application', %(id)s, %(sequence)s, 'seat_panel', 'DONE',"
        " 'COMMITTEE_REVIEW', 'COMMITTEE_REVIEW', 'somebody', 'Somebody', now(),"
        " '{\"seats\": 5}', repeat('a', 64), repeat('b', 64))"
    )
    event = (
        "INSERT INTO bare_workflow_event (name, subject_type, subject_id, at, facts) VALUES"
        " ('applications.application.seat_panel', 'applications.application', %(id)s, now(),"
        " '{\"seats\": 5}')"
    )
    update = "UPDATE bare_applications_application SET updated_at = now() WHERE id = %(id)s"
    return update, entry, event


def _make_bare_tables() -> None:
    from django.db import connection

    from config import ownership

    with ownership.as_owner(), connection.cursor() as cursor:
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
    if problems:
        raise problems[0]
    return sum(counts) / SECONDS_PER_RUN
