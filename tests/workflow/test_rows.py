"""Locking and storing one subject: what was read is what is written over, and nothing else."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django_fsm import ConcurrentTransition

from core.fsm import ROW_AS_READ
from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import rows, transitions
from workflow.models import AuditEntry, Event

pytestmark = pytest.mark.django_db


def stored(request):
    return BerthRequest.objects.values_list("state", "berth", "vessel").get(pk=request.pk)


class TestLock:
    def test_reads_the_row_as_the_orm_does(self, filed):
        with transaction.atomic():
            locked = rows.lock(BerthRequest, filed.pk)
        fresh = BerthRequest.objects.get(pk=filed.pk)
        for field in BerthRequest._meta.concrete_fields:
            assert getattr(locked, field.attname) == getattr(fresh, field.attname)
        assert not locked._state.adding

    def test_returns_none_for_a_row_that_is_not_there(self, filed):
        with transaction.atomic():
            assert rows.lock(BerthRequest, uuid.uuid4()) is None

    def test_reads_values_inside_json_as_values(self):
        from applications.models import Application
        from tests.builders.applications import build_city, submitted

        draft = submitted(build_city())
        with transaction.atomic():
            locked = rows.lock(Application, draft.pk)
        assert locked.security_plan == Application.objects.get(pk=draft.pk).security_plan
        assert isinstance(locked.security_plan, dict)


class TestStoring:
    def assign(self, subject, master, berth="A1"):
        return transitions.perform(subject, "assign", actor=master, at=NOON, berth=berth)

    def test_writes_what_changed_before_the_step_too(self, filed, master):
        with transaction.atomic():
            locked = rows.lock(BerthRequest, filed.pk)
            locked.vessel = "Heron"
            self.assign(locked, master)
        assert stored(filed) == ("ASSIGNED", "A1", "Heron")

    def test_leaves_alone_what_the_step_did_not_touch(self, filed, master):
        with transaction.atomic():
            locked = rows.lock(BerthRequest, filed.pk)
            BerthRequest.objects.filter(pk=filed.pk).update(vessel="Heron")
            self.assign(locked, master)
        assert stored(filed) == ("ASSIGNED", "A1", "Heron")

    def test_a_second_step_writes_back_what_the_first_one_changed(self, filed, master):
        with transaction.atomic():
            locked = rows.lock(BerthRequest, filed.pk)
            self.assign(locked, master)
            locked.release(at=NOON)
            assert ROW_AS_READ not in locked.__dict__
            locked.save()
        assert stored(filed) == ("RELEASED", "", "Dove")

    def test_a_row_that_was_saved_in_between_is_written_whole(self, filed, master):
        with transaction.atomic():
            locked = rows.lock(BerthRequest, filed.pk)
            locked.vessel = "Heron"
            locked.save()
            locked.vessel = "Dove"
            self.assign(locked, master)
        assert stored(filed) == ("ASSIGNED", "A1", "Dove")

    def test_a_value_changed_inside_json_is_written(self):
        from applications.models import Application
        from tests.builders.applications import build_city, submitted

        city = build_city()
        case = submitted(city)
        with transaction.atomic():
            locked = rows.lock(Application, case.pk)
            locked.security_plan["storage"] = "另存一处"
            statement, values = rows.store_statement(locked, was=locked.state)
        assert '"security_plan" = %s' in statement
        assert len(values) == 3

    def test_refuses_a_subject_that_left_its_state_and_writes_no_record(self, filed, master):
        def assign_what_moved():
            with transaction.atomic():
                locked = rows.lock(BerthRequest, filed.pk)
                BerthRequest.objects.filter(pk=filed.pk).update(state="RELEASED")
                self.assign(locked, master)

        with pytest.raises(ConcurrentTransition):
            assign_what_moved()

        assert stored(filed)[0] == "FILED"
        assert not AuditEntry.objects.filter(action="assign").exists()
        assert not Event.objects.filter(name="harbor.berthrequest.assign").exists()
