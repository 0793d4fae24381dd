"""A new draft from an old application. Source: docs/sources.md#application."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from applications import form
from applications.actions.access import ask_right, lock_application
from applications.actions.drafting import drop_unasked, store_draft
from applications.actions.files import copy_files
from applications.actions.items import choose_forms, clean_items
from applications.models import Application, ApplicationItem
from applications.queries import content_of
from catalog.models import Dataset
from workflow import audit, transitions

# A signature is for one text, and what is asked for has rows of its own.
NOT_COPIED = frozenset({"items", "commitments"})


@transitions.action
def copy_as_new(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """
    Begin a draft with the answers and files of an application in whatever state it is.

    Commitments are signed anew. Of the datasets those are taken over that are published under
    conditions today, with the fields and filters that their current version still has. A source
    that was ever submitted and its copy point to each other; a copy of a draft points nowhere.

    :raises NotFound: there is no such application for this actor.
    :raises Forbidden: the actor is not an agent of its applicant.
    Source: docs/sources.md#application.
    """
    source = lock_application(application_id=application_id, actor=actor)
    ask_right(source, "applications.edit_application", actor=actor)
    content = content_of(source)
    answers = {
        name: content[name]
        for section in form.SECTIONS
        for name in form.SECTION_FIELDS[section]
        if name not in NOT_COPIED
    }
    origin = source if source.number else None
    copy = store_draft(
        applicant=source.applicant,
        actor=actor,
        at=at,
        copied_from=origin,
        answers=dict(source.answers),
        **answers,
    )
    wanted = choose_forms(clean_items(still_open(content["items"])), at=at)
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=copy, **entry) for entry in wanted
    )
    drop_unasked(copy)
    copy_files(source, copy, actor=actor, at=at)
    if origin is not None:
        audit.record(origin, "copy_as_new", actor=actor, at=at, facts={"copy": str(copy.pk)})
    return copy


def still_open(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what can be asked for today of what was asked for then."""
    datasets = {
        d.code: {f.name for f in d.current_version.fields.all()} if d.current_version else set()
        for d in Dataset.objects.filter(
            code__in=[item["code"] for item in items],
            openness="CONDITIONAL",
            state="PUBLISHED",
        )
        .select_related("current_version")
        .prefetch_related("current_version__fields")
    }
    return [
        {
            **item,
            "fields": [name for name in item["fields"] if name in datasets[item["code"]]],
            "filters": {
                name: values
                for name, values in item["filters"].items()
                if name in datasets[item["code"]]
            },
        }
        for item in items
        if item["code"] in datasets
    ]
