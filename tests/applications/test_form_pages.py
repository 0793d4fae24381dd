"""The pages of a draft are drawn from the form definition."""

from __future__ import annotations

import pytest

from applications import actions
from tests.applications.form_support import answer, choice, field, publish, section, submit, words
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db

EXTRA = section(
    "people",
    field("contact", "EMAIL", help=words("白天能联系到的邮箱")),
    choice("shift", "DAY", "NIGHT"),
    field("systems", "TABLE", columns=[field("name", required=True), choice("kind", "APP", "DB")]),
    field("secret", private=True),
)


def test_a_section_of_a_definition_is_filled_without_script(city: City) -> None:
    publish(city, EXTRA)
    draft = build.drafted(city)
    agent, place = Reader(city.agent), url("application_fill", draft.pk, "people")

    shown = agent.get(place)
    assert "白天能联系到的邮箱" in shown
    assert 'name="x_systems-0-name"' in shown

    posted = {
        "x_contact": "wrong",
        "x_shift": "NIGHT",
        "x_systems-0-name": "授信系统",
        "x_systems-0-kind": "APP",
    }
    agent.post(place, posted)

    draft.refresh_from_db()
    assert draft.answers == {
        "contact": "wrong",
        "shift": "NIGHT",
        "systems": [{"name": "授信系统", "kind": "APP"}],
    }
    again = agent.get(place)
    assert 'value="wrong"' in again
    assert 'value="授信系统"' in again


def test_the_check_page_says_of_every_answer_what_it_is_or_that_there_is_none(city: City) -> None:
    publish(city, EXTRA)
    draft = answer(city, build.drafted(city), shift="DAY")

    shown = Reader(city.agent).get(url("application_check", draft.pk))

    assert "栏目contact" in shown
    assert "未提供" in shown
    assert "DAY" in shown


def test_the_words_of_a_version_reach_the_page_of_a_bound_section(city: City) -> None:
    draft = actions.draft_form(actor=city.case, at=build.SUBMITTED)
    draft.content["sections"][0]["fields"][0]["label"] = words("场景叫什么")
    actions.edit_form(
        definition_id=draft.pk, content=draft.content, legal_basis="依据",
        actor=city.case, at=build.SUBMITTED,
    )
    actions.publish_form(
        definition_id=draft.pk, effective_on=build.SUBMITTED.date(),
        actor=city.decider, at=build.SUBMITTED,
    )
    case = build.drafted(city)

    assert "场景叫什么" in Reader(city.agent).get(url("application_fill", case.pk, "scenario"))


@pytest.mark.scenario(26)
@pytest.mark.parametrize(
    ("declared", "reads"), [(None, False), ("亲属在申请单位任职", False), ("", True)]
)
def test_a_seat_shows_a_private_answer_only_once_no_interest_is_declared(
    city: City, declared: str | None, reads: bool
) -> None:
    publish(city, EXTRA)
    draft = answer(city, build.drafted(city), secret="不外传的内容")
    case = submit(city, draft)
    case = actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
    asked = city.members[0]
    actions.ask_opinion(
        application_id=case.pk,
        people=[asked.pk],
        question="范围是否相称？",
        actor=city.case,
        at=build.ACCEPTED,
    )
    for branch in case.branches.order_by("id"):
        build.answer_branch(city, branch)
    actions.pass_security_review(
        application_id=case.pk, assessment=build.ASSESSMENT, actor=city.security, at=build.SECURED
    )
    actions.seat_panel(
        application_id=case.pk,
        members=city.panel,
        chair=city.chair,
        actor=city.secretary,
        at=build.CONCLUDED,
    )
    if declared is not None:
        actions.declare_interest(
            application_id=case.pk, conflict=declared, actor=asked, at=build.CONCLUDED
        )

    for page in ("application", "application_file_room"):
        shown = Reader(asked).get(url(page, case.pk), at=build.CONCLUDED)
        assert ("不外传的内容" in shown) is reads, page


@pytest.mark.scenario(26)
def test_who_is_asked_for_an_opinion_never_reads_a_private_answer(city: City) -> None:
    publish(city, EXTRA)
    draft = answer(city, build.drafted(city), secret="不外传的内容", contact="a@example.com")
    case = submit(city, draft)
    case = actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
    asked = city.members[0]
    actions.ask_opinion(
        application_id=case.pk,
        people=[asked.pk],
        question="范围是否相称？",
        actor=city.case,
        at=build.ACCEPTED,
    )

    place = url("application", case.pk)
    assert "不外传的内容" in Reader(city.case).get(place, at=build.ACCEPTED)
    assert "不外传的内容" in Reader(city.agent).get(place, at=build.ACCEPTED)
    shown = Reader(asked).get(place, at=build.ACCEPTED)
    assert "a@example.com" in shown
    assert "不外传的内容" not in shown
