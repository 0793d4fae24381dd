"""Versions of the form for tests: one person drafts, another publishes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from applications import actions
from applications.models import Application, FormDefinition
from core import clock
from tests.builders import applications as build
from tests.builders.applications import City

LONG_AGO = build.day("2026-09-01")


def words(zh: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": zh, "en": zh}


def field(key: str, kind: str = "TEXT", **more: Any) -> dict[str, Any]:
    """Return a field with a label."""
    return {"key": key, "type": kind, "label": words(f"栏目{key}"), **more}


def choice(key: str, *values: str, kind: str = "OPTION", **more: Any) -> dict[str, Any]:
    """Return a field with options."""
    options = [{"value": value, "label": words(value)} for value in values]
    return field(key, kind, options=options, **more)


def section(key: str, *fields: dict[str, Any]) -> dict[str, Any]:
    """Return a section with its fields."""
    return {"key": key, "title": words(f"部分{key}"), "hint": words(""), "fields": list(fields)}


def publish(city: City, *sections: dict[str, Any], dataset: str = "") -> FormDefinition:
    """Publish a version: of a dataset the sections, of the general form its own and these."""
    draft = actions.draft_form(dataset_code=dataset, actor=city.case, at=LONG_AGO)
    own = [] if dataset else deepcopy(draft.content["sections"])
    actions.edit_form(
        definition_id=draft.pk,
        content={"sections": [*own, *sections]},
        legal_basis="测试依据",
        actor=city.case,
        at=LONG_AGO,
    )
    return actions.publish_form(
        definition_id=draft.pk,
        effective_on=clock.local_date(LONG_AGO),
        actor=city.decider,
        at=LONG_AGO,
    )


def answer(city: City, draft: Application, **answers: Any) -> Application:
    """Store answers of the agent, then sign the commitments anew."""
    actions.edit_application(
        application_id=draft.pk, changes={"answers": answers}, actor=city.agent, at=build.SUBMITTED
    )
    return sign(city, draft)


def sign(city: City, draft: Application) -> Application:
    """Sign every commitment of a draft."""
    from applications import form

    return actions.sign_commitments(
        application_id=draft.pk, codes=form.COMMITMENTS, actor=city.agent, at=build.SUBMITTED
    )


def submit(city: City, draft: Application) -> Application:
    """Submit a draft as the agent."""
    return actions.submit_application(
        application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
    )
