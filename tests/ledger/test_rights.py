"""The application's own role posts, reads, seals and closes, and can change nothing posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from config import embedded, ownership
from ledger import accounts, errors, integrity, periods, posting
from tests.ledger.support import DAY, books, move

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def as_application(committed_chart: None) -> Iterator[None]:
    ownership.create_app_role(name=embedded.APP_ROLE, password="")
    ownership.grant_rights(role=embedded.APP_ROLE, with_broker=False)
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, "USER": embedded.APP_ROLE}
    yield
    connection.close()
    connection.settings_dict = before


def test_the_whole_work_of_the_ledger_needs_no_more_rights(as_application):
    entries = [move("1002", "6001", 100, on=DAY), move("1002", "2202:P-1", 40, on=DAY)]
    first, _ = posting.post_many(entries=entries, all_or_nothing=True)
    posting.reverse(key="r", journal_id=first.journal.id, effective_on=DAY, reason="冲正")
    accounts.open_account(code="1003", name="备付", kind="asset")
    accounts.close_account(code="1003")
    month = periods.open_period(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))
    periods.soft_close(period_id=month.id)
    periods.close(period_id=month.id, at=datetime(2026, 10, 8, tzinfo=UTC))

    with pytest.raises(errors.PeriodClosed):
        posting.post_many(entries=[move("1002", "6001", 1)], all_or_nothing=True)
    assert integrity.verify().problem is None


COLUMNS = {"account": "name", "journal": "key", "leg": "seq", "hash_block": "number"}


def denied_statements() -> Iterator[str]:
    for table, column in COLUMNS.items():
        yield f"UPDATE ledger_{table} SET {column} = {column}"
        yield f"DELETE FROM ledger_{table}"
        yield f"TRUNCATE ledger_{table} CASCADE"
        yield f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER"


def test_changing_what_is_posted_is_denied_by_right(as_application):
    posting.post_many(entries=[move("1002", "6001", 100)], all_or_nothing=True)
    before = books()

    for statement in denied_statements():
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert books() == before
