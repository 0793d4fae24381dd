"""Many subjects on the one road: each has its own record and event, or nothing happened at all."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Forbidden, NotAllowedNow
from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import audit, outbox, transitions
from workflow.bulk import perform_all
from workflow.models import AuditEntry, Delivery, Event

pytestmark = pytest.mark.django_db


@transitions.action
def assign_all(*, requests, actor, berth="A1"):
    rows = BerthRequest.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[one.pk for one in requests]
    )
    return perform_all(list(rows.order_by("pk")), "assign", actor=actor, at=NOON, berth=berth)


@pytest.fixture
def three(file_request):
    return [file_request(vessel) for vessel in ("Dove", "Gull", "Tern")]


def states(requests):
    return set(
        BerthRequest.objects.filter(pk__in=[one.pk for one in requests]).values_list(
            "state", "berth"
        )
    )


def assigned():
    return AuditEntry.objects.filter(action="assign")


class TestPerformAll:
    def test_moves_every_subject_with_an_entry_and_an_event_of_its_own(self, three, master):
        assign_all(requests=three, actor=master)

        assert states(three) == {("ASSIGNED", "A1")}
        done = assigned().filter(outcome="DONE", before="FILED", after="ASSIGNED")
        assert set(done.values_list("subject_id", flat=True)) == {str(one.pk) for one in three}
        events = Event.objects.filter(name="harbor.berthrequest.assign")
        assert sorted(events.values_list("subject_id", flat=True)) == sorted(
            str(one.pk) for one in three
        )
        assert set(events.values_list("facts__berth", flat=True)) == {"A1"}

    def test_writes_the_same_entry_as_a_subject_that_goes_alone(self, three, master):
        alone, *others = three
        with transaction.atomic():
            locked = BerthRequest.objects.select_for_update().get(pk=alone.pk)
            transitions.perform(locked, "assign", actor=master, at=NOON, berth="A1")
        assign_all(requests=others, actor=master)

        single, *several = assigned().order_by("id")
        for entry in several:
            for name in ("action", "outcome", "before", "after", "actor_name", "at", "facts"):
                assert getattr(entry, name) == getattr(single, name), name
        assert audit.verify().ok

    def test_the_chains_go_on_and_hold(self, three, master):
        assign_all(requests=three, actor=master)
        with transaction.atomic():
            audit.seal(at=NOON)
            audit.record(three[0], "note", actor=master, at=NOON)

        chain = AuditEntry.objects.filter(subject_id=str(three[0].pk)).order_by("sequence")
        assert [entry.action for entry in chain] == ["create", "assign", "note"]
        assert audit.verify().ok

    def test_one_that_may_not_be_moved_keeps_all_where_they_are(self, three, master, captain):
        own = three[1]
        BerthRequest.objects.filter(pk=own.pk).update(filed_by=master)
        with pytest.raises(Forbidden, match="You filed this request"):
            assign_all(requests=three, actor=master)

        assert states(three) == {("FILED", "")}
        assert list(assigned().values_list("subject_id", "outcome")) == [(str(own.pk), "REFUSED")]
        assert not Event.objects.filter(name="harbor.berthrequest.assign").exists()

    def test_refuses_a_stranger_before_looking_at_any_state(self, three, master, stranger):
        assign_all(requests=three[:1], actor=master)
        with pytest.raises(Forbidden):
            assign_all(requests=three, actor=stranger, berth="B2")

        assert states(three) == {("ASSIGNED", "A1"), ("FILED", "")}

    def test_refuses_when_one_stands_elsewhere_and_moves_none(self, three, master):
        assign_all(requests=three[:1], actor=master)
        with pytest.raises(NotAllowedNow):
            assign_all(requests=three, actor=master, berth="B2")

        assert states(three[1:]) == {("FILED", "")}

    def test_nothing_to_move_writes_nothing(self, three, master):
        assert assign_all(requests=[], actor=master) == []
        assert not assigned().exists()

    def test_every_subscriber_gets_a_delivery_per_subject(self, three, master, monkeypatch):
        inline: list[str] = []
        monkeypatch.setitem(
            outbox._subscriptions,
            "harbor.berthrequest.assign",
            [
                outbox.Subscription("harbor.berthrequest.assign", "later", print, False),
                outbox.Subscription(
                    "harbor.berthrequest.assign",
                    "now",
                    lambda event, *, at: inline.append(event.subject_id),
                    True,
                ),
            ],
        )
        assign_all(requests=three, actor=master)

        assert sorted(inline) == sorted(str(one.pk) for one in three)
        waiting = Delivery.objects.filter(subscriber="later", status="PENDING")
        assert waiting.values("event__subject_id").distinct().count() == 3

    def test_takes_the_same_number_of_round_trips_for_two_as_for_twenty(
        self, file_request, master, queries_of
    ):
        few = [file_request(f"few {n}") for n in range(2)]
        many = [file_request(f"many {n}") for n in range(20)]
        of_few = queries_of(lambda: assign_all(requests=few, actor=master))

        assert queries_of(lambda: assign_all(requests=many, actor=master)) == of_few


@pytest.mark.django_db(transaction=True)
def test_a_set_and_a_single_step_on_one_of_it_leave_one_chain(three, master, together):
    def release_one():
        with transaction.atomic():
            one = BerthRequest.objects.select_for_update().get(pk=three[2].pk)
            return audit.record(one, "note", actor=master, at=NOON).sequence

    results = together(lambda: assign_all(requests=three, actor=master), release_one)

    assert not [r for r in results if isinstance(r, Exception)], results
    chain = AuditEntry.objects.filter(subject_id=str(three[2].pk)).order_by("sequence")
    assert [entry.sequence for entry in chain] == [1, 2, 3]
    assert audit.verify().ok


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=20).filter(lambda t: "\x00" not in t))
def test_the_hash_of_a_set_entry_covers_whatever_its_facts_say(text):
    from django.contrib.auth import get_user_model

    with transaction.atomic():
        system = get_user_model().objects.get(is_system=True)
        subjects = list(get_user_model().objects.filter(is_system=True))
        moved = [(one, "A", "B") for one in subjects]
        audit.record_all(moved, "note", actor=system, at=NOON, facts={"reason": text})
        entry = AuditEntry.objects.order_by("-id").first()
        assert entry.facts == audit.plain({"reason": text})
        assert entry.hash == audit.hash_of(entry)
        transaction.set_rollback(True)
