from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import accounts, errors, posting, templates
from ledger.balances import balance, trial_balance
from ledger.journal import Entry, Leg
from tests.ledger.support import DAY, books, move

pytestmark = pytest.mark.django_db


def post(entry: Entry) -> posting.PostedJournal:
    return posting.post(
        key=entry.key, template=entry.template, description=entry.description,
        legs=entry.legs, effective_on=entry.effective_on, reference=entry.reference,
        corrects=entry.corrects,
    )


class TestPost:
    def test_moves_both_accounts_and_returns_the_journal(self, chart):
        posted = post(move("1002", "6001", 1349600))

        assert [leg.amount_fen for leg in posted.legs] == [1349600, -1349600]
        assert [leg.balance_after_fen for leg in posted.legs] == [1349600, -1349600]
        assert not posted.replayed
        assert balance(account="1002").balance_fen == 1349600
        assert balance(account="6001").balance_fen == 1349600
        assert trial_balance().difference_fen == 0

    def test_runs_the_balance_through_several_legs_on_one_account(self, chart):
        entry = replace(
            move("1002", "6001", 1), legs=(Leg("1002", 70), Leg("6001", -100), Leg("1002", 30))
        )

        assert [leg.balance_after_fen for leg in post(entry).legs] == [70, -100, 100]
        assert balance(account="1002").debits_fen == 100

    def test_returns_the_first_answer_for_the_same_key_and_content(self, chart):
        entry = move("1002", "6001", 500, key="k")
        first = post(entry)
        before = books()

        again = post(replace(entry, legs=tuple(reversed(entry.legs))))

        assert again.replayed
        assert replace(again, replayed=False) == first
        assert books() == before

    def test_answers_a_replay_even_after_the_account_was_closed(self, chart):
        entry = move("1002", "6001", 500, key="k")
        first = post(entry)
        post(move("6001", "1002", 500))
        accounts.close_account(code="1002")

        assert post(entry).id == first.id

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"legs": (Leg("1002", 1001), Leg("6001", -1001))}, "amount_fen"),
            ({"legs": (Leg("1122", 1000), Leg("6001", -1000))}, "legs"),
            ({"description": "别的"}, "description"),
            ({"effective_on": date(2026, 9, 15)}, "effective_on"),
            ({"reference": "x"}, "reference"),
            ({"template": "test-sale"}, "template"),
        ],
    )
    def test_refuses_a_key_with_another_content_and_names_the_field(self, chart, change, field):
        entry = move("1002", "6001", 1000, key="k")
        post(entry)
        before = books()

        with pytest.raises(errors.KeyReused) as refused:
            post(replace(entry, **change))

        assert refused.value.facts["field"] == field
        assert refused.value.status == 409
        assert books() == before

    @pytest.mark.parametrize(
        ("legs", "error"),
        [
            ((), errors.EmptyJournal),
            ((Leg("1002", 1),), errors.EmptyJournal),
            ((Leg("1002", 0), Leg("6001", 0)), errors.ZeroLeg),
            ((Leg("1002", 1.0), Leg("6001", -1.0)), errors.FloatRefused),
            ((Leg("1002", Decimal(1)), Leg("6001", Decimal(-1))), errors.FloatRefused),
            ((Leg("1002", True), Leg("6001", -1)), errors.FloatRefused),
            ((Leg("1002", 10**17), Leg("6001", -(10**17))), errors.AmountTooLarge),
            ((Leg("1002", 100), Leg("6001", -99)), errors.Unbalanced),
            ((Leg("1002", 100), Leg("9999", -100)), errors.UnknownAccount),
            ((Leg("9998", 100), Leg("9999", -100)), errors.UnknownAccount),
            ((Leg("2202:P-1", 1), Leg("1002", -1)), errors.LimitBreached),
        ],
    )
    def test_refuses_wrong_legs_and_writes_nothing(self, chart, legs, error):
        before = books()

        with pytest.raises(error) as refused:
            post(replace(move("1002", "6001", 1), legs=legs))

        assert str(refused.value)
        assert books() == before

    @pytest.mark.parametrize(
        "change", [{"key": ""}, {"key": "k" * 201}, {"description": " "}, {"reference": "r" * 201}]
    )
    def test_refuses_missing_and_overlong_texts(self, chart, change):
        before = books()

        with pytest.raises(errors.InvalidEntry):
            post(replace(move("1002", "6001", 1, key="k"), **change))

        assert books() == before

    def test_refuses_two_currencies_that_only_balance_together(self, chart):
        accounts.open_account(code="1003", name="美元账户", kind="asset", currency="USD")

        with pytest.raises(errors.Unbalanced):
            post(move("1002", "1003", 1000))

    def test_refuses_a_closed_account(self, chart):
        accounts.close_account(code="1122")
        before = books()

        with pytest.raises(errors.AccountClosed):
            post(move("1122", "6001", 1))

        assert books() == before

    def test_refuses_to_correct_a_journal_that_does_not_exist(self, chart):
        with pytest.raises(errors.UnknownJournal):
            post(replace(move("1002", "6001", 1), corrects=uuid4()))

    def test_keeps_the_maximum_of_an_account(self, chart):
        accounts.open_account(code="1901", name="待处理", kind="asset", max_available_fen=100)
        post(move("1901", "6001", 100))

        with pytest.raises(errors.LimitBreached) as refused:
            post(move("1901", "6001", 1))

        assert refused.value.facts["available_fen"] == 101

    def test_rolls_back_with_the_business_row_around_it(self, chart):
        before = books()

        def business_step_that_fails_late() -> None:
            with transaction.atomic():
                post(move("1002", "6001", 1))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            business_step_that_fails_late()

        assert books()["ledger_journal"] == before["ledger_journal"]
        assert books()["ledger_balance"] == before["ledger_balance"]

    def test_leaves_the_outer_transaction_usable_after_a_refusal(self, chart):
        with transaction.atomic():
            with pytest.raises(errors.LimitBreached):
                post(move("2202:P-1", "1002", 1))
            post(move("1002", "2202:P-1", 1))

        assert balance(account="2202:P-1").balance_fen == 1


