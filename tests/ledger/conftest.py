from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from sqlalchemy import event

from ledger.engine import engine
from tests.ledger import support


@pytest.fixture
def chart(db: None) -> None:
    """Open a small chart of accounts in a transaction that the test's end rolls back."""
    support.open_chart()


@pytest.fixture
def committed_chart(transactional_db: None) -> Iterator[None]:
    """Open the chart for tests with real commits, and leave empty books behind."""
    support.wipe()
    support.open_chart()
    yield
    support.wipe()


@pytest.fixture
def round_trips() -> Callable[[Callable[[], object]], int]:
    """Return a counter of the statements a call sends, Django's and SQLAlchemy's together."""

    def count(call: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(*arguments: object) -> None:
            sent.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            with CaptureQueriesContext(connection) as captured:
                call()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(sent) + len(captured)

    return count
