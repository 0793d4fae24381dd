from __future__ import annotations

from uuid import uuid4

import pytest

from ledger import errors, posting
from ledger.balances import balance, trial_balance
from ledger.journal import Entry, Leg, PostedJournal
from tests.ledger.support import DAY, books, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(chart) -> PostedJournal:
    return posting.post(
        key="sale", template="test-sale", description="对账单", effective_on=DAY,
        reference="statement:1",
        legs=[Leg("1122", 10600), Leg("6001", -10000), Leg("2221", -600)],
    )


def reverse(journal: PostedJournal, legs: list[Leg] | None = None, key: str = "") -> PostedJournal:
    return posting.reverse(
        key=key or uuid4().hex, journal_id=journal.id, effective_on=DAY, reason="冲正", legs=legs
    )


def refund(fen: int) -> list[Leg]:
    return [Leg("1122", -fen), Leg("6001", fen)]


class TestReverse:
    def test_takes_the_whole_journal_back_and_names_it(self, sale):
        back = reverse(sale)

        assert {leg.account: leg.amount_fen for leg in back.legs} == {
            "1122": -10600, "6001": 10000, "2221": 600,
        }
        assert (back.corrects_id, back.is_reversal) == (sale.id, True)
        assert (back.template, back.reference) == (sale.template, sale.reference)
        assert [balance(account=code).net_fen for code in ("1122", "6001", "2221")] == [0, 0, 0]

    def test_takes_back_parts_until_nothing_stands(self, sale):
        reverse(sale, refund(4000))
        reverse(sale, refund(3000))

        rest = reverse(sale)

        assert {leg.account: leg.amount_fen for leg in rest.legs} == {
            "1122": -3600, "6001": 3000, "2221": 600,
        }

    @pytest.mark.parametrize(
        "legs",
        [
            refund(10001),
            refund(-1),
            [Leg("1002", -1), Leg("6001", 1)],
            [Leg("1122", -601), Leg("2221", 601)],
        ],
    )
    def test_refuses_more_or_other_than_what_stands_and_writes_nothing(self, sale, legs):
        before = books()

        with pytest.raises(errors.OverReversal):
            reverse(sale, legs)

        assert books() == before

    def test_refuses_to_take_back_what_is_taken_back(self, sale):
        reverse(sale)
        before = books()

        with pytest.raises(errors.OverReversal):
            reverse(sale)
        with pytest.raises(errors.OverReversal) as refused:
            reverse(sale, refund(1))

        assert refused.value.facts["standing_fen"] == 0
        assert books() == before

    def test_answers_the_same_key_with_the_first_reversal(self, sale):
        whole = reverse(sale, key="all")

        assert reverse(sale, key="all").id == whole.id
        assert reverse(sale, key="all").replayed
        with pytest.raises(errors.KeyReused):
            reverse(sale, refund(1), key="all")

    def test_answers_the_same_key_with_the_first_part(self, sale):
        part = reverse(sale, refund(1), key="part")

        assert reverse(sale, refund(1), key="part").id == part.id
        with pytest.raises(errors.KeyReused) as refused:
            reverse(sale, refund(2), key="part")
        assert refused.value.facts["field"] == "amount_fen"
        with pytest.raises(errors.KeyReused):
            reverse(sale, key="part")

    def test_may_itself_be_taken_back_without_ever_exceeding_the_original(self, sale):
        first = reverse(sale, refund(4000))
        undone = reverse(first)
        assert balance(account="6001").balance_fen == 10000

        reverse(sale)
        before = books()
        with pytest.raises(errors.OverReversal):
            reverse(undone)
        with pytest.raises(errors.OverReversal):
            reverse(first)

        assert books() == before
        assert trial_balance().difference_fen == 0

    def test_refuses_an_unknown_journal(self, chart):
        with pytest.raises(errors.UnknownJournal):
            posting.reverse(key="k", journal_id=uuid4(), effective_on=DAY, reason="冲正")

    @pytest.mark.parametrize(
        ("legs", "error"),
        [([Leg("1122", -1.0), Leg("6001", 1.0)], errors.FloatRefused),
         ([Leg("1122", -2), Leg("6001", 1)], errors.Unbalanced)],
    )
    def test_holds_the_rules_of_posting(self, sale, legs, error):
        before = books()

        with pytest.raises(error):
            reverse(sale, legs)

        assert books() == before

    def test_keeps_a_plain_correction_out_of_the_count(self, sale):
        posting.post_many(
            entries=[Entry(key="more", template="test-any", description="补记", effective_on=DAY,
                           legs=refund(500), corrects=sale.id)],
            all_or_nothing=True,
        )

        assert sum(leg.amount_fen for leg in reverse(sale).legs if leg.account == "6001") == 10000

    def test_refuses_to_break_a_limit(self, chart):
        paid = posting.post_many(entries=[move("1002", "2202:P-1", 100)])[0].journal
        posting.post_many(entries=[move("2202:P-1", "1002", 60)], all_or_nothing=True)

        with pytest.raises(errors.LimitBreached):
            reverse(paid)
