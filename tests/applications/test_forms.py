"""The form is data: versions, parts of datasets, answers kept and refused."""

from __future__ import annotations

from typing import Any

import pytest

from applications import actions, definition, first_form, form, queries
from applications.errors import CannotShareCase, FormIncomplete
from applications.models import Application
from core.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.applications.form_support import (
    answer,
    choice,
    field,
    publish,
    section,
    sign,
    submit,
)
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.datasets import D01_FIELDS, published_dataset

pytestmark = pytest.mark.django_db


def page(city: City, case: Application, actor: Any = None) -> queries.DraftPage:
    """Return the draft as the agent works on it."""
    return queries.draft_page(
        application_id=case.pk, actor=actor or city.agent, at=build.SUBMITTED
    )


def test_the_first_version_is_sound_and_binds_every_entry_of_the_procedure() -> None:
    assert definition.find_problems(content=first_form.CONTENT, general=True) == {}
    bound = {f["bind"] for f in definition.fields_of(first_form.CONTENT)}
    assert bound == set(definition.BINDABLE)


def test_who_edited_a_version_last_does_not_publish_it(city: City) -> None:
    draft = actions.draft_form(actor=city.case, at=build.SUBMITTED)
    refuses(
        draft,
        Forbidden,
        lambda: actions.publish_form(
            definition_id=draft.pk,
            effective_on=build.SUBMITTED.date(),
            actor=city.case,
            at=build.SUBMITTED,
        ),
    )
    assert draft.published_by is None


def test_one_version_is_drafted_at_a_time_and_by_the_authority_only(city: City) -> None:
    actions.draft_form(actor=city.case, at=build.SUBMITTED)
    with pytest.raises(Conflict):
        actions.draft_form(actor=city.case, at=build.SUBMITTED)
    with pytest.raises(Forbidden):
        actions.draft_form(actor=city.agent, dataset_code="D01", at=build.SUBMITTED)


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda c: c["sections"][0]["fields"].pop(0), "scenario_name"),
        (lambda c: c["sections"][0]["fields"][0].update(required=False), "scenario_name"),
        (lambda c: c["sections"][0]["fields"][1]["options"].pop(), "purpose_class"),
        (lambda c: c["sections"][0]["fields"].append(field("Bad key")), "Bad key"),
        (
            lambda c: c["sections"][2]["fields"].append(
                field("late", visible_when={"field": "nowhere", "values": ["x"]})
            ),
            "late",
        ),
        (lambda c: c["sections"].append(section("datasets", field("x"))), "datasets"),
    ],
)
def test_an_unsound_version_is_not_published(city: City, spoil: Any, name: str) -> None:
    draft = actions.draft_form(actor=city.case, at=build.SUBMITTED)
    spoil(draft.content)
    actions.edit_form(
        definition_id=draft.pk,
        content=draft.content,
        legal_basis="测试依据",
        actor=city.case,
        at=build.SUBMITTED,
    )
    error = refuses(
        draft,
        InvalidInput,
        lambda: actions.publish_form(
            definition_id=draft.pk,
            effective_on=build.SUBMITTED.date(),
            actor=city.decider,
            at=build.SUBMITTED,
        ),
    )
    assert list(error.fields) == [name]  # type: ignore[attr-defined]


def test_a_case_keeps_the_versions_it_began_with(city: City) -> None:
    before = build.drafted(city)
    publish(city, section("more", field("contact", required=True)))
    after = build.drafted(city)

    assert submit(city, before).state == "SUBMITTED"
    error = refuses(after, FormIncomplete, lambda: submit(city, after))
    assert list(error.fields) == ["more.contact"]  # type: ignore[attr-defined]


@pytest.mark.scenario(1)
def test_an_application_for_no_dataset_is_refused_by_name_and_nothing_is_stored(
    city: City,
) -> None:
    with pytest.raises(InvalidInput) as caught:
        actions.start_application(
            actor=city.agent, at=build.SUBMITTED, items=[], **build.SCENARIO
        )
    assert list(caught.value.fields) == ["items"]
    assert not Application.objects.exists()

    empty = actions.start_application(actor=city.agent, at=build.SUBMITTED, **build.SCENARIO)
    sign(city, empty)
    error = refuses(empty, FormIncomplete, lambda: submit(city, empty))
    assert list(error.fields) == ["datasets.items"]  # type: ignore[attr-defined]
    assert empty.number is None


