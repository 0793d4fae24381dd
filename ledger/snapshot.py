"""One coherent picture of the books for readers that need many statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Open a read-only repeatable-read transaction, or stay in the one that is open."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            # Only the first statement of a transaction may choose its isolation.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
