"""The way to more data: refused in a text in force, and led to the amendment of the application."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from contracts import actions, errors
from contracts.models import Agreement, ChangeProposal
from contracts.queries import compare_versions
from core import clock
from tests.builders.applications import day
from tests.builders.contracts import effective_agreement
from tests.builders.licensing import issued
from tests.builders.signing import proof_of

pytestmark = pytest.mark.django_db
LATER = day("2026-10-22")


def page(client: Client, who: object, agreement: Agreement) -> str:
    client.force_login(who)  # type: ignore[arg-type]
    with clock.fixed(LATER):
        answer = client.get(reverse("portal:agreement_negotiation", args=[agreement.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_text_in_force_is_not_negotiated_and_the_refusal_names_the_amendment() -> None:
    city, agreement, _licenses = issued()

    with pytest.raises(errors.InForce, match="变更申请"):
        actions.propose_change(
            agreement_id=agreement.pk,
            changes={"scope": {"datasets": [{"code": "D09"}]}},
            reason="还需要车辆数据",
            actor=city.agent,
            at=LATER,
        )

    assert not ChangeProposal.objects.exists()
    assert Agreement.objects.get(pk=agreement.pk).text_version == agreement.text_version


def test_its_page_begins_the_amendment_under_the_same_scenario(client: Client) -> None:
    city, agreement, _licenses = issued()
    begin = reverse("portal:application_child", args=[agreement.application_id])
    assert begin in page(client, city.agent, agreement)
    assert begin not in page(client, city.officer, agreement)

    client.force_login(city.agent)
    with clock.fixed(LATER):
        answer = client.post(begin, {"kind": "AMENDMENT"})

    child = Application.objects.get(parent_id=agreement.application_id)
    assert answer.status_code == 302
    assert (child.kind, child.state) == ("AMENDMENT", "DRAFT")
    assert child.scenario_name == agreement.terms["purpose"]["scenario_name"]


def test_before_a_license_is_in_force_the_page_says_why_it_cannot_begin(client: Client) -> None:
    city, agreement = effective_agreement()

    text = page(client, city.agent, agreement)

    assert reverse("portal:application_child", args=[agreement.application_id]) not in text
    assert "变更" in text
    assert "dd-barred" in text


def test_an_amendment_that_everybody_signed_is_a_version_beside_the_one_before() -> None:
    city, agreement, _licenses = issued()
    amendment = actions.propose_amendment(
        agreement_id=agreement.pk,
        changes={"retention": {"days": 7}},
        reason="缩短留存",
        actor=city.agent,
        at=LATER,
    )
    for who in (city.legal_rep, city.leader, city.second_leader):
        actions.sign_amendment(
            amendment_id=amendment.pk,
            text_hash=amendment.text_hash,
            proof=proof_of(who, at=LATER),
            actor=who,
            at=LATER,
        )

    page = compare_versions(agreement_id=agreement.pk, actor=city.officer)

    assert (page.old.number, page.new.number, page.new.cause) == (1, 2, "AMENDMENT")
    assert (page.new.text_hash, page.new.made_by) == (amendment.text_hash, city.agent.full_name)
    assert [one.key for one in page.clauses if one.status != "same"] == ["retention"]
