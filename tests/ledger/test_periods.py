from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import errors, periods, posting, sealing
from ledger.journal import Entry
from ledger.periods import PeriodRow
from tests.ledger.support import books, move

pytestmark = pytest.mark.django_db
CLOSED_AT = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
IN_SEPTEMBER = date(2026, 9, 30)
IN_OCTOBER = date(2026, 10, 1)


@pytest.fixture
def september(chart) -> PeriodRow:
    return periods.open_period(starts_on=date(2026, 9, 1), ends_on=IN_SEPTEMBER)


def post(entry: Entry) -> posting.PostedJournal:
    return posting.post_many(entries=[entry], all_or_nothing=True)[0].journal


class TestPeriods:
    def test_open_one_takes_postings(self, september):
        assert post(move("1002", "6001", 1, on=IN_SEPTEMBER))

    def test_soft_closed_one_takes_corrections_only(self, september):
        original = post(move("1002", "6001", 5, on=IN_SEPTEMBER))
        periods.soft_close(period_id=september.id)
        before = books()

        with pytest.raises(errors.PeriodClosed):
            post(move("1002", "6001", 1, on=IN_SEPTEMBER))
        assert books() == before
        assert post(replace(move("6001", "1002", 1, on=IN_SEPTEMBER), corrects=original.id))
        assert post(move("1002", "6001", 1, on=IN_OCTOBER))

    def test_closed_one_takes_nothing(self, september):
        original = post(move("1002", "6001", 5, on=IN_SEPTEMBER))
        periods.soft_close(period_id=september.id)
        closed = periods.close(period_id=september.id, at=CLOSED_AT)
        before = books()

        with pytest.raises(errors.PeriodClosed):
            posting.reverse(
                key="r", journal_id=original.id, effective_on=IN_SEPTEMBER, reason="冲正"
            )
        assert books() == before
        assert (closed.state, closed.closed_at) == ("closed", CLOSED_AT)
        assert closed.block_number == 1
        assert posting.reverse(
            key="r", journal_id=original.id, effective_on=IN_OCTOBER, reason="冲正"
        )

    def test_database_refuses_a_raw_posting_into_a_closed_one(self, september):
        post(move("1002", "6001", 5, on=IN_SEPTEMBER))
        periods.soft_close(period_id=september.id)
        periods.close(period_id=september.id, at=CLOSED_AT)

        with pytest.raises(IntegrityError, match="takes no such journal"), transaction.atomic():
            connection.cursor().execute(
                "INSERT INTO ledger_journal (id, key, payload_hash, template, description,"
                " effective_on, reference, is_reversal, leg_count) VALUES (gen_random_uuid(),"
                " 'k', repeat('0', 64), 't', 'd', '2026-09-30', '', false, 2)"
            )

    def test_database_refuses_to_open_a_closed_one_again(self, september):
        periods.soft_close(period_id=september.id)
        periods.close(period_id=september.id, at=CLOSED_AT)

        with pytest.raises(IntegrityError, match="closed to open"), transaction.atomic():
            connection.cursor().execute(
                "UPDATE ledger_period SET state = 'open', closed_at = NULL, trial_hash = NULL"
            )

    def test_takes_its_steps_in_order_only(self, september):
        with pytest.raises(errors.PeriodConflict):
            periods.close(period_id=september.id, at=CLOSED_AT)
        with pytest.raises(errors.PeriodConflict):
            periods.reopen(period_id=september.id)
        periods.soft_close(period_id=september.id)
        with pytest.raises(errors.PeriodConflict):
            periods.soft_close(period_id=september.id)
        assert periods.reopen(period_id=september.id).state == "open"

    def test_refuses_an_overlap_and_a_backward_range(self, september):
        before = books()

        with pytest.raises(errors.PeriodConflict):
            periods.open_period(starts_on=IN_SEPTEMBER, ends_on=IN_OCTOBER)
        with pytest.raises(errors.PeriodConflict):
            periods.open_period(starts_on=IN_OCTOBER, ends_on=IN_SEPTEMBER)

        assert books() == before
        assert periods.open_period(starts_on=september.starts_on, ends_on=IN_SEPTEMBER) == september
        assert periods.periods() == (september,)

    def test_refuses_an_unknown_one(self, chart):
        with pytest.raises(errors.UnknownPeriod):
            periods.soft_close(period_id=1)

    def test_a_failed_close_leaves_nothing_sealed(self, september):
        post(move("1002", "6001", 5, on=IN_SEPTEMBER))

        with pytest.raises(errors.PeriodConflict):
            periods.close(period_id=september.id, at=CLOSED_AT)

        assert not books()["ledger_hash_block"]
        assert sealing.seal() == 1
