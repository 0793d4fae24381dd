"""A draft can be thrown away by its applicant, and by nobody else, and nothing else can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions, queries
from applications.actions.deletion import erase_draft
from applications.models import (
    AnswerFile,
    Application,
    ApplicationGroupPermission,
    ApplicationItem,
)
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties import queries as parties
from tests.applications.file_support import attach
from tests.applications.file_support import drafted as drafted_with_files
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow import audit
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

LATER = day("2026-12-01")


def delete(case: Application, actor: Any) -> None:
    """Delete a case as somebody."""
    actions.delete_draft(application_id=case.pk, actor=actor, at=LATER)


def rows_of(case: Application) -> int:
    """Return how many rows are left of a case."""
    return (
        Application.objects.filter(pk=case.pk).count()
        + ApplicationItem.objects.filter(application_id=case.pk).count()
        + ApplicationGroupPermission.objects.filter(content_object_id=case.pk).count()
    )


@pytest.mark.scenario(10)
def test_a_deleted_draft_is_gone_with_its_rows_and_its_record_stays(
    city: City, draft: Application
) -> None:
    key = str(draft.pk)
    assert rows_of(draft) > 2

    delete(draft, city.agent)

    draft.pk = key
    assert rows_of(draft) == 0
    with pytest.raises(NotFound):
        queries.case_page(application_id=draft.pk, actor=city.agent, at=LATER)
    with pytest.raises(NotFound):
        delete(draft, city.agent)
    last = AuditEntry.objects.filter(subject_id=key).latest("id")
    assert (last.action, last.before, last.after, last.actor_id, last.at) == (
        "delete_draft", "DRAFT", "", str(city.agent.pk), LATER,
    )  # fmt: skip
    assert last.facts["datasets"] == ["D01", "D07"]
    assert build.SCENARIO["purpose_text"] not in str(last.facts)
    assert audit.verify().ok


@pytest.mark.scenario(10)
def test_the_attachments_of_a_deleted_draft_are_gone(city: City) -> None:
    draft = drafted_with_files(city)
    file = attach(city, draft)
    key = draft.pk

    delete(draft, city.agent)

    assert not AnswerFile.objects.filter(pk=file.pk).exists()
    with pytest.raises(NotFound):
        queries.answer_file(file_id=file.pk, actor=city.agent)
    last = AuditEntry.objects.filter(subject_id=str(key)).latest("id")
    assert last.facts["files"] == [file.content_hash]
    assert file.name not in str(last.facts)


def returned(city: City) -> Application:
    """Return a case sent back for correction."""
    case = build.submitted(city)
    return actions.request_correction(
        application_id=case.pk,
        defects=[{"section": "usage", "item": "地区", "problem": "不具体", "required": "写明机房"}],
        actor=city.case,
        at=build.SUBMITTED,
    )


def dropped(city: City) -> Application:
    """Return a draft that was withdrawn without a number."""
    case = build.drafted(city)
    return actions.withdraw_application(
        application_id=case.pk, reason="", actor=city.agent, at=build.SUBMITTED
    )


@pytest.mark.scenario(10)
@pytest.mark.parametrize("build_case", [build.submitted, returned, build.reviewed, dropped])
def test_what_was_handed_in_or_withdrawn_cannot_be_deleted(
    city: City, build_case: Callable[[City], Application]
) -> None:
    case = build_case(city)
    before = rows_of(case)

    refuses(case, NotAllowedNow, lambda: delete(case, city.agent))

    assert rows_of(case) == before


@pytest.mark.scenario(10)
def test_the_office_can_never_delete(city: City, draft: Application) -> None:
    before = rows_of(draft)
    for who in (city.case, city.decider, city.ops, city.stranger):
        with pytest.raises(NotFound):
            delete(draft, who)
    assert rows_of(draft) == before

    case = build.submitted(city)
    for who in (city.case, city.decider, city.legal_rep):
        refuses(case, Forbidden, lambda who=who: delete(case, who))


def test_the_system_erases_a_draft_and_signs_for_it(city: City, draft: Application) -> None:
    key, actor = str(draft.pk), parties.system_actor()

    erase_draft(draft, actor=actor, at=LATER)

    assert not Application.objects.filter(pk=key).exists()
    last = AuditEntry.objects.filter(subject_id=key).latest("id")
    assert (last.action, last.actor_id) == ("delete_draft", str(actor.pk))


def test_a_submitted_case_is_never_erased_whoever_calls(city: City) -> None:
    case = build.submitted(city)

    with pytest.raises(AssertionError):
        erase_draft(case, actor=city.agent, at=LATER)

    assert Application.objects.filter(pk=case.pk).exists()
