"""Statements: what is refused leaves nothing behind, and the same bounds give the same lines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from core.errors import DomainError, Forbidden, InvalidInput, NotAllowedNow, NotFound
from ledger import balances, journals
from parties.roles import Role
from settlement import actions, papers
from settlement.books import advance_of, receivable_of
from settlement.errors import (
    MeterDiffers,
    NothingToSettle,
    PaymentRecorded,
    PaymentTooSmall,
    PeriodNotOver,
    PriceInUse,
    PriceMissing,
)
from settlement.models import Payment, PriceVersion, Statement, StatementLine
from tests.builders.applications import day
from tests.builders.settlement import (
    D07_TIERS,
    DRAFTED,
    POSTED,
    RELEASED,
    Counter,
    price,
    use,
)
from tests.ledger.support import books
from workflow import policy

pytestmark = pytest.mark.django_db


def snapshot() -> dict[str, Any]:
    """Return everything settlement and the books hold."""
    held = {
        model.__name__: sorted(str(row) for row in model.objects.values_list())
        for model in (Statement, StatementLine, Payment, PriceVersion)
    }
    return held | books()


class TestDraft:
    def test_refusals_write_nothing(self, counter: Counter) -> None:
        before = snapshot()
        with pytest.raises(PeriodNotOver):
            counter.draft(at=day("2026-11-30", 23))
        with pytest.raises(InvalidInput):
            counter.draft(period_to=date(2026, 12, 1))
        with pytest.raises(Forbidden):
            counter.draft(actor=counter.city.agent)
        with pytest.raises(Forbidden):
            counter.draft(actor=counter.finance)
        with pytest.raises(NothingToSettle):
            counter.draft(period_from=date(2026, 9, 1), period_to=date(2026, 9, 30))
        assert snapshot() == before

    def test_a_dataset_without_a_price_in_that_month_is_named(self, counter: Counter) -> None:
        october = {"period_from": date(2026, 10, 1), "period_to": date(2026, 10, 31)}
        before = snapshot()
        with pytest.raises(PriceMissing, match="D01"):
            counter.draft(**october)
        made = actions.draft_statements(actor=counter.settler, at=DRAFTED, **october)
        assert made == 0
        assert snapshot() == before

    def test_drawn_up_twice_it_stands_once_and_a_discarded_one_is_drawn_up_anew(
        self, counter: Counter
    ) -> None:
        first = counter.draft()
        assert counter.draft() == first
        actions.discard_statement(statement_id=first.pk, actor=counter.settler, at=DRAFTED)
        again = counter.draft()
        assert again.number != first.number
        assert Statement.objects.count() == 2

    def test_a_month_begins_and_ends_at_midnight_in_wuxi(self, counter: Counter) -> None:
        d07 = counter.licenses["D07"]
        use(d07, 1, on=date(2026, 10, 31))
        use(d07, 10, on=date(2026, 11, 1))
        use(d07, 100, on=date(2026, 11, 30))
        use(d07, 1_000, on=date(2026, 12, 1))
        line = counter.draft(at=day("2026-12-02")).lines.get(license=d07)
        assert line.quantity == 110
        eight = timedelta(hours=8)
        assert line.from_at == day("2026-11-01", 8) - eight
        assert line.to_at == day("2026-12-01", 8) - eight

    def test_the_same_bounds_give_the_same_lines_whatever_is_stored_later(
        self, counter: Counter
    ) -> None:
        d01 = counter.licenses["D01"]
        use(d01, 1_000)
        first = counter.draft()
        actions.discard_statement(statement_id=first.pk, actor=counter.settler, at=DRAFTED)
        use(d01, 500, stored_at=DRAFTED + timedelta(hours=1))
        again = counter.draft()
        assert _figures(again) == _figures(first)
        later = Statement.objects.get(pk=again.pk)
        actions.discard_statement(statement_id=later.pk, actor=counter.settler, at=DRAFTED)
        assert counter.draft(at=DRAFTED + timedelta(hours=2)).lines.get(position=1).quantity == 1500


def test_the_same_statement_gives_the_same_bytes(counter: Counter) -> None:
    use(counter.licenses["D01"], 1_234)
    statement = counter.issued()
    again = papers.render(
        statement, confirm_by=date(2026, 12, 8), pay_by=date(2026, 12, 22)
    )
    stored = {one.kind: bytes(one.file) for one in statement.documents.all()}
    assert stored == {str(kind): file for kind, file in again.items()}


def test_what_reaches_the_meter_late_is_charged_with_the_next_month(counter: Counter) -> None:
    d01 = counter.licenses["D01"]
    use(d01, 99_000)
    counter.issued()
    use(d01, 2_000, on=date(2026, 11, 29), stored_at=day("2026-12-05"))
    december = counter.draft(
        period_from=date(2026, 12, 1), period_to=date(2026, 12, 31), at=day("2027-01-04")
    )
    [late] = december.lines.filter(kind=StatementLine.Kind.LATE)
    # 1,000 calls fill the first tier of November, 1,000 fall into the second.
    assert (late.quantity, late.gross_fen) == (2_000, 5_000 + 4_000)
    assert december.gross_fen == 9_000
    january = counter.draft(
        period_from=date(2027, 1, 1), period_to=date(2027, 1, 31), at=day("2027-02-04")
    )
    assert not january.lines.filter(kind=StatementLine.Kind.LATE).exists()


@pytest.mark.parametrize("change", [
    "UPDATE settlement_statement SET payable_fen = payable_fen + 1, opening_fen = opening_fen + 1",
    "UPDATE settlement_statement SET content_hash = repeat('0', 64)",
    "DELETE FROM settlement_statement",
    "UPDATE settlement_statementline SET gross_fen = gross_fen + 1",
    "DELETE FROM settlement_splitshare",
    "UPDATE settlement_statementdocument SET file = ''",
    "UPDATE settlement_feeline SET amount_fen = 0",
    "UPDATE settlement_priceversion SET base_price = 1",
    "DELETE FROM settlement_priceversion",
])  # fmt: skip
def test_the_database_itself_refuses_other_figures(counter: Counter, change: str) -> None:
    use(counter.licenses["D07"], 10)
    counter.issued()
    before = snapshot()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert snapshot() == before


class TestPosting:
    def test_the_wrong_hand_or_the_wrong_time_writes_nothing(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 10)
        statement = counter.issued()
        before = snapshot()
        for step, actor, error in (
            (actions.post_statement, counter.settler, NotAllowedNow),
            (actions.post_statement, counter.finance, Forbidden),
            (actions.post_statement, counter.city.agent, Forbidden),
            (actions.confirm_statement, counter.settler, Forbidden),
            (actions.confirm_statement, counter.city.stranger, NotFound),
            (actions.release_statement, counter.finance, NotAllowedNow),
            (actions.issue_statement, counter.settler, NotAllowedNow),
            (actions.discard_statement, counter.settler, NotAllowedNow),
        ):
            with pytest.raises(error):
                step(statement_id=statement.pk, actor=actor, at=POSTED)
        assert snapshot() == before

    def test_posting_twice_leaves_one_set_of_journals(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 10)
        statement = counter.posted()
        before = snapshot()
        with pytest.raises(NotAllowedNow):
            actions.post_statement(statement_id=statement.pk, actor=counter.settler, at=POSTED)
        assert snapshot() == before
        assert len(journals.journals(reference=statement.number)) == 4

    def test_a_meter_that_was_tampered_with_stops_the_posting(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 10)
        statement = counter.confirmed()
        _tamper_with_the_meter()
        before = snapshot()
        with pytest.raises(MeterDiffers, match="D07"):
            actions.post_statement(statement_id=statement.pk, actor=counter.settler, at=POSTED)
        assert snapshot() == before

    def test_who_posted_does_not_release_even_with_a_seat_at_both_desks(
        self, counter: Counter
    ) -> None:
        use(counter.licenses["D07"], 10)
        # The parties refuse the second desk already; here somebody got past them.
        group = policy.desk_group(
            organization_id=counter.exchange.pk, role=Role.EXCHANGE_FINANCE
        )
        counter.settler.groups.add(group)
        statement = counter.posted()
        before = snapshot()
        with pytest.raises(Forbidden, match="您提交的批次不能由您复核"):
            actions.release_statement(
                statement_id=statement.pk, actor=counter.settler, at=RELEASED
            )
        assert snapshot() == before

    def test_no_payout_leaves_before_the_money_is_there(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 1_000)
        statement = counter.released()
        posted = journals.journals(reference=statement.number)
        assert "1002" not in {leg.account for one in posted for leg in one.legs}
        counter.pay(statement)
        assert balances.balance(account="1002").balance_fen > 0
        assert balances.trial_balance().difference_fen == 0


class TestPayment:
    def test_wrong_payments_write_nothing(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 10)
        statement = counter.released()
        before = snapshot()
        refused: tuple[tuple[dict[str, Any], type[DomainError]], ...] = (
            ({"fen": statement.payable_fen - 1}, PaymentTooSmall),
            ({"bank_reference": "  "}, InvalidInput),
            ({"bank_reference": "X" * 61}, InvalidInput),
            ({"received_on": date(2026, 12, 11)}, InvalidInput),
            ({"fen": 0}, InvalidInput),
            ({"actor": counter.settler}, Forbidden),
            ({"actor": counter.city.stranger}, NotFound),
        )
        for changes, error in refused:
            with pytest.raises(error):
                counter.pay(statement, **changes)
        assert snapshot() == before

    def test_the_same_payment_again_changes_nothing_and_another_is_refused(
        self, counter: Counter
    ) -> None:
        use(counter.licenses["D07"], 10)
        statement = counter.released()
        counter.pay(statement)
        before = snapshot()
        assert counter.pay(statement).state == Statement.State.PAID
        with pytest.raises(PaymentRecorded):
            counter.pay(statement, statement.payable_fen + 1)
        with pytest.raises(NotAllowedNow):
            counter.pay(statement, bank_reference="BANK-0002")
        assert snapshot() == before

    def test_what_was_paid_too_much_opens_the_next_statement(self, counter: Counter) -> None:
        use(counter.licenses["D07"], 10)
        november = counter.released()
        counter.pay(november, november.payable_fen + 5_000)
        december = counter.draft(
            period_from=date(2026, 12, 1), period_to=date(2026, 12, 31), at=day("2027-01-04")
        )
        assert december.opening_fen == -5_000
        assert december.payable_fen == december.fees_fen - 5_000
        step = {"statement_id": december.pk, "at": day("2027-01-05")}
        actions.issue_statement(actor=counter.settler, **step)
        actions.confirm_statement(actor=counter.city.legal_rep, **step)
        actions.post_statement(actor=counter.settler, **step)
        number = counter.agreement.number
        assert balances.balance(account=advance_of(number)).balance_fen == 0
        assert balances.balance(account=receivable_of(number)).balance_fen == december.payable_fen


def test_silence_confirms_after_five_working_days_and_not_before(counter: Counter) -> None:
    statement = counter.issued()
    assert actions.confirm_overdue(at=day("2026-12-08", 23)) == 0
    assert actions.confirm_overdue(at=day("2026-12-09", 9)) == 1
    statement.refresh_from_db()
    assert statement.state == Statement.State.CONFIRMED
    assert statement.confirmed_by is not None
    assert statement.confirmed_by.is_system
    assert actions.confirm_overdue(at=day("2026-12-10")) == 0


class TestPrice:
    def test_nobody_publishes_a_price_of_their_own(self, counter: Counter) -> None:
        facts: dict[str, Any] = {
            "dataset_id": counter.city.datasets[0].pk,
            "model": "PER_CALL",
            "base_price": 0,
            "tiers": D07_TIERS,
            "effective_on": date(2027, 1, 1),
            "legal_basis": "示例",
            "at": DRAFTED,
        }
        draft = actions.draft_price(actor=counter.settler, **facts)
        before = snapshot()
        with pytest.raises(Forbidden):
            actions.publish_price(price_id=draft.pk, actor=counter.settler, at=DRAFTED)
        with pytest.raises(Forbidden):
            actions.draft_price(actor=counter.city.agent, **facts)
        with pytest.raises(InvalidInput):
            actions.draft_price(
                actor=counter.settler, **(facts | {"effective_on": date(2027, 1, 2)})
            )
        with pytest.raises(InvalidInput):
            actions.draft_price(actor=counter.settler, **(facts | {"legal_basis": " "}))
        assert snapshot() == before

    def test_a_settled_month_keeps_its_price(self, counter: Counter) -> None:
        counter.issued()
        draft = actions.draft_price(
            dataset_id=counter.city.datasets[0].pk,
            model="PER_CALL",
            base_price=0,
            tiers=D07_TIERS,
            effective_on=date(2026, 11, 1),
            legal_basis="示例",
            actor=counter.settler,
            at=DRAFTED,
        )
        before = snapshot()
        with pytest.raises(PriceInUse):
            actions.publish_price(price_id=draft.pk, actor=counter.finance, at=DRAFTED)
        assert snapshot() == before

    def test_a_subscription_is_due_without_a_call_and_a_product_only_once(
        self, counter: Counter
    ) -> None:
        price(counter, "D01", model="SUBSCRIPTION_PERIOD", base="2000")
        price(counter, "D07", model="FIXED_PRODUCT", base="20000")
        november = counter.issued()
        assert [line.gross_fen for line in november.lines.all()] == [200_000, 2_000_000]
        december = counter.draft(
            period_from=date(2026, 12, 1), period_to=date(2026, 12, 31), at=day("2027-01-04")
        )
        assert [line.gross_fen for line in december.lines.all()] == [200_000, 0]


def _figures(statement: Statement) -> list[Any]:
    lines = statement.lines.order_by("position")
    return list(lines.values_list("quantity", "gross_fen", "event_set_hash", "stored_before"))


def _tamper_with_the_meter() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gateway_usageevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE gateway_usageevent SET payload_hash = sha256('x')")
        cursor.execute("ALTER TABLE gateway_usageevent ENABLE TRIGGER USER")


