"""A licensee gets from the card to the key by hand; the platform reviews in between."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from licensing.models import ClientApplication, Credential, License
from tests.builders.applications import day
from tests.builders.licensing import Licensed, key_of

AT = day("2026-11-03")


@pytest.fixture(autouse=True)
def _story_time() -> Any:
    with clock.fixed(AT):
        yield


def browser(who: Any, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(route: str, pk: Any, *more: Any) -> str:
    return reverse(f"portal:{route}", args=[pk, *more])


def test_from_the_card_to_a_key_by_hand(stage: Licensed) -> None:
    agent, ops = browser(stage.city.agent), browser(stage.city.ops)
    card = page("license", stage.licenses["D01"].pk)
    assert stage.license("D01").number in agent.get(card).content.decode()

    answer = agent.post(
        page("client_new", stage.licenses["D01"].pk),
        {"name": "手工系统", "purpose": "核验", "ip_allow_list": "10.0.0.0/8\n"},
    )
    made = ClientApplication.objects.get(name="手工系统")
    assert answer.url == page("client", made.pk)

    assert "手工系统" in ops.get(reverse("portal:clients")).content.decode()
    ops.post(page("client_approve", made.pk))
    made.refresh_from_db()
    assert made.state == ClientApplication.State.APPROVED

    answer = agent.post(page("credential_request", made.pk))
    row = Credential.objects.get(client_application=made)
    assert answer.url == page("credential", row.pk)
    shown = agent.post(page("credential_issue", row.pk))
    assert shown.status_code == 200
    assert shown["Cache-Control"] == "no-store"
    row.refresh_from_db()
    assert f"dd_{row.prefix}_" in shown.content.decode()

    # A reload of the answer makes no second key, and no page shows the first one again.
    again = agent.post(page("credential_issue", row.pk))
    assert again.status_code == 302
    assert f"dd_{row.prefix}_" not in agent.get(page("credential", row.pk)).content.decode()


def test_a_supervisor_restricts_and_suspends_by_hand(stage: Licensed) -> None:
    supervisor, pk = browser(stage.city.supervisor), stage.licenses["D01"].pk
    facts = {"quota_percent": 50, "days": 30, "blocked_fields": ["capital"], "reason": "限制"}
    assert supervisor.post(page("license_restrict", pk), facts).status_code == 302
    assert stage.license("D01").restriction["blocked_fields"] == ["capital"]  # type: ignore[index]
    assert "capital" in supervisor.get(page("license", pk)).content.decode()
    assert supervisor.post(page("license_suspend", pk), {"reason": ""}).status_code == 422
    assert stage.license("D01").state == License.State.ACTIVE
    assert supervisor.post(page("license_suspend", pk), {"reason": "核查"}).status_code == 302
    assert stage.license("D01").state == License.State.SUSPENDED


def test_the_certificate_is_handed_over_as_stored(stage: Licensed) -> None:
    answer = browser(stage.city.agent).get(
        page("license_certificate", stage.licenses["D01"].pk, "original")
    )
    assert answer["Content-Type"] == "application/pdf"
    stored = stage.license("D01").documents.get(kind="ORIGINAL")
    assert answer.content == bytes(stored.file)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(stage: Licensed, language: str) -> None:
    secret = key_of(stage)
    agent, ops = browser(stage.city.agent, language), browser(stage.city.ops, language)
    license_id = stage.licenses["D01"].pk
    for url in (
        reverse("portal:licenses"),
        page("license", license_id),
        page("usage", license_id),
        page("client_new", license_id),
        page("client", stage.client.pk),
        page("credential", secret.credential_id),
        page("credential_revoke", secret.credential_id),
    ):
        assert agent.get(url).status_code == 200, url
    for url in (reverse("portal:clients"), reverse("portal:gates")):
        assert ops.get(url).status_code == 200, url


@pytest.mark.parametrize(
    "route", ["license", "usage", "license_suspend", "license_restrict", "client_new"]
)
def test_a_stranger_finds_nothing(stage: Licensed, route: str) -> None:
    answer = browser(stage.city.stranger).get(page(route, stage.licenses["D01"].pk))
    assert answer.status_code == 404
    assert stage.license("D01").number not in answer.content.decode()


def test_a_stranger_cannot_issue_or_end_a_key(stage: Licensed) -> None:
    secret = key_of(stage)
    stranger = browser(stage.city.stranger)
    stranger.post(page("credential_rotate", secret.credential_id))
    stranger.post(page("credential_revoke", secret.credential_id), {"reason": "x"})
    assert Credential.objects.get(pk=secret.credential_id).state == Credential.State.ACTIVE
    assert browser(stage.city.agent).get(reverse("portal:gates")).status_code == 403
