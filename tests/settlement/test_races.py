"""Two people at once, on real connections: one statement, one set of journals, one payment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.errors import NotAllowedNow
from ledger import balances, journals
from settlement import actions
from settlement.models import Payment, Statement
from tests.builders.settlement import DRAFTED, FIRST, LAST, POSTED, Counter, build_counter, use
from tests.ledger.support import wipe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Counter]:
    """Return a counter whose rows other connections see, on empty books."""
    wipe()
    counter = build_counter()
    use(counter.licenses["D07"], 100)
    yield counter
    wipe()


def test_two_of_everything_at_once_leaves_one_of_each(
    committed: Counter, together: Callable[..., list[Any]]
) -> None:
    counter = committed

    def draft() -> Statement:
        return actions.draft_statement(
            agreement_id=counter.agreement.pk,
            period_from=FIRST,
            period_to=LAST,
            actor=counter.settler,
            at=DRAFTED,
        )

    first, second = together(draft, draft)
    assert first.pk == second.pk
    assert Statement.objects.count() == 1

    statement = counter.confirmed()

    def post() -> Statement:
        return actions.post_statement(
            statement_id=statement.pk, actor=counter.settler, at=POSTED
        )

    results = together(post, post)
    assert sorted(type(one).__name__ for one in results) == ["NotAllowedNow", "Statement"]
    assert len(journals.journals(reference=statement.number)) == 4

    actions.release_statement(statement_id=statement.pk, actor=counter.finance, at=POSTED)
    results = together(
        lambda: counter.pay(statement),
        lambda: counter.pay(statement, bank_reference="BANK-0002"),
    )
    assert sum(isinstance(one, NotAllowedNow) for one in results) == 1
    assert Payment.objects.count() == 1
    assert balances.trial_balance().difference_fen == 0