def asked_for(code: str) -> dict[str, Any]:
    """Return a request for one field of a dataset."""
    return {"code": code, "fields": [], "filters": {}, "justification": ""}


@pytest.mark.scenario(2)
@pytest.mark.parametrize("code", ["D99", "D08", "D09"])
def test_an_unknown_or_closed_dataset_is_refused_by_name(city: City, code: str) -> None:
    from catalog import actions as catalog

    for closed in ("D08", "D09"):
        dataset = published_dataset(
            city.provider, city.officer, code=closed, title="停用数据", fields=D01_FIELDS
        )
        catalog.suspend_dataset(
            dataset_id=dataset.pk, reason="停用", actor=city.supervisor, at=build.SUBMITTED
        )
    with pytest.raises(InvalidInput) as caught:
        actions.start_application(
            actor=city.agent,
            at=build.SUBMITTED,
            items=[asked_for("D01"), asked_for(code)],
            **build.SCENARIO,
        )
    assert list(caught.value.fields) == [code]
    assert not Application.objects.exists()


@pytest.mark.scenario(3)
def test_one_case_carries_the_parts_of_its_datasets_once_each_after_the_general_part(
    city: City,
) -> None:
    shared = field("contact", "EMAIL")
    publish(city, section("people", shared), dataset="D01")
    publish(city, section("people", shared, field("phone", "PHONE")), dataset="D07")

    draft = build.drafted(city)

    seen = page(city, draft)
    assert [s.key for s in seen.sections] == [
        "datasets", "scenario", "usage", "security", "people", "commitments",
    ]
    keys = [f["key"] for f in definition.fields_of(seen.form)]
    assert keys[-2:] == ["contact", "phone"]
    assert len(keys) == len(set(keys))
    contact = next(f for f in definition.fields_of(seen.form) if f["key"] == "contact")
    assert contact["datasets"] == ["D01", "D07"]


@pytest.mark.scenario(3)
def test_datasets_whose_parts_contradict_are_refused_with_the_way_to_split_them(
    city: City,
) -> None:
    publish(city, section("people", field("contact", "EMAIL")), dataset="D01")
    publish(city, section("people", field("contact", "PHONE")), dataset="D07")

    with pytest.raises(CannotShareCase) as caught:
        build.drafted(city)
    assert caught.value.facts["groups"] == [["D01"], ["D07"]]
    assert "D01；D07" in str(caught.value)
    assert not Application.objects.filter(items__isnull=False).exists()


@pytest.mark.scenario(4)
def test_an_invalid_email_is_saved_with_a_warning_and_refused_at_submission(city: City) -> None:
    publish(city, section("people", field("contact", "EMAIL")))
    draft = answer(city, build.drafted(city), contact="not an address")

    seen = page(city, draft)
    assert seen.content["answers"] == {"contact": "not an address"}
    assert [(s, name) for s, name, _ in seen.warnings] == [("people", "contact")]
    error = refuses(draft, FormIncomplete, lambda: submit(city, draft))
    assert list(error.fields) == ["people.contact"]  # type: ignore[attr-defined]

    answer(city, draft, contact="agent@example.com")
    assert submit(city, draft).state == "SUBMITTED"


@pytest.mark.scenario(5)
def test_a_hidden_answer_is_not_stored_and_a_shown_required_one_is_asked_for(city: City) -> None:
    publish(
        city,
        section(
            "transfer",
            choice("onward", "YES", "NO"),
            field("receiver", required=True, visible_when={"field": "onward", "values": ["YES"]}),
        ),
    )
    draft = answer(city, build.drafted(city), onward="NO", receiver="某公司")
    assert draft.answers == {"onward": "NO"}

    answer(city, draft, onward="YES")
    error = refuses(draft, FormIncomplete, lambda: submit(city, draft))
    assert list(error.fields) == ["transfer.receiver"]  # type: ignore[attr-defined]

    answer(city, draft, receiver="某公司")
    assert submit(city, draft).answers == {"onward": "YES", "receiver": "某公司"}


