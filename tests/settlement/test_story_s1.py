"""November 2026 of story S1: every figure, from the meter to the books."""

from __future__ import annotations

import json

import pytest

from ledger import balances, journals
from settlement.books import advance_of, receivable_of
from settlement.models import Statement, StatementDocument
from tests.builders.settlement import Counter, use_of_november

pytestmark = pytest.mark.django_db


def test_november_comes_to_the_figures_of_the_story_and_the_books_balance(
    counter: Counter,
) -> None:
    use_of_november(counter)

    statement = counter.released()
    assert figures(statement) == {
        "lines": {"D01": 1_349_600, "D07": 820_000},
        "gross": 2_169_600,
        "net": 2_046_792,
        "vat": 122_808,
        "split": [818_717, 921_056, 102_340, 204_679],
        "fees": {"PLATFORM_SERVICE_FEE": 108_480, "COMPUTE_FEE": 200_000},
        "payable": 2_478_080,
    }
    [d01, d07] = statement.lines.order_by("position")
    assert (d01.quantity, d01.server_errors, d01.retries) == (312_400, 4_100, 1_250)
    assert [step["yuan"] for step in d01.steps] == ["5000.00", "8496.00"]
    assert d07.quantity == 8_200

    number = counter.agreement.number
    assert balance(receivable_of(number)) == 2_478_080
    assert [balance(code) for code in ("220201", "220202", "220203", "600101")] == [
        818_717,
        921_056,
        102_340,
        204_679,
    ]
    fees_net = 108_480 + 200_000 - sum(f.tax_fen for f in statement.fee_lines.all())
    assert balance("600102") + balance("600103") == fees_net
    assert balance("2221") == 122_808 + 308_480 - fees_net
    assert balance("2241") == 0

    paid = counter.pay(statement)
    assert paid.state == Statement.State.PAID
    assert balance(receivable_of(number)) == balance(advance_of(number)) == 0
    assert [balance(code) for code in ("220201", "220202", "220203")] == [0, 0, 0]
    assert balance("1002") == 2_478_080 - 818_717 - 921_056 - 102_340
    assert balances.trial_balance().difference_fen == 0
    assert len(journals.journals(reference=statement.number)) == 8


def test_the_three_documents_say_the_same(counter: Counter) -> None:
    use_of_november(counter)
    statement = counter.issued()

    files = {one.kind: one for one in statement.documents.all()}
    assert set(files) == set(StatementDocument.Kind)
    assert bytes(files["PDF"].file).startswith(b"%PDF")
    said = json.loads(bytes(files["JSON"].file))
    assert said["payable_fen"] == 2_478_080
    assert said["lines"][0]["event_set_hash"] == statement.lines.get(position=1).event_set_hash
    assert (said["confirm_by"], said["pay_by"]) == ("2026-12-08", "2026-12-22")
    assert statement.content_hash == files["JSON"].content_hash


def figures(statement: Statement) -> dict[str, object]:
    lines = statement.lines.select_related("license__dataset").order_by("position")
    return {
        "lines": {line.license.dataset.code: line.gross_fen for line in lines},
        "gross": statement.gross_fen,
        "net": statement.net_fen,
        "vat": statement.tax_fen,
        "split": [share.amount_fen for share in statement.shares.order_by("position")],
        "fees": {fee.code: fee.amount_fen for fee in statement.fee_lines.all()},
        "payable": statement.payable_fen,
    }


def balance(account: str) -> int:
    return balances.balance(account=account).balance_fen