class TestTemplates:
    def test_refuses_a_pair_the_template_does_not_name(self, chart):
        before = books()

        with pytest.raises(errors.TemplateForbidsPair):
            post(move("1002", "2202:P-1", 1, template="test-sale"))

        assert books() == before

    def test_holds_every_debit_against_every_credit(self, chart):
        split = (Leg("1122", 106), Leg("6001", -100), Leg("2221", -6))
        assert post(replace(move("1122", "6001", 1, template="test-sale"), legs=split))

        astray = (Leg("1122", 106), Leg("6001", -100), Leg("2202:P-1", -6))
        with pytest.raises(errors.TemplateForbidsPair):
            post(replace(move("1122", "6001", 1, template="test-sale"), legs=astray))

    def test_refuses_a_template_nobody_declared(self, chart):
        with pytest.raises(errors.UnknownTemplate):
            post(move("1002", "6001", 1, template="nobody"))

    def test_may_be_declared_again_the_same_but_not_otherwise(self):
        templates.declare("test-again", allowed={("1", "2")})
        templates.declare("test-again", allowed=[("1", "2")])

        with pytest.raises(ValueError, match="already declared"):
            templates.declare("test-again", allowed={("2", "1")})
        with pytest.raises(ValueError, match="non-empty"):
            templates.declare("test-empty", allowed={("", "1")})


