"""The outbox: an effect happens once, whatever crashes, and a dead letter is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from core.errors import NotFound
from tests.conftest import NOON
from tests.harbor.models import Effect
from workflow import outbox
from workflow.models import AuditEntry, Delivery

EVENT = "harbor.berthrequest.storm"


@pytest.fixture
def subscribe(monkeypatch):
    registry = {}
    monkeypatch.setattr(outbox, "_subscriptions", registry)

    def add(handler, name="harbor.react", inline=False):
        outbox.subscribe(EVENT, name=name, handler=handler, inline=inline)

    return add


def leave_effect(event, *, at):
    Effect.objects.create(event_id=event.id)


def fail(event, *, at):
    Effect.objects.create(event_id=event.id)
    raise RuntimeError("the crane is stuck")


def emit(subject):
    with transaction.atomic():
        return outbox.emit(EVENT, subject=subject, at=NOON, facts={})


@pytest.mark.django_db
class TestDelivery:
    def test_a_handler_runs_once_and_the_delivery_is_marked(self, filed, subscribe):
        subscribe(leave_effect)
        emit(filed)
        assert outbox.deliver_due(at=NOON) == 1
        assert outbox.deliver_due(at=NOON + timedelta(days=1)) == 0
        assert Effect.objects.count() == 1

    def test_a_failing_handler_leaves_no_effect_and_is_tried_later(self, filed, subscribe):
        subscribe(fail)
        emit(filed)
        assert outbox.deliver_due(at=NOON) == 0
        delivery = Delivery.objects.get()
        assert not Effect.objects.exists()
        assert "the crane is stuck" in delivery.last_error
        assert delivery.due_at > NOON
        assert delivery.status == "PENDING"

    def test_after_the_last_try_it_is_a_dead_letter_that_a_person_sends_again(
        self, filed, subscribe, master
    ):
        subscribe(fail)
        emit(filed)
        for days in range(settings.OUTBOX_ATTEMPTS_MAX + 2):
            outbox.deliver_due(at=NOON + timedelta(days=days))
        dead = Delivery.objects.get()
        assert (dead.status, dead.attempts) == ("DEAD", settings.OUTBOX_ATTEMPTS_MAX)

        outbox.redrive(delivery_id=dead.id, actor=master, at=NOON)
        dead.refresh_from_db()
        assert dead.status == "PENDING"
        assert AuditEntry.objects.filter(action="redrive", actor_id=str(master.pk)).exists()
        with pytest.raises(NotFound):
            outbox.redrive(delivery_id=dead.id, actor=master, at=NOON)

    def test_an_inline_subscriber_shares_the_commit_of_its_cause(self, filed, subscribe):
        subscribe(fail, inline=True)
        with pytest.raises(RuntimeError):
            emit(filed)
        assert not Effect.objects.exists()
        assert not Delivery.objects.exists()

    def test_nothing_is_delivered_before_it_is_due(self, filed, subscribe):
        subscribe(leave_effect)
        emit(filed)
        assert outbox.deliver_due(at=NOON - timedelta(seconds=1)) == 0


@pytest.mark.django_db(transaction=True)
class TestWorkers:
    def test_three_workers_on_one_delivery_make_one_effect(self, filed, subscribe, together):
        subscribe(leave_effect)
        emit(filed)
        results = together(*[lambda: outbox.deliver_due(at=NOON)] * 3)
        assert sorted(results) == [0, 0, 1]
        assert Effect.objects.count() == 1

    def test_a_crash_between_effect_and_mark_leaves_neither(self, filed, subscribe, monkeypatch):
        subscribe(leave_effect)
        emit(filed)

        class PowerCut(BaseException):
            """No handler of errors catches a power cut."""

        def cut(self, *args, **kwargs):
            raise PowerCut

        with monkeypatch.context() as crashing:
            crashing.setattr(Delivery, "save", cut)
            with pytest.raises(PowerCut):
                outbox.deliver_due(at=NOON)
        assert not Effect.objects.exists()

        assert outbox.deliver_due(at=NOON) == 0, "the lease still holds"
        later = NOON + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        assert outbox.deliver_due(at=later) == 1
        assert Effect.objects.count() == 1

    def test_a_worker_that_slept_past_its_lease_writes_nothing(self, filed, subscribe):
        subscribe(leave_effect)
        emit(filed)
        [(delivery_id, old_fence)] = outbox._claim(at=NOON, rows=1)
        later = NOON + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        assert outbox.deliver_due(at=later) == 1

        assert outbox._deliver(delivery_id, fence=old_fence, at=later) is False
        assert Effect.objects.count() == 1
