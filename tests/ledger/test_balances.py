from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger import balances, errors, journals, posting
from tests.ledger.support import DAY, move

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def moved(chart) -> None:
    posting.post_many(
        entries=[
            move("1002", "6001", 100, on=DAY),
            move("1002", "2202:P-1", 40, on=NEXT),
            # Posted last, dated first.
            move("6001", "1002", 7, on=DAY - timedelta(days=3)),
        ],
        all_or_nothing=True,
    )


class TestBalance:
    def test_of_today_counts_everything(self, moved):
        found = balances.balance(account="1002")

        assert (found.debits_fen, found.credits_fen, found.balance_fen) == (140, 7, 133)
        assert balances.balance(account="2202:P-1").balance_fen == 40
        assert balances.balance(account="2202:P-1").net_fen == -40

    @pytest.mark.parametrize(
        ("as_of", "fen"),
        [(date(2026, 1, 1), 0), (DAY - timedelta(days=3), -7), (DAY, 93), (NEXT, 133)],
    )
    def test_as_of_a_date_counts_what_is_dated_until_then(self, moved, as_of, fen):
        found = balances.balance(account="1002", as_of=as_of).net_fen

        assert (found, type(found)) == (fen, int)

    def test_of_an_unknown_account_is_refused(self, moved):
        with pytest.raises(errors.UnknownAccount):
            balances.balance(account="8888")


class TestTrialBalance:
    @pytest.mark.parametrize("as_of", [None, DAY, NEXT])
    def test_balances_and_lists_every_account_by_code(self, moved, as_of):
        found = balances.trial_balance(as_of=as_of)

        assert found.difference_fen == 0
        assert [row.account for row in found.rows] == ["1002", "1122", "2202:P-1", "2221", "6001"]

    def test_shows_a_difference_rather_than_hiding_it(self, moved):
        found = balances.trial_balance()
        broken = balances.TrialBalance(as_of=None, rows=found.rows[1:])

        assert broken.difference_fen == 133


class TestStatement:
    def test_opening_and_movements_make_the_closing_balance(self, moved):
        found = balances.statement(account="1002", from_on=DAY, to_on=NEXT)

        assert (found.opening_fen, found.closing_fen) == (-7, 133)
        assert [(line.amount_fen, line.balance_fen) for line in found.lines] == [
            (100, 93), (40, 133),
        ]

    def test_opening_is_the_closing_of_the_days_before(self, moved):
        first = balances.statement(account="1002", from_on=date(2026, 1, 1), to_on=DAY)
        second = balances.statement(account="1002", from_on=NEXT, to_on=NEXT)

        assert first.closing_fen == second.opening_fen
        assert first.opening_fen == 0
        assert [line.amount_fen for line in first.lines] == [-7, 100]

    def test_of_quiet_days_has_no_lines(self, moved):
        found = balances.statement(
            account="1002", from_on=NEXT + timedelta(days=1), to_on=NEXT + timedelta(days=9)
        )

        assert (found.opening_fen, found.lines, found.closing_fen) == (133, (), 133)

    def test_refuses_more_rows_than_it_may_return(self, moved, monkeypatch):
        monkeypatch.setattr(balances, "STATEMENT_ROWS_MAX", 1)

        with pytest.raises(errors.BatchTooLarge):
            balances.statement(account="1002", from_on=DAY, to_on=NEXT)


class TestJournals:
    def test_come_newest_first_page_by_page(self, moved):
        first = journals.journals(rows_max=2)
        second = journals.journals(rows_max=2, before_sequence=first[-1].sequence)

        assert [len(first), len(second)] == [2, 1]
        sequences = [one.sequence for one in first + second]
        assert sequences == sorted(sequences, reverse=True)

    def test_are_filtered_by_every_filter_given(self, moved):
        assert len(journals.journals(account="2202:P-1")) == 1
        assert len(journals.journals(account="1002", to_on=DAY)) == 2
        assert len(journals.journals(from_on=DAY, to_on=DAY)) == 1
        assert journals.journals(reference="none") == ()
        assert journals.journals(account="8888") == ()

    def test_are_found_by_what_they_correct(self, moved):
        [newest] = journals.journals(rows_max=1)
        back = posting.reverse(
            key="r", journal_id=newest.id, effective_on=DAY, reason="冲正"
        )

        assert [one.id for one in journals.journals(corrects=newest.id)] == [back.id]
        assert journals.get_journal(journal_id=back.id) == back

    def test_are_read_with_one_query_whatever_their_number(self, moved, round_trips):
        assert round_trips(lambda: journals.journals(rows_max=50)) == 1

    def test_refuse_an_endless_page(self, moved):
        with pytest.raises(errors.BatchTooLarge):
            journals.journals(rows_max=501)
