"""A drafted version of the form for tests, and what a page of its editor would send."""

from __future__ import annotations

import re
from typing import Any

from applications import actions, form_editing
from applications.models import FormDefinition
from tests.applications.conftest import acts_on
from tests.applications.form_support import choice, field, section
from tests.builders import applications as build
from tests.builders.applications import City

AT = build.SUBMITTED
WORDS = {"label_zh": "系统清单", "label_en": "Systems"}
PART = section(
    "people",
    choice("shift", "DAY", "NIGHT"),
    field("contact", "EMAIL", visible_when={"field": "shift", "values": ["NIGHT"]}),
    field("notes"),
)


def drafted(city: City, dataset: str = "") -> FormDefinition:
    """Return a version being drafted."""
    return actions.draft_form(dataset_code=dataset, actor=city.case, at=AT)


def revision_of(draft: FormDefinition) -> str:
    """Return the fingerprint of what is stored."""
    draft.refresh_from_db()
    return form_editing.fingerprint(content=draft.content, legal_basis=draft.legal_basis)


def edit(city: City, draft: FormDefinition, **changes: Any) -> FormDefinition:
    """Store a text of a version."""
    given = {"content": draft.content, "legal_basis": draft.legal_basis, "actor": city.case}
    return actions.edit_form(definition_id=draft.pk, at=AT, **(given | changes))


def fields_of(draft: FormDefinition, place: int = 0) -> list[dict[str, Any]]:
    """Return the stored fields of a section."""
    draft.refresh_from_db()
    found: list[dict[str, Any]] = draft.content["sections"][place]["fields"]
    return found


def entries(page: str) -> dict[str, str]:
    """Return what the hidden entries of a page would send."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def standing(draft: FormDefinition) -> tuple[Any, ...]:
    """Return what a refusal must leave as it was."""
    return revision_of(draft), draft.state, acts_on(draft), FormDefinition.objects.count()
