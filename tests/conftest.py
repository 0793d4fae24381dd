"""
Fixtures of the whole suite.

Every test starts from the baseline (system actor, rules, first versions) as set-up leaves it. Tests
that need real commits and threads ask for ``transaction=True``; after them every table is emptied,
append-only ones included, which only the owner of a scratch database can do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import close_old_connections, connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations

from workflow import baseline

NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Put the baseline and the official calendar into the fresh test database."""
    _allow_emptying_of_append_only_tables()
    _refill_after_emptying()
    with django_db_blocker.unblock():
        _install()


@pytest.fixture
def together(transactional_db: None) -> Callable[..., list[Any]]:
    """
    Return a runner that starts several callables at the same moment, each on its own connection.

    It returns, in order, what each returned or the exception it raised.
    """

    def run(*callables: Callable[[], Any]) -> list[Any]:
        barrier, results = Barrier(len(callables)), [None] * len(callables)

        def one(index: int, call: Callable[[], Any]) -> None:
            close_old_connections()
            try:
                barrier.wait(timeout=10)
                results[index] = call()
            except Exception as error:  # noqa: BLE001 - the result of a race may be an error
                results[index] = error
            finally:
                connections.close_all()

        threads = [Thread(target=one, args=(n, call)) for n, call in enumerate(callables)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "a thread hangs"
        return results

    return run


@pytest.fixture
def queries_of() -> Callable[[Callable[[], Any]], int]:
    """Return a counter of the database round trips a call makes."""
    from django.test.utils import CaptureQueriesContext

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


def _install() -> None:
    baseline.install_all(at=NOON)
    call_command("import_calendar", "demo/data/cn_calendar_2025_2026.csv", verbosity=0)


def _refill_after_emptying() -> None:
    """
    Bring the baseline back as soon as the tables were emptied, whoever emptied them.

    Fixtures of a whole module run before those of a test, so a fixture would come too late.
    """
    empty = flush.Command.handle

    def refill(self: flush.Command, **options: Any) -> None:
        empty(self, **options)
        _install()

    flush.Command.handle = refill  # type: ignore[method-assign]


# Tables whose triggers refuse TRUNCATE (bit 32 of tgtype), whatever app they belong to.
GUARDED = (
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgtype::int & 32 <> 0 ORDER BY 1"
)
# The ledger's tables are no Django models, so Django does not think of them.
BOOKS = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'ledger\\_%' ORDER BY 1"


def _allow_emptying_of_append_only_tables() -> None:
    plain = DatabaseOperations.execute_sql_flush

    def emptying(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(GUARDED)
            guarded = [name for (name,) in cursor.fetchall()]
            cursor.execute(BOOKS)
            books = [name for (name,) in cursor.fetchall()]
        quiet = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded]
        loud = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded]
        plain(self, [*quiet, *sql_list, f"TRUNCATE {', '.join(books)}", *loud])

    DatabaseOperations.execute_sql_flush = emptying  # type: ignore[method-assign]