@pytest.mark.scenario(6)
def test_only_the_agents_save_a_draft_and_only_the_applicant_reads_it(city: City) -> None:
    draft = build.drafted(city)

    def save(actor: Any) -> Any:
        return actions.edit_application(
            application_id=draft.pk, changes={"region": "境内"}, actor=actor, at=build.SUBMITTED
        )

    refuses(draft, Forbidden, lambda: save(city.legal_rep))
    for who in (city.case, city.supervisor, city.officer, city.stranger):
        refuses(draft, NotFound, lambda who=who: save(who))
        with pytest.raises(NotFound):
            page(city, draft, who)
    draft.refresh_from_db()
    assert draft.region == build.SCENARIO["region"]
    assert page(city, draft, city.legal_rep).id == draft.pk


@pytest.mark.scenario(9)
def test_after_submission_nothing_is_saved_any_more(city: City) -> None:
    from core.errors import NotAllowedNow

    case = build.submitted(city)
    for call in (
        lambda: actions.edit_application(
            application_id=case.pk, changes={"region": "x"}, actor=city.agent, at=build.SUBMITTED
        ),
        lambda: actions.set_items(
            application_id=case.pk, items=[], actor=city.agent, at=build.SUBMITTED
        ),
        lambda: sign(city, case),
    ):
        refuses(case, NotAllowedNow, call)
    assert case.items.count() == 2


@pytest.mark.scenario(50)
def test_editing_anything_after_the_signature_voids_it_until_it_is_signed_again(
    city: City,
) -> None:
    draft = build.drafted(city)
    actions.edit_application(
        application_id=draft.pk, changes={"region": "江苏"}, actor=city.agent, at=build.SUBMITTED
    )
    error = refuses(draft, FormIncomplete, lambda: submit(city, draft))
    assert set(error.fields) == {  # type: ignore[attr-defined]
        f"commitments.{code}" for code in form.COMMITMENTS
    }
    sign(city, draft)
    assert submit(city, draft).state == "SUBMITTED"


def test_saving_what_is_there_already_keeps_the_signature(city: City) -> None:
    draft = build.drafted(city)
    actions.edit_application(
        application_id=draft.pk,
        changes={"region": draft.region},
        actor=city.agent,
        at=build.SUBMITTED,
    )
    assert submit(city, draft).commitments["signer"] == city.agent.full_name


@pytest.mark.scenario(47)
def test_a_return_opens_the_named_section_of_a_part_and_nothing_else(city: City) -> None:
    from applications.errors import SectionLocked

    publish(city, section("people", field("contact", "EMAIL")), dataset="D01")
    case = submit(city, build.drafted(city))
    at = build.SUBMITTED

    def give_back(*sections: str) -> Any:
        return actions.request_correction(
            application_id=case.pk,
            defects=[
                {"section": s, "item": "x", "problem": "y", "required": "z"} for s in sections
            ],
            actor=city.case,
            at=at,
        )

    refuses(case, InvalidInput, give_back)
    refuses(case, InvalidInput, lambda: give_back("nowhere"))
    give_back("people")
    case.refresh_from_db()
    refuses(
        case,
        SectionLocked,
        lambda: actions.edit_application(
            application_id=case.pk, changes={"region": "x"}, actor=city.agent, at=at
        ),
    )
    locked = {s.key for s in page(city, case).sections if s.status == "locked"}
    assert locked == {"datasets", "scenario", "usage", "security"}

    answer(city, case, contact="agent@example.com")
    again = actions.resubmit_application(
        application_id=case.pk, answers={"1": "已补"}, actor=city.agent, at=at
    )
    assert (again.state, again.answers) == ("SUBMITTED", {"contact": "agent@example.com"})


def test_a_copy_takes_the_answers_its_own_version_asks_for(city: City) -> None:
    publish(city, section("more", field("contact"), field("old")))
    source = submit(city, answer(city, build.drafted(city), contact="周示例", old="x"))
    draft = actions.draft_form(actor=city.case, at=build.SUBMITTED)
    content = draft.content
    content["sections"][-1]["fields"].pop()
    actions.edit_form(
        definition_id=draft.pk, content=content, legal_basis="依据",
        actor=city.case, at=build.SUBMITTED,
    )
    actions.publish_form(
        definition_id=draft.pk, effective_on=build.SUBMITTED.date(),
        actor=city.decider, at=build.SUBMITTED,
    )

    made = actions.copy_as_new(application_id=source.pk, actor=city.agent, at=build.SUBMITTED)

    assert made.answers == {"contact": "周示例"}
    assert source.answers == {"contact": "周示例", "old": "x"}
