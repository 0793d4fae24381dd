"""Two people at one clock: one act counts."""

from __future__ import annotations

from typing import Any

from applications import actions
from parties.roles import Role
from tests.applications.conftest import due
from tests.applications.test_time import REASON, ask, settle
from tests.builders import applications as build
from tests.builders.parties import person
from workflow.deadlines import ClockError
from workflow.models import ClockStop


def test_two_deciders_grant_at_once_and_the_limit_moves_once(together: Any) -> None:
    city = build.build_city()
    case = build.accepted(city)
    ask(case, city)
    results = together(
        lambda: settle(case, city.decider), lambda: settle(case, city.second_decider)
    )
    assert sorted(isinstance(r, ClockError) for r in results) == [False, True]
    assert due(case, "overall") == "2026-11-03"


def test_two_officers_stop_one_clock_at_once_and_it_is_stopped_once(together: Any) -> None:
    city = build.build_city()
    case = build.accepted(city)
    other = person(city.authority, Role.AUTHORITY_CASE, full_name="同事甲")

    def stop(actor: Any) -> Any:
        return lambda: actions.stop_clock(
            application_id=case.pk,
            kind="overall",
            reason=REASON,
            actor=actor,
            at=build.REVIEWED,
        )

    results = together(stop(city.case), stop(other))
    assert sorted(isinstance(r, ClockError) for r in results) == [False, True]
    assert ClockStop.objects.count() == 1
