"""
Amendments and renewals: child cases of a granted one, under its scenario.

A child is a case like any other: form, checks, review, decision, agreement. What it may not do is
change the scenario. Source: domain T13, T16; docs/sources.md#amendment-and-renewal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from applications import form
from applications.actions.access import ask_right, lock_application
from applications.actions.copying import NOT_COPIED, still_open
from applications.actions.drafting import drop_unasked, store_draft
from applications.actions.files import copy_files
from applications.actions.items import choose_forms, clean_items
from applications.models import Application, ApplicationItem
from applications.queries import children, content_of, granted_scope
from workflow import audit, transitions


@transitions.action
def begin_child(
    *, application_id: UUID, kind: str, actor: Any, at: datetime
) -> Application:
    """
    Begin an amendment or a renewal of a granted case.

    ``kind`` is AMENDMENT or RENEWAL. The draft begins with the answers and the granted data of the
    parent, as far as they are open today, under the parent's scenario; it is signed anew.

    :raises NotGranted: the case was not granted, or nothing of it is in force any more.
    :raises UnderMeasure: a measure stands on a license of it.
    :raises ChildUnderWay: an amendment or a renewal of it is under way, or was granted.
    :raises OutsideWindow: a renewal is asked for too early or too late.
    :raises Forbidden: the actor is not an agent of its applicant.
    Source: domain T13, T16.
    """
    parent = lock_application(application_id=application_id, actor=actor)
    ask_right(parent, "applications.edit_application", actor=actor)
    problem = children.problem_of(parent, kind=kind, at=at)
    if problem is not None:
        raise problem
    content = content_of(parent)
    answers = {
        name: content[name]
        for section in form.SECTIONS
        for name in form.SECTION_FIELDS[section]
        if name not in NOT_COPIED
    }
    child = store_draft(
        applicant=parent.applicant,
        actor=actor,
        at=at,
        kind=kind,
        parent=parent,
        scenario_code=parent.scenario_code,
        answers=dict(parent.answers),
        **answers,
    )
    granted = {g.dataset_code: set(g.fields) for g in granted_scope(parent.pk)}
    asked = [
        {**item, "fields": [name for name in item["fields"] if name in granted[item["code"]]]}
        for item in content["items"]
        if item["code"] in granted
    ]
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=child, **entry)
        for entry in choose_forms(clean_items(still_open(asked)), at=at)
    )
    drop_unasked(child)
    copy_files(parent, child, actor=actor, at=at)
    audit.record(
        parent, "begin_child", actor=actor, at=at, facts={"child": str(child.pk), "kind": kind}
    )
    return child
