"""The page of switches: who opens it, and that a switch goes its whole way by buttons."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from oversight import queries as supervision
from portal.oversight.switches import ACT_NAMES
from tests.applications.test_switches import ACCEPT, BASIS, propose
from tests.builders.applications import ACCEPTED, City
from workflow.models import VerbSwitch

pytestmark = pytest.mark.django_db


def test_a_switch_is_proposed_approved_and_ended_by_buttons(city: City, client: Client) -> None:
    page = reverse("portal:switches")
    client.force_login(city.supervisor)
    with clock.fixed(ACCEPTED):
        entries = {"permission": ACCEPT, "reason": "系统升级", "legal_basis": BASIS}
        answer = client.post(reverse("portal:switch_new"), entries)
        assert answer.status_code == 302
        row = VerbSwitch.objects.get()
        shown = client.get(page).content.decode()
        assert BASIS in shown
        assert reverse("portal:switch_settle", args=[row.pk]) not in shown

        client.force_login(city.decider)
        assert reverse("portal:switch_settle", args=[row.pk]) in client.get(page).content.decode()
        client.post(reverse("portal:switch_settle", args=[row.pk]), {"answer": "approve"})
        row.refresh_from_db()
        assert row.state == "IN_FORCE"
        client.post(reverse("portal:switch_end", args=[row.pk]), {"reason": " "})
        row.refresh_from_db()
        assert row.state == "IN_FORCE"
        client.post(reverse("portal:switch_end", args=[row.pk]), {"reason": "完成"})
        row.refresh_from_db()
        assert row.state == "ENDED"


def test_a_refused_proposal_keeps_what_was_typed(city: City, client: Client) -> None:
    client.force_login(city.supervisor)
    entries = {
        "permission": "applications.draft_opinion", "reason": "暂停起草", "legal_basis": BASIS,
    }  # fmt: skip
    answer = client.post(reverse("portal:switch_new"), entries)
    assert answer.status_code == 422
    assert "暂停起草" in answer.content.decode()
    assert not VerbSwitch.objects.exists()


def test_a_stranger_sees_no_switch_and_no_way_to_make_one(city: City, client: Client) -> None:
    propose(city)
    client.force_login(city.stranger)
    shown = client.get(reverse("portal:switches")).content.decode()
    assert BASIS not in shown
    assert reverse("portal:switch_new") not in shown


def test_every_act_that_can_be_switched_off_has_a_name() -> None:
    assert {act.permission for act in supervision.switchable_acts()} == set(ACT_NAMES)
