"""A public purpose is free by law: metered, shown, never charged."""

from __future__ import annotations

import pytest

from ledger import journals
from settlement import actions
from settlement.models import Statement
from tests.builders.settlement import RELEASED, build_counter, use


@pytest.mark.django_db
def test_a_public_purpose_is_metered_and_costs_nothing() -> None:
    counter = build_counter(purpose_class="PUBLIC_GOVERNANCE")
    use(counter.licenses["D01"], 1_000)
    statement = counter.posted()
    line = statement.lines.get(position=1)
    assert (line.quantity, line.gross_fen, statement.payable_fen) == (1_000, 0, 0)
    assert journals.journals(reference=statement.number) == ()
    settled = actions.release_statement(
        statement_id=statement.pk, actor=counter.finance, at=RELEASED
    )
    assert settled.state == Statement.State.PAID
