"""The till is counted, and whatever was changed behind the ledger's back is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from ledger import errors, integrity, periods, posting, sealing, tasks
from tests.ledger.support import move, tamper


@pytest.fixture
def posted(chart) -> list[posting.PostedJournal]:
    entries = [move("1002", "6001", 100 + n, on=date(2026, 9, 1 + n)) for n in range(6)]
    outcomes = posting.post_many(entries=entries, all_or_nothing=True)
    return [outcome.journal for outcome in outcomes]


def problem() -> str:
    return integrity.verify().problem or ""


@pytest.mark.django_db
class TestVerify:
    def test_finds_nothing_in_sound_books(self, posted, monkeypatch):
        monkeypatch.setattr(sealing, "BLOCK_JOURNALS_MAX", 2)
        monkeypatch.setattr(integrity, "PAGE_JOURNALS", 3)
        assert sealing.seal() == 3
        assert sealing.seal() == 0
        posting.reverse(
            key="r", journal_id=posted[0].id, effective_on=date(2026, 9, 1), reason="冲正"
        )

        report = integrity.verify()

        assert report.problem is None
        assert (report.journals, report.legs, report.accounts, report.blocks) == (7, 14, 5, 3)
        assert report.head_hash != sealing.GENESIS

    def test_finds_nothing_in_empty_books(self, chart):
        assert integrity.verify().problem is None

    @pytest.mark.parametrize("sealed", [True, False])
    @pytest.mark.parametrize(
        "change",
        ["description = 'x'", "reference = 'x'", "template = 'x'", "payload_hash = md5(key)"],
    )
    def test_names_the_journal_whose_content_was_changed(self, posted, sealed, change):
        if sealed:
            sealing.seal()
        tamper(f"UPDATE ledger_journal SET {change} WHERE id = %s", posted[3].id)

        assert f"journal {posted[3].sequence} " in problem()

    @pytest.mark.parametrize("change", ["posted_at = now()", "key = 'x'"])
    def test_names_the_sealed_journal_whose_place_or_key_was_changed(self, posted, change):
        sealing.seal()

        tamper(f"UPDATE ledger_journal SET {change} WHERE id = %s", posted[3].id)

        assert f"journal {posted[3].sequence} " in problem()

    def test_names_the_journal_whose_amounts_were_changed(self, posted):
        tamper("UPDATE ledger_leg SET amount_fen = amount_fen * 2 WHERE journal_id = %s",
               posted[2].id)

        assert f"journal {posted[2].sequence} " in problem()

    def test_names_the_leg_whose_running_balance_was_changed(self, posted):
        tamper("UPDATE ledger_leg SET balance_after_fen = 1 WHERE journal_id = %s AND seq = 1",
               posted[2].id)

        assert problem() == "leg 3 of account 1002 does not follow"

    def test_names_the_account_whose_counters_were_changed(self, posted):
        tamper("UPDATE ledger_balance SET debits_posted_fen = debits_posted_fen + 1 WHERE"
               " account_id = (SELECT id FROM ledger_account WHERE code = '1122')")

        assert problem() == "the balance of account 1122 differs from its legs"

    def test_sees_a_journal_removed_from_a_sealed_block(self, posted):
        sealing.seal()
        tamper("DELETE FROM ledger_leg WHERE journal_id = %s", posted[2].id)
        tamper("DELETE FROM ledger_journal WHERE id = %s", posted[2].id)

        assert f"journal {posted[3].sequence} was changed, or one before it removed" in problem()

    def test_sees_the_last_journal_of_the_chain_removed(self, posted):
        sealing.seal()
        tamper("DELETE FROM ledger_leg WHERE journal_id = %s", posted[5].id)
        tamper("DELETE FROM ledger_journal WHERE id = %s", posted[5].id)

        assert problem() == "a journal of hash block 1 is missing at its end"

    def test_sees_a_changed_and_a_missing_block(self, posted, monkeypatch):
        monkeypatch.setattr(sealing, "BLOCK_JOURNALS_MAX", 2)
        sealing.seal()

        tamper("DELETE FROM ledger_hash_block WHERE number = 2")
        assert problem() == "hash block 2 is missing"
        tamper("UPDATE ledger_hash_block SET sequence_from = sequence_from - 1 WHERE number = 1")
        assert problem().startswith("hash block 1 does not follow")

    def test_sees_a_closed_period_that_was_changed(self, posted):
        month = periods.open_period(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))
        periods.soft_close(period_id=month.id)
        periods.close(period_id=month.id, at=datetime(2026, 10, 8, tzinfo=UTC))
        assert problem() == ""

        tamper("UPDATE ledger_period SET trial_hash = repeat('0', 64)")

        assert problem().startswith("the closed period from 2026-09-01")

    def test_command_says_so_and_ends_with_one(self, posted):
        out, err = StringIO(), StringIO()
        call_command("verify_ledger", stdout=out, stderr=err)
        assert "6 journals, 12 legs" in out.getvalue()
        assert "verified" in out.getvalue()

        tamper("UPDATE ledger_journal SET description = 'x' WHERE id = %s", posted[0].id)

        with pytest.raises(SystemExit) as ended:
            call_command("verify_ledger", stdout=out, stderr=err)
        assert ended.value.code == 1
        assert f"journal {posted[0].sequence} " in err.getvalue()

    def test_nightly_task_says_what_it_found(self, posted):
        assert tasks.seal() == 1
        assert tasks.verify() == "verified"
        tamper("UPDATE ledger_balance SET version = 9 WHERE version = 0 AND sign = 1")
        assert "1122" in tasks.verify()


@pytest.mark.django_db(transaction=True)
def test_sealing_gives_way_to_a_posting_that_does_not_end(
    committed_chart, together, monkeypatch
):
    from threading import Event

    monkeypatch.setattr(sealing, "LOCK_WAIT_MS_MAX", 100)
    begun, over = Event(), Event()
    usual = lock_timeout()

    def slow_posting() -> str:
        with transaction.atomic():
            posting.post_many(entries=[move("1002", "6001", 1)], all_or_nothing=True)
            begun.set()
            over.wait(timeout=10)
        return "posted"

    def sealing_beside() -> int | str:
        begun.wait(timeout=10)
        try:
            return sealing.seal()
        except errors.LedgerBusy:
            return "busy"
        finally:
            over.set()

    assert together(slow_posting, sealing_beside) == ["posted", "busy"]
    assert sealing.seal() == 1
    assert problem() == ""
    with transaction.atomic():
        sealing.seal()
        assert lock_timeout() == usual


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])
