"""Disputes: the line is frozen, the rest is payable, the answer decides what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import DomainError, Forbidden, InvalidInput, NotAllowedNow, NotFound
from ledger import balances
from settlement import actions
from settlement.books import receivable_of
from settlement.errors import ObjectionPeriodOver
from settlement.models import Dispute, Statement, StatementLine
from tests.builders.applications import day
from tests.builders.settlement import CONFIRMED, POSTED, Counter, use
from tests.settlement.test_statements import snapshot

pytestmark = pytest.mark.django_db
REASON = "11月10日的调用来自联调测试环境。"


def used(counter: Counter) -> Statement:
    """Return an issued statement over 1,000 calls of D01 and 100 of D07."""
    use(counter.licenses["D01"], 1_000)
    use(counter.licenses["D07"], 100)
    return counter.issued()


def dispute(counter: Counter, statement: Statement, position: int = 1, **changes: Any) -> Dispute:
    """Dispute a line for the buyer."""
    facts = {"reason": REASON, "actor": counter.city.agent, "at": CONFIRMED}
    return actions.dispute_line(
        statement_id=statement.pk,
        line_id=statement.lines.get(position=position).pk,
        **(facts | changes),
    )


def december(counter: Counter) -> Statement:
    """Return the draft of December."""
    return counter.draft(
        period_from=date(2026, 12, 1), period_to=date(2026, 12, 31), at=day("2027-01-04")
    )


def test_the_rest_is_issued_at_once_and_can_be_paid(counter: Counter) -> None:
    statement = used(counter)
    before = list(statement.lines.values_list())
    dispute(counter, statement)

    rest = Statement.objects.get(replaces=statement)
    assert (rest.number, rest.revision) == (f"{statement.number}-R2", 2)
    assert rest.state == Statement.State.ISSUED
    # 100 calls at 1.00, 5 percent of that, and the sandbox.
    assert (rest.gross_fen, rest.fees_fen) == (10_000, 500 + 200_000)
    assert rest.documents.count() == 3
    statement.refresh_from_db()
    assert statement.state == Statement.State.DISPUTED
    assert list(statement.lines.values_list()) == before

    step = {"statement_id": rest.pk, "at": POSTED}
    actions.confirm_statement(actor=counter.city.agent, **step)
    actions.post_statement(actor=counter.settler, **step)
    actions.release_statement(actor=counter.finance, **step)
    assert counter.pay(rest).state == Statement.State.PAID
    assert balances.balance(account=receivable_of(counter.agreement.number)).balance_fen == 0


def test_a_second_line_is_disputed_on_the_rest(counter: Counter) -> None:
    statement = used(counter)
    dispute(counter, statement)
    rest = Statement.objects.get(replaces=statement)
    dispute(counter, rest)
    last = Statement.objects.get(replaces=rest)
    assert (last.number, last.gross_fen) == (f"{statement.number}-R3", 0)
    assert last.payable_fen == 200_000


def test_a_line_that_stands_is_carried_over_once(counter: Counter) -> None:
    raised = dispute(counter, used(counter))
    actions.answer_dispute(
        dispute_id=raised.pk,
        outcome=Dispute.Outcome.STANDS,
        answer="计量记录显示为正式环境调用。",
        actor=counter.settler,
        at=POSTED,
    )
    draft = december(counter)
    [carried] = draft.lines.filter(kind=StatementLine.Kind.CARRIED)
    assert (carried.origin_id, carried.gross_fen) == (raised.line_id, 5_000)
    actions.issue_statement(statement_id=draft.pk, actor=counter.settler, at=day("2027-01-04"))
    january = counter.draft(
        period_from=date(2027, 1, 1), period_to=date(2027, 1, 31), at=day("2027-02-04")
    )
    assert not january.lines.exclude(kind=StatementLine.Kind.USAGE).exists()


def test_a_line_that_is_dropped_is_gone(counter: Counter) -> None:
    raised = dispute(counter, used(counter))
    actions.answer_dispute(
        dispute_id=raised.pk,
        outcome=Dispute.Outcome.DROPPED,
        answer="确为联调测试，予以剔除。",
        actor=counter.settler,
        at=POSTED,
    )
    assert december(counter).gross_fen == 0


def test_an_unanswered_line_waits(counter: Counter) -> None:
    dispute(counter, used(counter))
    assert december(counter).gross_fen == 0


def test_refused_disputes_write_nothing(counter: Counter) -> None:
    statement = used(counter)
    before = snapshot() | {"disputes": list(Dispute.objects.values_list())}
    refused: tuple[tuple[dict[str, Any], type[DomainError]], ...] = (
        ({"reason": "  "}, InvalidInput),
        ({"actor": counter.settler}, Forbidden),
        ({"actor": counter.city.stranger}, NotFound),
        ({"at": day("2026-12-09")}, ObjectionPeriodOver),
    )
    for changes, error in refused:
        with pytest.raises(error):
            dispute(counter, statement, **changes)
    with pytest.raises(NotFound):
        actions.dispute_line(
            statement_id=statement.pk,
            line_id=10**9,
            reason=REASON,
            actor=counter.city.agent,
            at=CONFIRMED,
        )
    assert snapshot() | {"disputes": list(Dispute.objects.values_list())} == before


def test_refused_answers_write_nothing(counter: Counter) -> None:
    raised = dispute(counter, used(counter))
    good: dict[str, Any] = {
        "dispute_id": raised.pk,
        "outcome": "STANDS",
        "answer": "成立。",
        "actor": counter.settler,
        "at": POSTED,
    }
    before = snapshot() | {"disputes": list(Dispute.objects.values_list())}
    for changes, error in (
        ({"outcome": "MAYBE"}, InvalidInput),
        ({"answer": ""}, InvalidInput),
        ({"actor": counter.city.agent}, Forbidden),
        ({"actor": counter.city.stranger}, NotFound),
        ({"dispute_id": 10**9}, NotFound),
    ):
        with pytest.raises(error):
            actions.answer_dispute(**(good | changes))
    assert snapshot() | {"disputes": list(Dispute.objects.values_list())} == before
    actions.answer_dispute(**good)
    with pytest.raises(NotAllowedNow):
        actions.answer_dispute(**good)
