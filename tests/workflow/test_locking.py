"""Locking a subject and asking the rights on it at once gives what asking one by one gives."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import Forbidden
from core.fsm import AS_LOCKED
from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import audit, policy, transitions
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
SEE, ASSIGN = "harbor.see_request", "harbor.assign_request"


def locked(pk, actor, step: str | None = "assign"):
    return transitions.lock(BerthRequest, pk, actor=actor, see=SEE, step=step)


@transitions.action
def assign(*, pk, actor, step: str | None = "assign"):
    subject = locked(pk, actor, step)
    return transitions.perform(subject, "assign", actor=actor, at=NOON, berth="A1")


class TestLock:
    def test_gives_the_row_to_who_may_see_it(self, filed, master, captain):
        with transaction.atomic():
            assert locked(filed.pk, master) == filed
            assert locked(filed.pk, captain) == filed

    def test_gives_a_stranger_no_more_than_a_row_that_is_not_there(self, filed, stranger):
        with transaction.atomic():
            assert locked(filed.pk, stranger) is None
            assert locked(uuid.uuid4(), stranger) is None

    def test_takes_the_key_as_text_too(self, filed, master):
        assert assign(pk=str(filed.pk), actor=master).state == "ASSIGNED"
        assert audit.verify().ok

    def test_a_step_needs_one_exchange_to_lock_and_ask_and_one_to_write(self, filed, master):
        with CaptureQueriesContext(connection, ) as queries, transaction.atomic():
            subject = locked(filed.pk, master)
            transitions.perform(subject, "assign", actor=master, at=NOON, berth="A1")
        sent = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
        assert len(sent) == 2, sent

    def test_leaves_the_same_record_as_a_step_that_asks_one_by_one(self, file_request, master):
        quick, slow = file_request("Quick"), file_request("Slow")
        assign(pk=quick.pk, actor=master)
        with transaction.atomic():
            subject = BerthRequest.objects.select_for_update().get(pk=slow.pk)
            transitions.perform(subject, "assign", actor=master, at=NOON, berth="A1")
        facts = AuditEntry.objects.filter(action="assign").values_list(
            "before", "after", "actor_id", "facts", "sequence"
        )
        assert len(facts) == 2
        assert facts[0] == facts[1]
        assert audit.verify().ok

    def test_refuses_who_may_see_but_not_do_and_puts_that_on_record(self, filed, captain):
        with pytest.raises(Forbidden):
            assign(pk=filed.pk, actor=captain)
        filed.refresh_from_db()
        assert filed.state == "FILED"
        outcomes = AuditEntry.objects.filter(subject_id=str(filed.pk), action="assign")
        assert list(outcomes.values_list("outcome", flat=True)) == ["REFUSED"]

    def test_separation_of_duties_is_asked_all_the_same(self, file_request, master):
        own = file_request("Own", by=master)
        with pytest.raises(Forbidden, match="You filed this request"):
            assign(pk=own.pk, actor=master)
        own.refresh_from_db()
        assert own.state == "FILED"


class TestWhatIsKeptOfTheAnswers:
    def test_an_answer_counts_for_the_person_who_was_asked_about_only(
        self, filed, master, captain
    ):
        with transaction.atomic():
            subject = locked(filed.pk, master)
            assert policy.holds(master, ASSIGN, subject)
            assert not policy.holds(captain, ASSIGN, subject)
            with pytest.raises(Forbidden):
                transitions.perform(subject, "assign", actor=captain, at=NOON, berth="A1")

    def test_a_right_that_is_given_after_the_lock_counts_at_once(self, filed, stranger):
        with transaction.atomic():
            policy.grant_person(SEE, person=stranger, subject=filed)
            subject = locked(filed.pk, stranger)
            assert not policy.holds(stranger, ASSIGN, subject)
            policy.grant_person(ASSIGN, person=stranger, subject=subject)
            assert policy.holds(stranger, ASSIGN, subject)
            transitions.perform(subject, "assign", actor=stranger, at=NOON, berth="A1")
        filed.refresh_from_db()
        assert filed.state == "ASSIGNED"

    def test_a_right_that_is_taken_after_the_lock_is_gone_at_once(self, filed, stranger):
        for permission in (SEE, ASSIGN):
            policy.grant_person(permission, person=stranger, subject=filed)
        with transaction.atomic():
            subject = locked(filed.pk, stranger)
            policy.withdraw_person(ASSIGN, person=stranger, subject=subject)
            assert not policy.holds(stranger, ASSIGN, subject)

    def test_a_step_reading_or_storing_forgets_them(self, file_request, master):
        def after(act):
            subject = locked(file_request().pk, master)
            assert AS_LOCKED in subject.__dict__
            act(subject)
            return AS_LOCKED in subject.__dict__

        with transaction.atomic():
            assert not after(lambda subject: subject.save())
            assert not after(lambda subject: subject.refresh_from_db())
            assert not after(
                lambda subject: transitions.perform(
                    subject, "assign", actor=master, at=NOON, berth="A1"
                )
            )

    def test_an_act_without_a_step_waits_for_no_chain(self, filed, master):
        with transaction.atomic():
            subject = locked(filed.pk, master, step=None)
            assert policy.holds(master, SEE, subject)
            transitions.perform(subject, "assign", actor=master, at=NOON, berth="A1")
        assert audit.verify().ok
