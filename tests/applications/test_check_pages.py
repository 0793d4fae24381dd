"""From the task list over the check page to the submission: what is said, and the way back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.models import Application
from applications.queries import draft_page, outstanding
from core import clock
from tests.applications.form_support import answer, field, publish, section
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="([^"]*return=check[^"]*)"')
PEOPLE = section("people", field("contact", "EMAIL"), field("plan", "LONG_TEXT", length_max=300))


def begun(city: City, **changes: Any) -> Application:
    """Return a draft in which little stands."""
    return actions.start_application(actor=city.agent, at=build.SUBMITTED, **changes)


def tasks_of(city: City, draft: Application) -> dict[str, str]:
    """Return the status of each section by key."""
    page = draft_page(application_id=draft.pk, actor=city.agent, at=build.SUBMITTED)
    return {one.key: one.status for one in page.sections}


def ask(city: City, draft: Application, key: str, values: dict[str, Any]) -> dict[str, str]:
    """Ask as the browser does when a field is left; return the problems by id."""
    place = url("application_fill_problems", draft.pk, key)
    answered = Reader(city.agent).post(place, values, status=200)
    return dict(json.loads(answered.content)["problems"])


class TestTaskList:
    def test_names_a_section_whose_entries_do_not_fit(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验", purpose_text="太短", region="无锡")

        assert tasks_of(city, draft) == {
            "datasets": "untouched",
            "scenario": "wrong",
            "usage": "begun",
            "security": "untouched",
            "commitments": "untouched",
        }
        shown = Reader(city.agent).get(url("application_tasks", draft.pk))
        for words in ("有问题", "填写中", "未开始", "暂不能开始"):
            assert words in shown

    def test_calls_a_short_reason_for_a_dataset_a_problem_and_a_missing_one_unfinished(
        self, city: City
    ) -> None:
        draft = begun(city, scenario_name="授信核验")
        item: dict[str, Any] = {"code": "D01", "fields": ["uscc"], "filters": {}}
        for text, status in (("", "begun"), ("太短", "wrong")):
            actions.set_items(
                application_id=draft.pk, items=[{**item, "justification": text}],
                actor=city.agent, at=build.SUBMITTED,
            )  # fmt: skip
            assert tasks_of(city, draft)["datasets"] == status
        shown = Reader(city.agent).get(url("application_fill", draft.pk, "datasets"))
        # Once the page showed the method of a dictionary in place of a problem.
        assert "请用一句话说明为何需要这些字段。" in shown
        assert "dict_items" not in shown

    def test_says_who_saved_last(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")

        assert city.agent.full_name in Reader(city.agent).get(url("application_tasks", draft.pk))
        page = draft_page(application_id=draft.pk, actor=city.agent, at=build.SUBMITTED)
        assert page.updated_by == city.agent.full_name

    def test_shows_what_was_not_returned_as_complete_and_closed(self, city: City) -> None:
        case = build.submitted(city)
        defect = {"section": "usage", "item": "等保证明", "problem": "过期", "required": "换证"}
        actions.request_correction(
            application_id=case.pk, defects=[defect], actor=city.case, at=day("2026-09-15")
        )

        shown = Reader(city.agent).get(url("application_tasks", case.pk), at=day("2026-09-16"))

        assert url("application_fill", case.pk, "usage") in shown
        assert url("application_fill", case.pk, "scenario") not in shown
        assert "本次补正未退回此部分" in shown


class TestCheckPage:
    def test_names_every_gap_with_a_link_to_its_entry(self, city: City) -> None:
        publish(city, PEOPLE)
        draft = answer(city, build.drafted(city), contact="not an address")
        actions.edit_application(
            application_id=draft.pk, changes={"region": ""}, actor=city.agent, at=build.SUBMITTED
        )
        agent = Reader(city.agent)

        links = LINK.findall(agent.get(url("application_check", draft.pk)))

        fill = {key: url("application_fill", draft.pk, key) for key in ("usage", "people")}
        assert f"{fill['usage']}?return=check#id_region" in links
        assert f"{fill['people']}?return=check#id_x_contact" in links
        for link in links:
            address, _hash, anchor = link.partition("#")
            assert not anchor or f'id="{anchor}"' in agent.get(address), link

    def test_refuses_an_unfinished_draft_with_a_summary_and_sends_nothing(
        self, city: City
    ) -> None:
        draft = begun(city, scenario_name="授信核验")
        entries = AuditEntry.objects.filter(outcome="DONE").count()

        answered = Reader(city.agent).post(
            url("application_check", draft.pk), status=422
        ).content.decode()

        assert "<title>错误：" in answered
        summary = answered[answered.index("data-focus"):answered.index("scenario-heading")]
        assert "申请暂不能提交" in summary
        place = url("application_fill", draft.pk, "scenario")
        assert f"{place}?return=check#id_purpose_text" in summary
        assert "有6项承诺尚未签署" in summary
        draft.refresh_from_db()
        assert (draft.state, draft.number) == ("DRAFT", None)
        assert AuditEntry.objects.filter(outcome="DONE").count() == entries

    def test_says_not_provided_for_what_is_empty(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")

        assert "未提供" in Reader(city.agent).get(url("application_check", draft.pk))

    def test_asks_the_database_nothing_for_the_list_of_gaps(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")
        page = draft_page(application_id=draft.pk, actor=city.agent, at=build.SUBMITTED)

        with CaptureQueriesContext(connection) as asked:
            assert len(outstanding(draft=page)) > 10
        assert not asked.captured_queries

    def test_a_section_opened_from_it_leads_back_to_where_one_stood(self, city: City) -> None:
        draft = build.drafted(city)
        agent, place = Reader(city.agent), url("application_fill", draft.pk, "usage")
        values = {k: v for k, v in build.SCENARIO.items() if isinstance(v, str | int)}

        assert "保存并返回核对" in agent.get(f"{place}?return=check")
        back = agent.post(f"{place}?return=check", values)
        assert back.url == url("application_check", draft.pk) + "#usage-heading"
        assert 'id="usage-heading"' in agent.get(back.url.partition("#")[0])
        stayed = agent.post(f"{place}?return=check", {**values, "stay": "1"})
        assert stayed.url == f"{place}?return=check"
        on = agent.post(place, values)
        assert on.url == url("application_fill", draft.pk, "security")

    def test_any_other_place_to_return_to_is_ignored(self, city: City) -> None:
        draft = build.drafted(city)
        place = url("application_fill", draft.pk, "security")

        left = Reader(city.agent).post(f"{place}?return=https://example.com/", {})

        assert left.url == url("application_fill", draft.pk, "commitments")


class TestProblemsOfAField:
    def test_are_those_of_a_save_and_of_a_submission_but_never_that_it_is_empty(
        self, city: City
    ) -> None:
        publish(city, PEOPLE)
        draft = begun(city, scenario_name="授信核验")

        scenario = ask(city, draft, "scenario", {"purpose_text": "太短", "scenario_name": ""})
        assert list(scenario) == ["id_purpose_text"]
        assert list(ask(city, draft, "usage", {"term_months": "99"})) == ["id_term_months"]
        people = ask(city, draft, "people", {"x_contact": "x@", "x_plan": "长" * 301})
        assert set(people) == {"id_x_contact", "id_x_plan"}
        assert ask(city, draft, "people", {"x_contact": "a@example.com"}) == {}

    def test_asking_stores_nothing(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")
        entries = AuditEntry.objects.count()

        ask(city, draft, "usage", {"region": "江苏省无锡市", "term_months": "6"})

        draft.refresh_from_db()
        assert (draft.region, draft.term_months, draft.revision) == ("", None, 0)
        assert AuditEntry.objects.count() == entries

    def test_only_who_may_write_is_answered(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")
        place = url("application_fill_problems", draft.pk, "usage")

        Reader(city.stranger).post(place, {"term_months": "99"}, status=404)
        Reader(city.legal_rep).post(place, {"term_months": "99"}, status=403)
        Reader(city.agent).post(url("application_fill_problems", draft.pk, "no"), status=404)
        Reader(city.agent).get(place, status=405)


class TestLongText:
    def test_counts_a_line_break_once_and_keeps_the_paragraphs(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")
        agent, place = Reader(city.agent), url("application_fill", draft.pk, "scenario")
        text = "\n".join(["段落内容十个汉字左右"] * 363)
        assert len(text) < 4_000 < len(text.replace("\n", "\r\n"))

        agent.post(place, {"scenario_name": "授信核验", "purpose_text": text.replace("\n", "\r\n")})

        draft.refresh_from_db()
        assert draft.purpose_text == text

    def test_says_its_limit_before_one_writes(self, city: City) -> None:
        publish(city, PEOPLE)
        draft = begun(city)
        agent = Reader(city.agent)

        assert "最多4,000字" in agent.get(url("application_fill", draft.pk, "scenario"))
        assert "最多300字" in agent.get(url("application_fill", draft.pk, "people"))

    def test_one_character_too_many_is_named_and_not_stored(self, city: City) -> None:
        draft = begun(city, scenario_name="授信核验")
        place = url("application_fill", draft.pk, "scenario")

        with clock.fixed(build.SUBMITTED):
            answered = Reader(city.agent).post(place, {"purpose_text": "长" * 4_001}, status=422)

        assert "长" * 4_001 in answered.content.decode()
        draft.refresh_from_db()
        assert draft.purpose_text == ""
