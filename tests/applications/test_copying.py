"""A new draft begins with the answers of an old application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions, queries
from applications.errors import FormIncomplete
from applications.models import Application
from catalog import actions as catalog
from core.errors import Forbidden, NotFound
from parties.roles import Role
from tests.applications.file_support import attach
from tests.applications.file_support import drafted as drafted_with_files
from tests.applications.file_support import submitted as with_files
from tests.applications.form_support import field, publish, section
from tests.applications.support import refuses
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

LATER = day("2026-12-01")


def copy(city: City, case: Application, actor: Any = None) -> Application:
    """Copy a case as the applicant's agent, or as somebody else."""
    return actions.copy_as_new(
        application_id=case.pk, actor=actor or city.agent, at=LATER
    )


def withdrawn(city: City) -> Application:
    """Return a submitted case that was withdrawn."""
    case = build.submitted(city)
    return actions.withdraw_application(
        application_id=case.pk, reason="场景调整", actor=city.agent, at=build.SUBMITTED
    )


def rejected(city: City) -> Application:
    """Return a case that was decided against the applicant."""
    case = build.concluded(city, ballots=("AGAINST",) * 5)
    return actions.decide(
        application_id=case.pk,
        result="REJECTED",
        reasons="用途与范围不相称。",
        actor=city.decider,
        at=build.DECIDED,
    )


@pytest.mark.scenario(11)
@pytest.mark.parametrize("build_case", [build.submitted, withdrawn, build.reviewed, rejected])
def test_a_copy_holds_every_answer_but_the_signature_and_leaves_the_source_as_it_was(
    city: City, build_case: Callable[[City], Application]
) -> None:
    source = build_case(city)
    before = queries.content_of(source)
    state = source.state

    made = copy(city, source)

    wanted = {**before, "commitments": {}}
    assert queries.content_of(made) == wanted
    assert (made.state, made.number, made.scenario_code) == ("DRAFT", None, None)
    assert all(item.outcome is None for item in made.items.all())
    source.refresh_from_db()
    assert source.state == state
    assert queries.content_of(source) == before


def test_a_copy_cannot_be_submitted_before_its_commitments_are_signed(city: City) -> None:
    made = copy(city, build.submitted(city))

    error = refuses(
        made,
        FormIncomplete,
        lambda: actions.submit_application(application_id=made.pk, actor=city.agent, at=LATER),
    )
    assert "commitments.SCENARIO_ONLY" in error.fields  # type: ignore[attr-defined]


def test_a_submitted_source_and_its_copy_point_to_each_other(city: City) -> None:
    source = build.submitted(city)
    made = copy(city, source)

    seen = {"actor": city.agent, "at": LATER}
    assert [c.id for c in queries.case_page(application_id=source.pk, **seen).copies] == [made.pk]
    origin = queries.case_page(application_id=made.pk, **seen).copied_from
    assert origin is not None
    assert (origin.id, origin.number) == (source.pk, source.number)
    entry = AuditEntry.objects.get(subject_id=str(source.pk), action="copy_as_new")
    assert entry.facts == {"copy": str(made.pk)}


def test_the_handler_does_not_learn_of_a_copy_that_is_still_a_draft(city: City) -> None:
    source = build.submitted(city)
    copy(city, source)

    page = queries.case_page(application_id=source.pk, actor=city.case, at=LATER)
    assert page.copies == ()
    assert not page.may_copy
    assert "copy_as_new" not in {entry.action for entry in page.timeline}
    own = queries.case_page(application_id=source.pk, actor=city.agent, at=LATER)
    assert "copy_as_new" in {entry.action for entry in own.timeline}


@pytest.mark.scenario(11)
@pytest.mark.parametrize("handed_in", [True, False])
def test_a_copy_has_files_of_its_own_and_back_links_only_to_what_was_handed_in(
    city: City, handed_in: bool
) -> None:
    source = with_files(city) if handed_in else drafted_with_files(city)
    if not handed_in:
        attach(city, source)
    mine = list(source.files.all())
    agent = person(city.applicant, Role.APPLICANT_AGENT, full_name="同事")

    made = copy(city, source, agent)

    copied = list(made.files.all())
    assert [(f.field, f.name, f.content_hash, bytes(f.content)) for f in copied] == [
        (f.field, f.name, f.content_hash, bytes(f.content)) for f in mine
    ]
    assert {f.first_in for f in copied} == {None}
    assert {f.added_by for f in copied} == {agent}
    actions.delete_draft(application_id=made.pk, actor=agent, at=LATER)
    assert list(source.files.all()) == mine

    again = copy(city, source, agent)
    seen = {"actor": city.agent, "at": LATER}
    origin = queries.case_page(application_id=again.pk, **seen).copied_from
    links = queries.case_page(application_id=source.pk, **seen).copies
    assert (origin is not None, [c.id for c in links]) == (
        handed_in,
        [again.pk] if handed_in else [],
    )


@pytest.mark.scenario(11)
def test_a_copy_takes_no_file_that_its_form_does_not_ask_for(city: City) -> None:
    publish(city, section("papers", field("plan", "FILE")), dataset="D01")
    publish(city, section("more", field("other", "FILE")), dataset="D07")
    source = build.drafted(city)
    attach(city, source)
    attach(city, source, key="other")
    catalog.suspend_dataset(
        dataset_id=city.datasets[0].pk, reason="数据核查", actor=city.supervisor, at=LATER
    )

    made = copy(city, source)

    assert [f.field for f in made.files.all()] == ["other"]


def test_a_copy_of_a_draft_points_nowhere(city: City, draft: Application) -> None:
    made = copy(city, draft)

    assert made.copied_from is None
    assert queries.case_page(application_id=draft.pk, actor=city.agent, at=LATER).copies == ()
    assert not AuditEntry.objects.filter(subject_id=str(draft.pk), action="copy_as_new").exists()


def test_a_dataset_that_is_closed_by_now_is_left_out(city: City) -> None:
    source = build.submitted(city)
    catalog.suspend_dataset(
        dataset_id=city.datasets[0].pk, reason="数据核查", actor=city.supervisor, at=LATER
    )

    made = copy(city, source)

    assert [item.dataset.code for item in made.items.all()] == ["D07"]


def test_somebody_of_the_applicant_who_is_no_agent_is_refused(city: City) -> None:
    source = build.submitted(city)
    count = Application.objects.count()

    refuses(source, Forbidden, lambda: copy(city, source, city.legal_rep))
    assert Application.objects.count() == count


@pytest.mark.parametrize("who", ["stranger", "second_officer"])
def test_for_a_stranger_there_is_no_such_application(city: City, who: str) -> None:
    source = build.submitted(city)
    count = Application.objects.count()

    refuses(source, NotFound, lambda: copy(city, source, getattr(city, who)))
    assert Application.objects.count() == count


def test_the_button_on_the_case_leads_to_the_tasks_of_the_copy(city: City) -> None:
    source = build.submitted(city)
    agent, handler = Reader(city.agent), Reader(city.case)
    button = url("application_copy", source.pk)
    assert button in agent.get(url("application", source.pk))
    assert button not in handler.get(url("application", source.pk))

    answer = agent.post(button, at=LATER)

    made = Application.objects.get(copied_from=source)
    assert answer.headers["Location"] == url("application_tasks", made.pk)
    assert url("application", made.pk) in agent.get(url("application", source.pk), at=LATER)
    assert source.number in agent.get(url("application", made.pk), at=LATER)
