"""The pages: from the open draft to the signed agreement, by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import Agreement, ChangeProposal, TermProfile
from core import clock
from parties.models import User
from tests.builders.contracts import SIGNED
from tests.builders.signing import equip, proof_of
from tests.contracts.conftest import Case

STAGE = "negotiating"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with clock.fixed(SIGNED):
        yield


def page(client: Client, who: User, route: str, *args: object) -> tuple[int, str]:
    """Return status and text of a page for somebody."""
    client.force_login(who)
    answer = client.get(reverse(f"portal:{route}", args=args))
    return answer.status_code, b"".join(answer).decode("utf-8", "replace")


def post(client: Client, who: User, route: str, *args: object, **data: object) -> tuple[int, str]:
    """Return status and text after a form was sent."""
    client.force_login(who)
    answer = client.post(reverse(f"portal:{route}", args=args), data)
    return answer.status_code, answer.content.decode("utf-8", "replace")


def entries(text: str) -> dict[str, str]:
    """Return what a form on a page would send."""
    found = {
        name: value
        for name, value in re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', text)
        if name != "csrfmiddlewaretoken"
    }
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def proof(who: Any) -> dict[str, str]:
    """Return what a person enters to prove it, at the present moment."""
    given = proof_of(who, at=clock.now())
    return {"password": given.password, "code": given.code}


def test_a_person_walks_from_the_draft_to_the_agreement_in_force(
    client: Client, case: Case
) -> None:
    city, agreement = case
    status, text = page(client, city.agent, "agreement_propose", agreement.pk)
    assert status == 200
    sent = entries(text) | {"retention__days": "7", "reason": "七日已足够"}
    assert post(client, city.agent, "agreement_propose", agreement.pk, **sent)[0] == 302
    proposal = ChangeProposal.objects.get(agreement=agreement)
    assert proposal.changes == {"retention": {"days": 7}}

    status, text = page(client, city.officer, "agreement_change", proposal.pk)
    assert status == 200
    assert "七日已足够" in text
    assert post(client, city.officer, "agreement_change_accept", proposal.pk)[0] == 302
    assert post(client, city.officer, "agreement_finalize", agreement.pk)[0] == 302
    for signer in (city.legal_rep, city.leader, city.second_leader):
        equip(signer)
        status, text = page(client, signer, "agreement_sign", agreement.pk)
        assert status == 200
        assert "留存不超过7日" in text
        sent = {"text_hash": entries(text)["text_hash"], "confirm": "on", **proof(signer)}
        assert post(client, signer, "agreement_sign", agreement.pk, **sent)[0] == 302

    now = Agreement.objects.get(pk=agreement.pk)
    assert now.state == Agreement.State.EFFECTIVE
    status, text = page(client, city.agent, "agreement", agreement.pk)
    assert (status, "履行中" in text) == (200, True)
    paper = now.documents.get(kind="SIGNED")
    assert page(client, city.agent, "agreement_paper", paper.pk)[1].startswith("%PDF")


def test_signing_needs_the_confirmation_and_the_present_text(client: Client, case: Case) -> None:
    city, agreement = case
    assert post(client, city.officer, "agreement_finalize", agreement.pk)[0] == 302
    known = Agreement.objects.get(pk=agreement.pk).text_hash

    assert post(client, city.legal_rep, "agreement_sign", agreement.pk, text_hash=known)[0] == 422
    sent = {"text_hash": "0" * 64, "confirm": "on", **proof(city.legal_rep)}
    status, text = post(client, city.legal_rep, "agreement_sign", agreement.pk, **sent)

    assert (status, "文本已变更" in text) == (409, True)
    assert not agreement.signatures.exists()


def test_a_change_below_the_floor_stays_on_the_form_with_its_reason(
    client: Client, case: Case
) -> None:
    city, agreement = case
    _status, text = page(client, city.agent, "agreement_propose", agreement.pk)
    sent = entries(text) | {"retention__days": "365", "reason": "希望更长"}

    status, text = post(client, city.agent, "agreement_propose", agreement.pk, **sent)

    assert (status, "retention.days" in text, "希望更长" in text) == (422, True, True)
    assert not ChangeProposal.objects.exists()


def test_strangers_find_nothing_and_others_no_form(client: Client, case: Case) -> None:
    city, agreement = case

    assert page(client, city.stranger, "agreement", agreement.pk)[0] == 404
    assert page(client, city.stranger, "agreement_sign", agreement.pk)[0] == 404
    assert page(client, city.legal_rep, "agreement_sign", agreement.pk)[0] == 409
    assert post(client, city.case, "agreement_suspend", agreement.pk, reason="试")[0] == 403
    assert page(client, city.stranger, "agreements")[1].count("WX-XY") == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(
    client: Client, case: Case, language: str
) -> None:
    city, agreement = case
    client.cookies["django_language"] = language
    profile = TermProfile.objects.get(dataset__code="D01")
    pages = [
        (city.agent, "agreements", ()),
        (city.agent, "agreement", (agreement.pk,)),
        (city.agent, "agreement_propose", (agreement.pk,)),
        (city.officer, "agreement_reopen", (agreement.pk,)),
        (city.legal_rep, "agreement_decline", (agreement.pk,)),
        (city.supervisor, "agreement_suspend", (agreement.pk,)),
        (city.supervisor, "agreement_resume", (agreement.pk,)),
        (city.decider, "agreement_terminate", (agreement.pk,)),
        (city.officer, "term_profiles", ()),
        (city.officer, "term_profile", (profile.pk,)),
        (city.officer, "term_profile_next", (profile.pk,)),
    ]

    for who, route, args in pages:
        status, text = page(client, who, route, *args)
        assert status == 200, route
        assert "style=" not in text


def test_the_next_version_of_a_profile_is_drafted_and_published_by_two_people(
    client: Client, case: Case
) -> None:
    city, _agreement = case
    first = TermProfile.objects.get(dataset__code="D01")
    _status, text = page(client, city.officer, "term_profile_next", first.pk)
    sent = entries(text) | {"retention__days": "10", "note": "收紧留存"}

    assert post(client, city.officer, "term_profile_next", first.pk, **sent)[0] == 302
    draft = TermProfile.objects.get(dataset__code="D01", version=2)
    assert draft.terms == first.terms | {"retention": {"days": 10}}
    post(client, city.officer, "term_profile_publish", draft.pk)
    assert TermProfile.objects.get(pk=draft.pk).state == "DRAFT"
    post(client, city.leader, "term_profile_publish", draft.pk)

    assert TermProfile.objects.get(pk=draft.pk).state == "PUBLISHED"
