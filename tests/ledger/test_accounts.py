from __future__ import annotations

import pytest

from ledger import accounts, errors, posting
from tests.ledger.support import books, move

pytestmark = pytest.mark.django_db


class TestOpenAccount:
    def test_knows_the_normal_side_of_each_kind(self):
        sides = {
            kind: accounts.open_account(code=f"T-{n}", name="科目", kind=kind).normal_side
            for n, kind in enumerate(["asset", "expense", "liability", "equity", "income"])
        }

        assert sides == {
            "asset": "debit", "expense": "debit",
            "liability": "credit", "equity": "credit", "income": "credit",
        }

    def test_returns_the_account_that_is_open_with_the_same_facts(self):
        first = accounts.open_account(code="1002", name="清算", kind="asset", min_available_fen=0)
        again = accounts.open_account(code="1002", name="清算", kind="asset", min_available_fen=0)

        assert first == again

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": "别的"}, "name"), ({"kind": "income"}, "kind"),
            ({"currency": "USD"}, "currency"), ({"min_available_fen": 0}, "min_available_fen"),
        ],
    )
    def test_refuses_the_same_code_with_other_facts(self, chart, change, field):
        before = books()
        facts = {"code": "1002", "name": "清算账户", "kind": "asset"} | change

        with pytest.raises(errors.AccountDiffers) as refused:
            accounts.open_account(**facts)

        assert refused.value.facts["field"] == field
        assert books() == before

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"code": "1002 x"}, "code"), ({"code": "a1"}, "code"), ({"code": "1:"}, "code"),
            ({"code": "银行"}, "code"), ({"code": "1" * 121}, "code"), ({"name": " "}, "name"),
            ({"kind": "cash"}, "kind"), ({"currency": "JPY"}, "currency"),
            ({"min_available_fen": 1}, "limit"), ({"max_available_fen": -1}, "limit"),
            ({"max_available_fen": 1.5}, "limit"),
        ],
    )
    def test_refuses_facts_that_do_not_fit(self, db, change, field):
        with pytest.raises(errors.InvalidAccount) as refused:
            accounts.open_account(**({"code": "1002", "name": "清算", "kind": "asset"} | change))

        assert refused.value.facts["field"] == field
        assert not books()["ledger_account"]


class TestCloseAccount:
    def test_refuses_an_account_with_a_balance(self, chart):
        posting.post_many(entries=[move("1002", "6001", 1)], all_or_nothing=True)

        with pytest.raises(errors.AccountNotEmpty):
            accounts.close_account(code="1002")

        assert accounts.get_account(code="1002").status == "open"

    def test_may_be_repeated(self, chart):
        assert accounts.close_account(code="1002").status == "closed"
        assert accounts.close_account(code="1002").status == "closed"

    def test_refuses_an_unknown_account(self, chart):
        with pytest.raises(errors.UnknownAccount):
            accounts.close_account(code="8888")
        with pytest.raises(errors.UnknownAccount):
            accounts.get_account(code="8888")
