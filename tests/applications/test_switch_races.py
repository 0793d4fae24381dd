"""A step and the switching off of its right at the same moment: real threads, real commits."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import SwitchedOff
from oversight import actions as oversight
from tests.applications.support import refuses
from tests.applications.test_switches import accept, propose
from tests.builders import applications as build
from tests.builders.applications import ACCEPTED

pytestmark = pytest.mark.django_db(transaction=True)


def test_acceptance_and_its_switching_off_never_both_win_in_the_wrong_order(together: Any) -> None:
    city = build.build_city()
    case, row = build.submitted(city), propose(city)
    results = together(
        lambda: accept(city, case),
        lambda: oversight.settle_switch(
            switch_id=row.pk, approve=True, actor=city.decider, at=ACCEPTED
        ),
    )
    case.refresh_from_db()
    assert results[1].state == "IN_FORCE"
    if isinstance(results[0], Exception):
        assert isinstance(results[0], SwitchedOff)
        assert case.state == "SUBMITTED"
    else:
        assert case.state == "PROVIDER_REVIEW"
    # Whoever asks from now on is refused in any case.
    again = build.submitted(city, scenario_name="另一场景")
    refuses(again, SwitchedOff, lambda: accept(city, again))
