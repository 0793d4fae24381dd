"""Real threads on real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import OperationalError, connection, connections, transaction

from ledger import accounts, errors, integrity, periods, posting
from ledger.balances import balance, trial_balance
from ledger.journal import Entry, Leg
from tests.ledger.support import DAY, books, move

pytestmark = pytest.mark.django_db(transaction=True)


def post(entry: Entry) -> posting.PostedJournal:
    return posting.post(
        key=entry.key, template=entry.template, description=entry.description, legs=entry.legs,
        effective_on=entry.effective_on,
    )


def sound() -> bool:
    return integrity.verify().problem is None and trial_balance().difference_fen == 0


def test_same_key_twice_posts_once_and_answers_both(committed_chart, together):
    entry = move("1002", "6001", 100, key="once")

    answers = together(*[partial(post, entry)] * 6)

    assert len({answer.id for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 5
    assert balance(account="1002").balance_fen == 100
    assert sound()


def test_same_key_over_other_accounts_posts_one_and_refuses_the_other(committed_chart, together):
    # No account in common, so only the unique key stands between the two.
    answers = together(
        partial(post, move("1002", "6001", 100, key="once")),
        partial(post, move("1122", "2221", 100, key="once")),
    )

    refused = [answer for answer in answers if isinstance(answer, errors.KeyReused)]
    assert len(refused) == 1
    assert refused[0].facts["field"] == "legs"
    assert len(books()["ledger_journal"]) == 1
    assert sound()


def test_a_key_committed_in_between_is_seen_and_compared(committed_chart, together):
    """Hold the unique key uncommitted until the other is waiting for it, every time."""
    from threading import Event

    written = Event()

    def first() -> str:
        with transaction.atomic():
            post(move("1002", "6001", 100, key="once"))
            written.set()
            wait_for_waiter()
        return "first"

    def second() -> posting.PostedJournal:
        written.wait(timeout=10)
        return post(move("1122", "2221", 100, key="once"))

    answers = together(first, second)

    assert answers[0] == "first"
    assert isinstance(answers[1], errors.KeyReused)
    assert sound()


def wait_for_waiter() -> None:
    """Return once another session waits for the present transaction to end."""
    import time

    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks AS theirs JOIN pg_locks AS ours"
                " USING (transactionid) WHERE NOT theirs.granted AND ours.granted"
                " AND ours.pid = pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody came to wait")


def test_last_fen_goes_to_one(committed_chart, together):
    post(move("1002", "2202:P-1", 1))

    answers = together(*[partial(post, move("2202:P-1", "1002", 1)) for _ in range(4)])

    assert sorted(type(answer).__name__ for answer in answers) == [
        "LimitBreached", "LimitBreached", "LimitBreached", "PostedJournal",
    ]
    assert balance(account="2202:P-1").balance_fen == 0
    assert sound()


def test_crossing_transfers_do_not_deadlock(committed_chart, together):
    def many(debit: str, credit: str) -> str:
        for _ in range(25):
            post(move(debit, credit, 1))
        return "done"

    answers = together(
        partial(many, "1002", "1122"), partial(many, "1122", "1002"),
        partial(many, "1002", "6001"), partial(many, "6001", "1122"),
    )

    assert answers == ["done"] * 4
    assert sound()


def test_forty_refunds_of_ten_on_a_hundred_let_ten_through(committed_chart):
    sale = post(move("1122", "6001", 10000))

    def refund(number: int) -> str:
        try:
            posting.reverse(
                key=f"refund-{number}", journal_id=sale.id, effective_on=DAY, reason="退款",
                legs=[Leg("1122", -1000), Leg("6001", 1000)],
            )
        except errors.OverReversal:
            return "refused"
        finally:
            connections.close_all()
        return "refunded"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(refund, range(40)))

    assert answers == ["refunded"] * 10 + ["refused"] * 30
    assert balance(account="6001").balance_fen == 0
    assert sound()


def test_fifty_debits_of_three_on_a_hundred_let_thirty_three_through(committed_chart):
    post(move("1002", "2202:P-1", 100))

    def debit(_: int) -> bool:
        try:
            post(move("2202:P-1", "1002", 3))
        except errors.LimitBreached:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(debit, range(50)))

    assert sum(answers) == 33
    assert balance(account="2202:P-1").balance_fen == 1
    assert sound()


def test_two_opening_the_same_account_both_get_it(committed_chart, together):
    opening = partial(accounts.open_account, code="4001", name="本年结余", kind="equity")

    answers = together(*[opening] * 4)

    assert len({answer.id for answer in answers}) == 1
    assert sound()


def test_a_period_closed_beside_a_posting_holds_exactly_what_was_posted(committed_chart, together):
    month = periods.open_period(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))

    def posting_on() -> int:
        for number in range(200):
            try:
                post(move("1002", "6001", 1))
            except errors.PeriodClosed:
                return number
        return 200

    def closing() -> str:
        periods.soft_close(period_id=month.id)
        return periods.close(period_id=month.id, at=datetime(2026, 10, 8, tzinfo=UTC)).state

    counts = together(posting_on, posting_on, closing)

    assert counts[2] == "closed"
    assert balance(account="1002").balance_fen == counts[0] + counts[1]
    assert sound()


def test_a_batch_and_single_postings_agree_on_one_hot_account(committed_chart, together):
    def batch() -> int:
        entries = [move("1002", "6001", 1) for _ in range(200)]
        return sum(1 for one in posting.post_many(entries=entries) if one.journal)

    def singles() -> int:
        return sum(1 for _ in range(20) if post(move("1122", "6001", 1)))

    assert together(batch, singles, batch, singles) == [200, 20, 200, 20]
    assert balance(account="6001").balance_fen == 440
    assert sound()


def test_a_killed_connection_leaves_nothing_half_done(committed_chart):
    before = books()

    def killed() -> None:
        with transaction.atomic():
            post(replace(move("1002", "6001", 5), key="killed"))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        killed()
    connection.close()

    assert books() == before
    assert not post(move("1002", "6001", 5, key="killed")).replayed
    assert sound()
