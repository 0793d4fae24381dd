"""The pages: from the open draft to the signed agreement, by hand."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import (
    Agreement,
    BaseTemplate,
    ChangeProposal,
    ClauseVersion,
    TermProfile,
)
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


def entries(text: str) -> dict[str, Any]:
    """Return what a form on a page would send."""
    found: dict[str, Any] = {
        name: value
        for tag, name, value in re.findall(
            r'(<input[^>]*name="(\w+)"[^>]*value="([^"]*)"[^>]*>)', text
        )
        if name != "csrfmiddlewaretoken" and 'type="checkbox"' not in tag
    }
    found |= boxes(text)
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', text, re.DOTALL)
    found |= {name: html.unescape(body) for name, body in areas}
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def boxes(text: str) -> dict[str, list[str]]:
    """Return what the ticked boxes of a form would send."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="checkbox"[^>]*>', text):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and " checked" in tag:
            found.setdefault(name[1], []).append(value[1])
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
        (city.officer, "term_profile_comment", (profile.pk,)),
        (city.case, "term_profile_send_back", (profile.pk,)),
        (city.case, "term_profile_new", (profile.dataset_id,)),
        (city.case, "library", ()),
        (city.case, "base_template", (BaseTemplate.objects.get(kind="P1").pk,)),
        (city.case, "clause", (ClauseVersion.objects.get(code="fee").pk,)),
        (city.case, "clause_next", (ClauseVersion.objects.get(code="fee").pk,)),
    ]

    for who, route, args in pages:
        status, text = page(client, who, route, *args)
        assert status == 200, route
        assert "style=" not in text


def test_the_next_version_of_a_profile_is_agreed_by_both_sides_and_published_by_a_third(
    client: Client, case: Case
) -> None:
    city, _agreement = case
    first = TermProfile.objects.get(dataset__code="D01")
    _status, text = page(client, city.officer, "term_profile_next", first.pk)
    sent = entries(text) | {"retention__days": "10", "note": "收紧留存"}
    _status, text = post(
        client, city.officer, "term_profile_next", first.pk, **sent, preview="1"
    )
    assert "留存与备份" in text
    assert TermProfile.objects.filter(dataset__code="D01").count() == 1

    assert post(client, city.officer, "term_profile_next", first.pk, **sent)[0] == 302
    draft = TermProfile.objects.get(dataset__code="D01", version=2)
    assert draft.terms == first.terms | {"retention": {"days": 10}}
    post(client, city.officer, "term_profile_propose", draft.pk)
    said = {"about": "retention", "text": "请说明理由"}
    assert post(client, city.case, "term_profile_comment", draft.pk, **said)[0] == 302
    assert "请说明理由" in page(client, city.officer, "term_profile", draft.pk)[1]
    back = post(client, city.case, "term_profile_send_back", draft.pk, reason="改为十二日")
    assert back[0] == 302
    _status, text = page(client, city.officer, "term_profile_edit", draft.pk)
    sent = entries(text) | {"retention__days": "12"}
    assert post(client, city.officer, "term_profile_edit", draft.pk, **sent)[0] == 302
    post(client, city.officer, "term_profile_propose", draft.pk)
    post(client, city.officer, "term_profile_agree", draft.pk)
    assert TermProfile.objects.get(pk=draft.pk).state == "PROPOSED"
    post(client, city.case, "term_profile_agree", draft.pk)
    post(client, city.officer, "term_profile_publish", draft.pk)
    assert TermProfile.objects.get(pk=draft.pk).state == "AGREED"
    post(client, city.leader, "term_profile_publish", draft.pk)

    row = TermProfile.objects.get(pk=draft.pk)
    assert (row.state, row.terms["retention"]) == ("PUBLISHED", {"days": 12})


@pytest.mark.parametrize("code", ["D01", "D07"])
def test_the_editor_gives_back_every_entry_it_was_given(
    client: Client, case: Case, code: str
) -> None:
    city, _agreement = case
    first = TermProfile.objects.get(dataset__code=code)
    who = city.officer if first.dataset.provider_id == city.provider.pk else city.second_officer
    _status, text = page(client, who, "term_profile_next", first.pk)
    sent = entries(text) | {"note": "原样", "term__months": "11"}

    assert post(client, who, "term_profile_next", first.pk, **sent)[0] == 302

    draft = TermProfile.objects.get(dataset__code=code, version=2)
    assert draft.terms == first.terms | {"term": {"months": 11}}


def test_a_conflict_is_shown_with_who_says_what_and_nothing_is_stored(
    client: Client, case: Case
) -> None:
    city, _agreement = case
    first = TermProfile.objects.get(dataset__code="D01")
    _status, text = page(client, city.officer, "term_profile_next", first.pk)
    sent = entries(text) | {"dispute__method": "ARBITRATION", "note": "仲裁"}

    _status, shown = post(
        client, city.officer, "term_profile_next", first.pk, **sent, preview="1"
    )
    status, refused = post(client, city.officer, "term_profile_next", first.pk, **sent)

    for text in (shown, refused):
        assert "协议模板" in text
        assert "仲裁" in text
        assert "相互排斥" in text
    assert status == 409
    assert TermProfile.objects.filter(dataset__code="D01").count() == 1


def test_a_clause_gets_its_next_version_from_two_people_and_shows_the_words_that_changed(
    client: Client, case: Case
) -> None:
    city, _agreement = case
    first = ClauseVersion.objects.get(code="retention")
    _status, text = page(client, city.case, "clause_next", first.pk)
    sent = entries(text) | {
        f"text_{n}": one["text"] for n, one in enumerate(first.paragraphs)
    }  # fmt: skip
    sent |= {"legal_basis": first.legal_basis, "note": "改进文字"}
    sent["text_1"] = sent["text_1"].replace("副本台账", "副本登记表")
    wrong = post(client, city.case, "clause_next", first.pk, **sent | {"text_2": "{retention.x}"})
    assert (wrong[0], "retention.x" in wrong[1]) == (422, True)
    assert ClauseVersion.objects.filter(code="retention").count() == 1

    assert post(client, city.case, "clause_next", first.pk, **sent)[0] == 302
    draft = ClauseVersion.objects.get(code="retention", version=2)
    assert draft.paragraphs[0] == first.paragraphs[0]
    post(client, city.case, "clause_publish", draft.pk)
    assert ClauseVersion.objects.get(pk=draft.pk).state == "DRAFT"
    post(client, city.decider, "clause_publish", draft.pk)

    _status, text = page(client, city.supervisor, "clause", draft.pk)
    assert ClauseVersion.objects.get(pk=draft.pk).state == "PUBLISHED"
    assert re.search(r"<del[^>]*>.*?台账</del><ins[^>]*>.*?登记表</ins>", text)
    assert page(client, city.officer, "clause", draft.pk)[0] == 404
    assert page(client, city.officer, "clause_next", first.pk)[0] == 404
