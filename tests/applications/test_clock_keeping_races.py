"""Two people or two workers at one rule or one calendar: one act counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from applications import actions
from applications.models import CalendarImport, RuleProposal
from core.errors import DomainError, NotAllowedNow
from notify.models import Message
from tests.applications.calendar_support import (
    AT,
    approve,
    handed_in,
    late_case,
    lines_2027,
)
from tests.applications.test_clock_rules import propose, settle
from tests.builders import applications as build
from workflow.models import DeadlineChange, DeadlineRule

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_deciders_approve_at_once_and_one_version_is_made(together: Any) -> None:
    city = build.build_city()
    proposal = propose(city.case)
    results = together(
        lambda: settle(proposal, city.decider), lambda: settle(proposal, city.second_decider)
    )
    assert sorted(isinstance(r, NotAllowedNow) for r in results) == [False, True]
    assert DeadlineRule.objects.filter(kind="acceptance").count() == 2


def test_two_officers_propose_at_once_and_one_proposal_stands(together: Any) -> None:
    city = build.build_city()
    results = together(lambda: propose(city.case), lambda: propose(city.supervisor))
    assert sum(isinstance(r, RuleProposal) for r in results) == 1
    assert sum(isinstance(r, DomainError) for r in results) == 1
    assert RuleProposal.objects.count() == 1


def test_two_approve_one_calendar_at_once_and_it_is_applied_once(
    together: Any, tmp_path: Path
) -> None:
    city = build.build_city()
    late_case(city)
    found = handed_in(tmp_path, city.case)
    results = together(
        lambda: approve(found, city.decider), lambda: approve(found, city.supervisor)
    )
    assert sorted(isinstance(r, NotAllowedNow) for r in results) == [False, True]
    actions.apply_calendars(now=lambda: AT)
    assert DeadlineChange.objects.count() == 1


def test_of_two_calendars_approved_at_once_one_waits(together: Any, tmp_path: Path) -> None:
    city = build.build_city()
    one = handed_in(tmp_path, city.case)
    other = handed_in(tmp_path, city.case, lines=lines_2027()[:-1], name="other.csv")
    results = together(lambda: approve(one, city.decider), lambda: approve(other, city.supervisor))
    assert sorted(isinstance(r, DomainError) for r in results) == [False, True]
    assert CalendarImport.objects.filter(state="APPLYING").count() == 1


def test_two_workers_at_once_move_each_clock_and_tell_each_person_once(
    together: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.recomputing.BATCH_ROWS", 2)
    city = build.build_city()
    for number in range(5):
        late_case(city, scenario_name=f"场景{number}")
    found = handed_in(tmp_path, city.case)
    approve(found, city.decider)
    together(*[lambda: actions.apply_calendars(now=lambda: AT)] * 3)
    actions.apply_calendars(now=lambda: AT)
    found.refresh_from_db()
    assert (found.state, found.clocks_moved, found.clocks_done) == ("DONE", 5, 5)
    assert DeadlineChange.objects.count() == 5
    told = Message.objects.filter(recipient=city.agent, key__startswith=f"calendar.{found.pk}.")
    assert told.count() == 5
    assert Message.objects.filter(recipient=city.case, key=f"calendar.{found.pk}").count() == 1
