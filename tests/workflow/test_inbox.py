"""The work list: only what is yours, each once, in a number of queries that does not grow."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import deadlines, glance, inbox, policy, transitions

pytestmark = pytest.mark.django_db


def describe(subject):
    return subject.vessel, str(subject.filed_by_id)


@pytest.fixture
def duty(monkeypatch) -> None:
    """Register two duties of the harbor for the time of one test."""
    monkeypatch.setattr(inbox, "_duties", {})
    for name, transition in (("assign", "assign"), ("release", "release")):
        inbox.register(
            f"harbor.{name}",
            title=name,
            model=BerthRequest,
            transitions=(transition,),
            route="portal:home",
            describe=describe,
        )


def waiting(actor):
    return [(i.duty, i.number) for i in inbox.waiting_for(actor, at=NOON)]


def test_a_duty_waits_for_the_desk_that_may_do_it_and_moves_on_with_the_state(
    duty, master, captain, stranger, filed
):
    assert waiting(master) == [("harbor.assign", "Dove")]
    assert waiting(captain) == waiting(stranger) == waiting(None) == []
    with transaction.atomic():
        transitions.perform(filed, "assign", actor=master, at=NOON, berth="7")
    assert waiting(master) == [("harbor.release", "Dove")]


def test_a_duty_from_which_a_barrier_keeps_you_does_not_wait(duty, master, file_request):
    file_request(by=master)
    assert waiting(master) == []


def test_a_right_of_your_own_counts_as_a_desk_does(duty, stranger, filed):
    policy.grant_person("harbor.release_request", person=stranger, subject=filed)
    assert waiting(stranger) == []
    policy.grant_person("harbor.assign_request", person=stranger, subject=filed)
    assert waiting(stranger) == [("harbor.assign", "Dove")]


def test_the_nearest_clock_comes_first_and_is_the_one_of_its_subject(
    duty, master, file_request
):
    late, soon = file_request("Late"), file_request("Soon")
    deadlines.install_rules([deadlines.Rule("berth", 3, "章程")], effective_on=NOON.date())
    with transaction.atomic():
        deadlines.start(soon, "berth", at=NOON)
    items = inbox.waiting_for(master, at=NOON)
    assert [(i.number, i.due_on is None) for i in items] == [("Soon", False), ("Late", True)]
    assert items[1].subject_id == str(late.pk)


def test_queries_grow_neither_with_subjects_nor_with_duties(
    duty, master, file_request, queries_of
):
    def look():
        return queries_of(lambda: inbox.waiting_for(master, at=NOON))

    file_request()
    one = look()
    for number in range(4):
        file_request(f"Dove {number}")
    assert look() == one
    for number in range(40):
        inbox.register(
            f"harbor.more_{number}",
            title="more",
            model=BerthRequest,
            transitions=("release",),
            route="portal:home",
            describe=describe,
        )
    assert look() == one <= 4


def test_whoever_holds_nothing_costs_one_query(duty, captain, filed, queries_of):
    assert queries_of(lambda: inbox.waiting_for(captain, at=NOON)) == 1


def test_a_glance_asks_once_and_forgets_afterwards():
    asked = []

    def fetch():
        asked.append(1)
        return len(asked)

    assert glance.once("key", fetch) == 1
    with glance.glancing():
        assert [glance.once("key", fetch), glance.once("key", fetch)] == [2, 2]
        with glance.glancing():
            assert glance.once("key", fetch) == 2
        assert glance.once("key", fetch) == 2
    assert glance.once("key", fetch) == 3