class TestPostMany:
    def test_lets_each_entry_stand_or_fall_alone(self, chart):
        entries = [move("1002", "6001", n + 1) for n in range(1000)]
        entries[500] = replace(entries[500], legs=(Leg("1002", 5), Leg("6001", -4)))
        entries[700] = replace(entries[700], legs=(Leg("1002", 5), Leg("8888", -5)))

        outcomes = posting.post_many(entries=entries)

        assert [n for n, outcome in enumerate(outcomes) if outcome.error] == [500, 700]
        assert isinstance(outcomes[500].error, errors.Unbalanced)
        assert isinstance(outcomes[700].error, errors.UnknownAccount)
        assert len(books()["ledger_journal"]) == 998
        assert trial_balance().difference_fen == 0

    def test_posts_nothing_when_all_must_stand(self, chart):
        before = books()
        entries = [move("1002", "6001", 1), move("1002", "8888", 1)]

        with pytest.raises(errors.UnknownAccount):
            posting.post_many(entries=entries, all_or_nothing=True)

        assert books() == before

    def test_lets_a_later_entry_use_what_an_earlier_one_brought(self, chart):
        entries = [
            move("2202:P-1", "1002", 60),
            move("1002", "2202:P-1", 100),
            move("2202:P-1", "1002", 60),
            move("2202:P-1", "1002", 60),
        ]

        outcomes = posting.post_many(entries=entries)

        assert [bool(outcome.error) for outcome in outcomes] == [True, False, False, True]
        assert balance(account="2202:P-1").balance_fen == 40

    def test_answers_the_same_key_within_a_batch_once(self, chart):
        entry = move("1002", "6001", 10, key="twice")

        first, second, third = posting.post_many(
            entries=[entry, entry, replace(entry, description="别的")]
        )

        assert first.journal.id == second.journal.id
        assert second.journal.replayed
        assert third.error.facts["field"] == "description"
        assert balance(account="1002").balance_fen == 10

    def test_numbers_journals_in_the_order_asked(self, chart):
        outcomes = posting.post_many(entries=[move("1002", "6001", n) for n in range(1, 50)])

        sequences = [outcome.journal.sequence for outcome in outcomes]
        assert sequences == sorted(sequences)

    def test_takes_no_more_than_it_can_carry(self, chart, monkeypatch):
        monkeypatch.setattr(posting, "BATCH_JOURNALS_MAX", 1)

        with pytest.raises(errors.BatchTooLarge):
            posting.post_many(entries=[move("1002", "6001", 1), move("1002", "6001", 1)])

    def test_of_nothing_is_nothing(self, chart):
        assert posting.post_many(entries=[]) == ()

    @pytest.mark.parametrize("size", [1, 10, 300])
    def test_takes_seven_round_trips_whatever_the_size(self, chart, round_trips, size):
        posting.post_many(entries=[move("1002", "6001", 1)])
        entries = [move("1002", "6001", n + 1) for n in range(size)]

        assert round_trips(lambda: posting.post_many(entries=entries)) == 7


class TestDatabase:
    """What the database refuses by itself, whoever asks."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_journal SET description = 'x'",
            "DELETE FROM ledger_leg",
            "TRUNCATE ledger_leg",
            "TRUNCATE ledger_journal CASCADE",
            "UPDATE ledger_account SET name = 'x'",
            "DELETE FROM ledger_balance",
            "TRUNCATE ledger_hash_block CASCADE",
        ],
    )
    def test_refuses_changes_even_to_the_owner(self, chart, statement):
        post(move("1002", "6001", 1))
        # As at a commit: else PostgreSQL's own pending checks would refuse the TRUNCATE first.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        before = books()

        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)

        assert books() == before

    def test_refuses_an_unbalanced_journal_at_commit(self, chart):
        with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
            raw_journal(amounts=(100, -99))

    def test_refuses_a_journal_that_lacks_a_leg(self, chart):
        with pytest.raises(IntegrityError, match="1 of 2 legs"), transaction.atomic():
            raw_journal(amounts=(100,))

    def test_refuses_a_leg_added_to_a_posted_journal(self, chart):
        posted = post(move("1002", "6001", 1))

        with pytest.raises(IntegrityError, match="seq_within_count"), transaction.atomic():
            connection.cursor().execute(
                "INSERT INTO ledger_leg SELECT journal_id, 3, leg_count, effective_on,"
                " account_id, 5, 5, 99 FROM ledger_leg WHERE journal_id = %s AND seq = 1",
                [posted.id],
            )

    def test_refuses_a_balance_beyond_its_limit(self, chart):
        with pytest.raises(IntegrityError, match="not_below_minimum"), transaction.atomic():
            connection.cursor().execute(
                "UPDATE ledger_balance SET debits_posted_fen = 1 WHERE min_available_fen = 0"
            )


def raw_journal(*, amounts: tuple[int, ...]) -> None:
    journal_id = uuid4()
    cursor = connection.cursor()
    cursor.execute(
        "INSERT INTO ledger_journal (id, key, payload_hash, template, description, effective_on,"
        " reference, is_reversal, leg_count) VALUES (%s, %s, repeat('0', 64), 't', 'd', %s, '',"
        " false, 2)",
        [journal_id, journal_id.hex, DAY],
    )
    for seq, amount in enumerate(amounts, start=1):
        cursor.execute(
            "INSERT INTO ledger_leg SELECT %s, %s, 2, %s, id, %s, %s, 1 FROM ledger_account"
            " WHERE code = %s",
            [journal_id, seq, DAY, amount, amount, ("1002", "6001")[seq - 1]],
        )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
