"""The negotiation by hand, without a script: forms, redlines, comments, versions."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts import actions
from contracts.models import Agreement, ChangeProposal, ClauseThread
from core import clock
from parties.models import User
from tests.builders.contracts import OPENED
from tests.contracts.conftest import Case
from tests.contracts.test_clauses import ELSEWHERE, NOTICE, OF_D07, SHORTER, accept, propose

STAGE = "negotiating"
pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with clock.fixed(OPENED):
        yield


def get(client: Client, who: User, route: str, key: Any, query: str = "") -> tuple[int, str]:
    client.force_login(who)
    answer = client.get(reverse(f"portal:{route}", args=[key]) + query)
    return answer.status_code, answer.content.decode()


def post(client: Client, who: User, route: str, key: Any, **data: Any) -> tuple[int, str]:
    query = data.pop("query", "")
    client.force_login(who)
    answer = client.post(reverse(f"portal:{route}", args=[key]) + query, data)
    return answer.status_code, answer.content.decode()


def sent(text: str) -> dict[str, Any]:
    """Return what the form on a page sends when nothing is touched."""
    form = text[text.index("<form method=\"post\" class=\"card"):]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or name.group(1) == "csrfmiddlewaretoken":
            continue
        if 'type="checkbox"' not in tag:
            found[name.group(1)] = unescape(value.group(1)) if value else ""
        elif " checked" in tag and value:
            found.setdefault(name.group(1), []).append(unescape(value.group(1)))
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def clause(text: str, key: str) -> str:
    """Return one clause of the page."""
    start = text.index(f'id="clause-{key}"')
    end = text.find('<section class="card dd-section"', start)
    return text[start : end if end > 0 else len(text)]


def plain(text: str) -> str:
    return unescape(TAGS.sub("", text))


def test_a_change_is_proposed_countered_and_accepted_by_hand(client: Client, case: Case) -> None:
    city, agreement = case
    status, text = get(client, city.agent, "agreement_propose", agreement.pk, "?clause=retention")
    form = sent(text)
    assert (status, set(form)) == (
        200, {"retention__days", "retention__backup_days", "text_version"},
    )  # fmt: skip
    form |= {"retention__days": "7", "reason": "七日足够"}
    assert post(
        client, city.agent, "agreement_propose", agreement.pk, query="?clause=retention", **form
    )[0] == 302
    first = ChangeProposal.objects.get()

    status, text = get(client, city.officer, "agreement_negotiation", agreement.pk)
    here = clause(text, "retention")
    assert status == 200
    assert '<del class="dd-removed">' in here
    assert '<ins class="dd-added">' in here
    assert "七日足够" in here
    assert "现在轮到您" in text
    assert reverse("portal:agreement_change_accept", args=[first.pk]) in here

    status, text = get(client, city.officer, "agreement_change_counter", first.pk)
    form = sent(text)
    # The form begins with what is proposed; the present value was 30.
    assert (status, form["retention__days"]) == (200, "7")
    form |= {"retention__days": "14", "reason": "备份周期十四日"}
    assert post(client, city.officer, "agreement_change_counter", first.pk, **form)[0] == 302
    second = ChangeProposal.objects.get(answers=first)

    status, text = get(client, city.agent, "agreement_change", second.pk)
    assert status == 200
    assert "七日足够" in text
    assert "备份周期十四日" in text
    assert post(
        client, city.agent, "agreement_change_accept", second.pk, text_version="1"
    )[0] == 302
    now = Agreement.objects.get(pk=agreement.pk)
    assert (now.terms["retention"]["days"], now.text_version) == (14, 2)

    status, text = get(client, city.officer, "agreement_versions", agreement.pk)
    assert status == 200
    assert "30" in "".join(re.findall(r"<del.*?</del>", text))
    assert "14" in "".join(re.findall(r"<ins.*?</ins>", text))
    assert "周示例" in text


def test_the_version_list_and_any_two_texts_can_be_compared(client: Client, case: Case) -> None:
    city, agreement = case
    accept(propose(agreement, city.agent, SHORTER), city.officer)
    accept(propose(agreement, city.agent, NOTICE), city.officer)

    _status, text = get(client, city.officer, "agreement_versions", agreement.pk, "?from=1&to=3")
    assert 'id="clause-retention"' in text
    assert 'id="clause-security"' in text
    _status, text = get(client, city.officer, "agreement_versions", agreement.pk, "?from=2&to=3")
    assert 'id="clause-retention"' not in text
    assert 'id="clause-security"' in text
    _status, text = get(client, city.officer, "agreement_versions", agreement.pk, "?to=2&show=all")
    assert 'id="clause-dispute"' in text
    for wrong in ("?from=7", "?from=1&to=9"):
        assert get(client, city.officer, "agreement_versions", agreement.pk, wrong)[0] == 404
    assert get(client, city.stranger, "agreement_versions", agreement.pk)[0] == 404


def test_a_declined_and_a_withdrawn_change_leave_the_list_of_what_waits(
    client: Client, case: Case
) -> None:
    city, agreement = case
    one, two = propose(agreement, city.agent, SHORTER), propose(agreement, city.agent, NOTICE)

    assert post(client, city.officer, "agreement_change_decline", one.pk, reason="不便")[0] == 302
    assert post(client, city.agent, "agreement_change_withdraw", two.pk, reason="")[0] == 302

    _status, text = get(client, city.agent, "agreement_negotiation", agreement.pk)
    assert "没有待答复的修改" in text
    assert {p.state for p in ChangeProposal.objects.all()} == {"DECLINED", "WITHDRAWN"}


def test_a_comment_for_both_sides_is_read_by_both_and_a_note_by_its_own_only(
    client: Client, case: Case
) -> None:
    city, agreement = case
    said = {"clause": "retention", "text": "十天可以吗", "audience": "all"}
    note = {"clause": "retention", "text": "底线是十四天", "audience": "own"}
    assert post(client, city.agent, "agreement_comment", agreement.pk, **said)[0] == 302
    assert post(client, city.agent, "agreement_comment", agreement.pk, **note)[0] == 302
    shared = ClauseThread.objects.get(is_internal=False)

    _status, text = get(client, city.officer, "agreement_negotiation", agreement.pk)
    assert "十天可以吗" in clause(text, "retention")
    assert "底线是十四天" not in text
    _status, text = get(client, city.legal_rep, "agreement_negotiation", agreement.pk)
    assert "底线是十四天" in clause(text, "retention")

    key = shared.pk
    assert post(client, city.officer, "agreement_thread_reply", key, text="可以")[0] == 302
    assert post(client, city.officer, "agreement_thread_resolve", key, again="0")[0] == 302
    assert ClauseThread.objects.get(pk=key).state == "RESOLVED"
    assert post(client, city.agent, "agreement_thread_resolve", key, again="1")[0] == 302
    assert ClauseThread.objects.get(pk=key).state == "OPEN"


def test_a_comment_without_words_stays_on_its_form(client: Client, case: Case) -> None:
    city, agreement = case

    status, _text = post(
        client, city.agent, "agreement_comment", agreement.pk, clause="retention", audience="all"
    )

    assert status == 422
    assert not ClauseThread.objects.exists()


def test_a_form_read_before_the_clause_changed_is_refused_and_keeps_what_was_typed(
    client: Client, case: Case
) -> None:
    city, agreement = case
    _status, text = get(client, city.agent, "agreement_propose", agreement.pk, "?clause=retention")
    form = sent(text) | {"retention__days": "20", "reason": "二十日较合适"}
    accept(propose(agreement, city.agent, SHORTER), city.officer)

    status, text = post(
        client, city.agent, "agreement_propose", agreement.pk, query="?clause=retention", **form
    )

    assert (status, "二十日较合适" in text) == (409, True)
    assert not ChangeProposal.objects.filter(state="OPEN").exists()


def test_what_would_widen_the_scope_is_refused_on_the_form_with_the_way_to_a_new_review(
    client: Client, case: Case
) -> None:
    city, agreement = case
    _status, text = get(client, city.agent, "agreement_propose", agreement.pk, "?clause=quota")
    form = sent(text) | {"quota__datasets__D01__per_month": "450000", "reason": "需要更多"}

    status, text = post(
        client, city.agent, "agreement_propose", agreement.pk, query="?clause=quota", **form
    )

    assert (status, "变更申请" in text) == (422, True)
    assert not ChangeProposal.objects.exists()
    _status, text = get(client, city.agent, "agreement_negotiation", agreement.pk)
    assert "需要更多数据或者改变用途" in text
    assert reverse("portal:application", args=[agreement.application_id]) in text
    assert "?clause=purpose" not in text


def test_a_provider_is_offered_its_own_datasets_and_fields_can_only_be_taken_away(
    client: Client, case: Case
) -> None:
    city, agreement = case

    _status, text = get(client, city.officer, "agreement_propose", agreement.pk, "?clause=quota")
    assert "quota__datasets__D01__per_month" in text
    assert "D07" not in text
    _status, text = get(client, city.officer, "agreement_propose", agreement.pk, "?clause=scope")
    form = sent(text)
    fields = form["scope__datasets__D01__fields"]
    assert set(fields) == set(agreement.floor["scope"]["datasets"][0]["fields"])
    form |= {"scope__datasets__D01__fields": fields[:3], "reason": "其余字段用不到"}
    assert post(
        client, city.officer, "agreement_propose", agreement.pk, query="?clause=scope", **form
    )[0] == 302

    proposal = ChangeProposal.objects.get()
    assert proposal.places == ["scope.D01"]
    [dataset] = proposal.changes["scope"]["datasets"]
    assert dataset == {"code": "D01", "fields": sorted(fields[:3])}


def test_every_clause_offers_a_form_that_changes_nothing_by_itself(
    client: Client, case: Case
) -> None:
    city, agreement = case
    _status, page = get(client, city.agent, "agreement_negotiation", agreement.pk)
    clauses = set(re.findall(r"\?clause=(\w+)", page))
    assert {"scope", "quota", "environment", "dispute", "term", "fee", "exit"} <= clauses
    assert len(clauses) >= 19

    for name in sorted(clauses):
        query = f"?clause={name}"
        status, text = get(client, city.agent, "agreement_propose", agreement.pk, query)
        assert status == 200, name
        form = sent(text) | {"reason": "试填"}
        status, text = post(
            client, city.agent, "agreement_propose", agreement.pk, query=query, **form
        )
        assert (status, "至少修改一项" in text) == (422, True), (name, plain(text)[-400:])
    assert not ChangeProposal.objects.exists()


def test_departures_and_locks_are_marked_at_their_clause(client: Client, case: Case) -> None:
    city, agreement = case
    accept(propose(agreement, city.agent, SHORTER), city.officer)
    elsewhere = propose(agreement, city.agent, ELSEWHERE)
    accept(elsewhere, city.officer)
    accept(elsewhere, city.second_officer)

    _status, text = get(client, city.officer, "agreement_negotiation", agreement.pk)

    retention, dispute = plain(clause(text, "retention")), plain(clause(text, "dispute"))
    assert "已锁定" in retention
    assert "比模板更严" in retention
    assert "P1-V1" in retention
    assert "已锁定" not in dispute
    assert "与模板不同" in dispute


def test_buttons_are_there_for_those_who_are_asked_only(client: Client, case: Case) -> None:
    city, agreement = case
    proposal = propose(agreement, city.agent, OF_D07)
    accepting = reverse("portal:agreement_change_accept", args=[proposal.pk])
    withdrawing = reverse("portal:agreement_change_withdraw", args=[proposal.pk])

    def offered(who: User) -> tuple[bool, bool]:
        text = get(client, who, "agreement_negotiation", agreement.pk)[1]
        return accepting in text, withdrawing in text

    assert offered(city.second_officer) == (True, False)
    assert offered(city.officer) == (False, False)
    assert offered(city.legal_rep) == (False, True)
    assert offered(city.case) == (False, False)
    assert post(client, city.officer, "agreement_change_accept", proposal.pk)[0] == 302
    assert ChangeProposal.objects.get().state == "OPEN"


def test_the_text_is_closed_as_it_was_read(client: Client, case: Case) -> None:
    city, agreement = case
    accept(propose(agreement, city.agent, SHORTER), city.officer)

    post(client, city.officer, "agreement_finalize", agreement.pk, text_version="1")
    assert Agreement.objects.get(pk=agreement.pk).state == "NEGOTIATING"
    post(client, city.officer, "agreement_finalize", agreement.pk, text_version="2")
    assert Agreement.objects.get(pk=agreement.pk).state == "READY_TO_SIGN"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages_without_a_script_or_style_inside(
    client: Client, case: Case, language: str
) -> None:
    city, agreement = case
    client.cookies["django_language"] = language
    proposal = propose(agreement, city.agent, SHORTER)
    actions.comment_on_clause(
        agreement_id=agreement.pk, clause="fee", text="何时付款？", internal=False,
        actor=city.agent, at=OPENED,
    )  # fmt: skip

    for route, key in [
        ("agreement_negotiation", agreement.pk),
        ("agreement_versions", agreement.pk),
        ("agreement_comment", agreement.pk),
        ("agreement_change", proposal.pk),
        ("agreement_change_counter", proposal.pk),
        ("agreement_change_withdraw", proposal.pk),
    ]:
        status, text = get(client, city.officer, route, key)
        assert status == 200, route
        assert "style=" not in text
        assert "onclick" not in text


def test_the_page_asks_no_more_questions_for_more_proposals_and_comments(
    client: Client, case: Case, queries_of: Any
) -> None:
    city, agreement = case

    def asked() -> int:
        return queries_of(lambda: get(client, city.officer, "agreement_negotiation", agreement.pk))

    def busy(changes: dict[str, Any], clause: str) -> None:
        propose(agreement, city.agent, changes)
        actions.comment_on_clause(
            agreement_id=agreement.pk, clause=clause, text="请说明", internal=False,
            actor=city.agent, at=OPENED,
        )  # fmt: skip

    busy(SHORTER, "retention")
    asked()  # What is read once a process is read now.
    one = asked()
    busy(NOTICE, "security")
    busy(OF_D07, "quota")

    assert asked() == one
