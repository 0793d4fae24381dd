"""The one road: authority, legality, record and event, or nothing at all."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from core.errors import DomainError, Forbidden, NotAllowedNow
from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import policy, transitions
from workflow.models import AuditEntry, Event

pytestmark = pytest.mark.django_db


@transitions.action
def assign(*, request_id, actor, berth="A1"):
    request = BerthRequest.objects.select_for_update(of=("self",), no_key=True).get(id=request_id)
    return transitions.perform(request, "assign", actor=actor, at=NOON, berth=berth)


def entries(subject):
    return list(
        AuditEntry.objects.filter(subject_id=str(subject.pk)).values_list("action", "outcome")
    )


class TestPerform:
    def test_moves_the_subject_and_leaves_a_record_and_an_event(self, filed, master):
        assign(request_id=filed.pk, actor=master)

        filed.refresh_from_db()
        assert (filed.state, filed.berth) == ("ASSIGNED", "A1")
        assert entries(filed) == [("create", "DONE"), ("assign", "DONE")]
        assert Event.objects.filter(name="harbor.berthrequest.assign").count() == 1

    def test_refuses_a_stranger_before_looking_at_the_state(self, filed, master, stranger):
        assign(request_id=filed.pk, actor=master)
        with pytest.raises(Forbidden):
            assign(request_id=filed.pk, actor=stranger)

    def test_refuses_a_wrong_state_and_changes_nothing(self, filed, master):
        assign(request_id=filed.pk, actor=master)
        with pytest.raises(NotAllowedNow):
            assign(request_id=filed.pk, actor=master, berth="B2")

        filed.refresh_from_db()
        assert filed.berth == "A1"
        assert Event.objects.filter(name="harbor.berthrequest.assign").count() == 1

    def test_a_refused_attempt_is_on_record_although_its_work_is_gone(self, filed, stranger):
        with pytest.raises(Forbidden):
            assign(request_id=filed.pk, actor=stranger)

        assert entries(filed) == [("create", "DONE"), ("assign", "REFUSED")]
        entry = AuditEntry.objects.get(outcome="REFUSED")
        assert (entry.actor_id, entry.facts) == (str(stranger.pk), {"code": "forbidden"})

    def test_a_refusal_inside_a_larger_action_is_recorded_once(self, filed, stranger):
        @transitions.action
        def larger():
            assign(request_id=filed.pk, actor=stranger)

        with pytest.raises(Forbidden):
            larger()
        assert entries(filed).count(("assign", "REFUSED")) == 1

    def test_separation_of_duties_keeps_a_holder_out_and_says_why(self, file_request, master):
        own = file_request(by=master)
        with pytest.raises(Forbidden, match="You filed this request"):
            assign(request_id=own.pk, actor=master)
        [offer] = transitions.offers(own, actor=master)
        assert (offer.name, offer.barred) == ("assign", "You filed this request.")

    def test_the_state_cannot_be_written_past_the_road(self, filed):
        with pytest.raises(AttributeError):
            filed.state = "ASSIGNED"

    def test_needs_an_open_transaction(self, transactional_db, file_request, master):
        with pytest.raises(AssertionError):
            transitions.perform(file_request(), "assign", actor=master, at=NOON, berth="A1")


class TestPolicy:
    def test_says_no_to_everybody_nobody_named(self, filed, stranger, captain):
        assert not policy.may(stranger, "harbor.see_request", filed)
        assert not policy.may(captain, "harbor.assign_request", filed)
        assert not policy.may(None, "harbor.see_request", filed)

    def test_a_superuser_flag_opens_nothing(self, filed, stranger):
        stranger.is_superuser = True
        assert not policy.may(stranger, "harbor.see_request", filed)

    def test_a_person_put_out_of_service_keeps_no_right(self, filed, master):
        master.is_active = False
        assert not policy.may(master, "harbor.assign_request", filed)

    def test_one_person_can_be_given_and_lose_a_right_on_one_subject(self, file_request, stranger):
        one, other = file_request("One"), file_request("Other")
        policy.grant_person("harbor.see_request", person=stranger, subject=one)
        assert set(policy.visible(stranger, "harbor.see_request", BerthRequest)) == {one}
        assert not policy.may(stranger, "harbor.see_request", other)
        policy.withdraw_person("harbor.see_request", person=stranger, subject=one)
        assert not policy.may(stranger, "harbor.see_request", one)

    def test_lists_show_exactly_what_may_be_seen(self, file_request, captain, stranger):
        mine = {file_request("One"), file_request("Two")}
        assert set(policy.visible(captain, "harbor.see_request", BerthRequest)) == mine
        assert not policy.visible(stranger, "harbor.see_request", BerthRequest).exists()

    def test_an_undeclared_permission_is_a_mistake_not_a_no(self, filed, master):
        with pytest.raises(KeyError):
            policy.may(master, "harbor.sink_request", filed)


@pytest.mark.django_db(transaction=True)
def test_two_masters_deciding_together_assign_one_berth(filed, master, second_master, together):
    results = together(
        lambda: assign(request_id=filed.pk, actor=master, berth="A1"),
        lambda: assign(request_id=filed.pk, actor=second_master, berth="B2"),
    )
    late = [r for r in results if isinstance(r, DomainError)]
    assert len(late) == 1
    assert isinstance(late[0], NotAllowedNow)
    assert sorted(entries(filed)) == [
        ("assign", "DONE"),
        ("assign", "REFUSED"),
        ("create", "DONE"),
    ]


def test_the_chain_refuses_two_entries_with_one_number(filed, master):
    entry = AuditEntry.objects.get(subject_id=str(filed.pk))
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
