"""Whose turn it is: work list, list of agreements and pages say the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from contracts import actions
from contracts.models import Agreement
from contracts.queries import agreement_page, my_agreements, negotiation_page
from parties.models import User
from tests.builders.applications import City, day
from tests.builders.contracts import FINALIZED, OPENED, SIGNED, sign
from tests.contracts.conftest import Case
from tests.contracts.test_clauses import OF_D07, SHORTER, accept, counter, propose
from workflow import inbox

STAGE = "negotiating"
pytestmark = pytest.mark.django_db
ANSWER, CLOSE = "contracts.answer_change", "contracts.finalize"


def everybody(city: City) -> dict[str, User]:
    """Return those who may be waited for."""
    names = ("agent", "legal_rep", "officer", "leader", "second_officer", "second_leader", "case")
    return {name: getattr(city, name) for name in names}


def waited_for(city: City, agreement: Agreement, at: datetime) -> dict[str, set[str]]:
    """
    Return what waits for whom by the work list.

    On the way it asks that the list and both pages call it their turn for the same people.
    """
    found = {}
    for name, who in everybody(city).items():
        items = inbox.waiting_for(who, at=at)
        found[name] = {
            item.duty for item in items if item.number == agreement.number
        }
        [row] = my_agreements(actor=who, at=at).rows
        case = agreement_page(agreement_id=agreement.pk, actor=who, at=at)
        page = negotiation_page(agreement_id=agreement.pk, actor=who, at=at)
        assert row.turn == case.turn == page.turn
        assert row.turn.mine == row.waits_for_me == bool(found[name]), (name, found[name])
    return {name: duties for name, duties in found.items() if duties}


def in_turn(agreement: Agreement, who: User, at: datetime = OPENED) -> list[tuple[str, str]]:
    turn = negotiation_page(agreement_id=agreement.pk, actor=who, at=at).turn
    return [(one.name, one.act) for one in turn.parties]


def test_without_a_proposal_the_providers_close_the_text(case: Case) -> None:
    city, agreement = case

    assert waited_for(city, agreement, OPENED) == {
        "officer": {CLOSE}, "second_officer": {CLOSE}, "case": {CLOSE},
    }  # fmt: skip


def test_with_a_proposal_it_is_the_turn_of_those_asked_alone(case: Case) -> None:
    city, agreement = case
    proposal = propose(agreement, city.agent, OF_D07)

    assert waited_for(city, agreement, OPENED) == {
        "second_officer": {ANSWER}, "second_leader": {ANSWER},
    }  # fmt: skip
    assert in_turn(agreement, city.agent) == [("市自然资源规划局", "answer")]

    counter(proposal, city.second_officer, {"quota": {"datasets": {"D07": {"per_month": 9_500}}}})

    assert waited_for(city, agreement, OPENED) == {"agent": {ANSWER}, "legal_rep": {ANSWER}}


def test_who_has_accepted_waits_for_the_others(case: Case) -> None:
    city, agreement = case
    accept(propose(agreement, city.agent, SHORTER), city.officer)
    back = propose(agreement, city.agent, {"retention": {"days": 30}})
    accept(back, city.leader)

    assert waited_for(city, agreement, OPENED) == {
        "second_officer": {ANSWER}, "second_leader": {ANSWER},
    }  # fmt: skip


def test_one_answer_of_a_group_ends_the_turn_of_all_of_it(case: Case) -> None:
    city, agreement = case
    proposal = propose(agreement, city.agent, SHORTER)
    assert set(waited_for(city, agreement, OPENED)) == {
        "officer", "leader", "second_officer", "second_leader",
    }  # fmt: skip

    accept(proposal, city.second_officer)

    assert set(waited_for(city, agreement, OPENED)) == {"officer", "second_officer", "case"}


def test_the_closed_text_waits_for_signatures_one_party_after_the_other(case: Case) -> None:
    city, agreement = case
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
    assert set(waited_for(city, agreement, FINALIZED)) == {"legal_rep"}

    sign(agreement, city.legal_rep)
    assert set(waited_for(city, agreement, SIGNED)) == {"leader", "second_leader"}
    sign(agreement, city.leader)
    assert set(waited_for(city, agreement, SIGNED)) == {"second_leader"}
    sign(agreement, city.second_leader)

    assert waited_for(city, agreement, SIGNED) == {}
    assert in_turn(agreement, city.agent, SIGNED) == []


def test_says_since_when_and_how_many_working_days_are_left_to_sign(case: Case) -> None:
    city, agreement = case
    later = day("2026-10-19")
    proposal = actions.propose_change(
        agreement_id=agreement.pk, changes=SHORTER, reason="缩短", actor=city.agent, at=later
    )

    turn = negotiation_page(agreement_id=agreement.pk, actor=city.officer, at=later).turn

    assert {one.since for one in turn.parties} == {later}
    # Approved on Tuesday 13 October: 15 working days end on Tuesday 3 November.
    assert turn.clock is not None
    assert (turn.clock.due_on.isoformat(), turn.clock.remaining) == ("2026-11-03", 11)
    [item] = inbox.waiting_for(city.officer, at=later, name=ANSWER)
    assert (item.due_on, item.due_status) == (turn.clock.due_on, "normal")
    actions.decline_change(
        proposal_id=proposal.pk, reason="不改", actor=city.officer, at=day("2026-10-21")
    )
    turn = negotiation_page(agreement_id=agreement.pk, actor=city.officer, at=later).turn
    assert {one.since for one in turn.parties} == {day("2026-10-21")}


def test_the_list_asks_the_same_number_of_questions_however_many_there_are(
    case: Case, queries_of: Any
) -> None:
    city, agreement = case
    one = queries_of(lambda: my_agreements(actor=city.agent, at=OPENED))
    propose(agreement, city.officer, SHORTER)
    propose(agreement, city.officer, {"security": {"incident_notice_hours": 2}})

    assert queries_of(lambda: my_agreements(actor=city.agent, at=OPENED)) == one
