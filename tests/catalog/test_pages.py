"""The gates walked by hand: every page, every button, and nothing for strangers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.catalog.conftest import walk

pytestmark = pytest.mark.django_db


def desk(dataset, step="desk"):
    return reverse(f"portal:dataset_{step}", args=[dataset.id])


def test_a_dataset_is_led_to_its_publication_by_hand(client, city, draft, clean_file):
    def post(person, step, **entries):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(desk(draft)).content.decode()
        assert desk(draft, step) in page, step
        response = client.post(desk(draft, step), entries)
        assert response.status_code == 302, response.content.decode()[-2000:]

    with clean_file.open("rb") as file:
        post(city.officer, "rows", file=file)
    post(city.officer, "classify", openness="CONDITIONAL", reason_code="HIGH_SECURITY")
    post(city.officer, "scan")
    assessment = {
        "threats": "批量抓取",
        "aggregation_risk": "汇聚",
        "likelihood": "2",
        "impact": "2",
        "controls": "限额",
        "residual_level": "L2",
        "assessor": "测评中心",
        "valid_until": "2099-01-01",
    }
    post(city.officer, "assess", **assessment)
    post(city.reviewer, "secrecy", passes="yes", opinion="不涉密")
    post(city.officer, "preview")
    post(city.leader, "publish")
    draft.refresh_from_db()
    assert draft.state == "PUBLISHED"
    post(city.supervisor, "suspend", reason="核查")
    post(city.supervisor, "resume", reason="已核查")
    page = client.get(reverse("portal:dataset", args=[draft.code])).content.decode()
    assert "DT1-01" in page


def test_a_wrong_entry_keeps_what_was_typed_and_changes_nothing(client, city, draft):
    client.force_login(city.officer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        desk(draft, "classify"), {"openness": "UNCONDITIONAL", "reason_code": "OTHER"}
    )
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


def test_a_step_is_not_shown_to_those_who_may_not_take_it(client, city, draft, clean_file):
    walk(draft, city, until="RISK_ASSESSED", file=clean_file)
    client.force_login(city.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert desk(draft, "secrecy") not in client.get(desk(draft)).content.decode()
    assert client.get(desk(draft, "secrecy")).status_code == 409
    client.force_login(city.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(desk(draft, "secrecy")).status_code == 200


def test_a_visitor_is_sent_to_the_sign_in_and_a_stranger_finds_nothing(client, city, draft):
    assert client.get(desk(draft)).status_code == 302
    from tests.catalog.conftest import hire

    person = hire(city.platform, "PLATFORM_OPS", "ops")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(desk(draft)).status_code == 200
    assert client.post(desk(draft, "publish")).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "DRAFT"
    client.force_login(city.leader, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("portal:opening_list")).status_code == 200
    assert draft.title in client.get(reverse("portal:opening_list")).content.decode()


def test_the_work_list_names_what_waits(city, draft, clean_file):
    from tests.conftest import NOON
    from workflow import inbox

    waiting = inbox.waiting_for(city.officer, at=NOON, name="catalog.classify")
    assert [item.number for item in waiting] == ["D14"]
    walk(draft, city, until="RISK_ASSESSED", file=clean_file)
    assert inbox.waiting_for(city.reviewer, at=NOON)[0].duty == "catalog.review_secrecy"
    assert not inbox.waiting_for(city.officer, at=NOON)
