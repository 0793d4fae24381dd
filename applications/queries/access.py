"""The one door to a case: absent and not visible are the same answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from applications.models import Application
from applications.policies import works_for_the_applicant
from core.errors import NotFound
from workflow import glance, policy


def visible_applications(actor: Any, *, few: bool = False) -> QuerySet[Application]:
    """Return the applications an actor may see; ``few`` as ``policy.visible`` has it."""
    return policy.visible(actor, "applications.see_application", Application, few=few)


def visible_application(*, application_id: UUID, actor: Any) -> Application:
    """
    Return one application with the organizations around it; once a glance.

    :raises NotFound: there is none, or the actor may not see it.
    """
    key = ("applications.visible", getattr(actor, "pk", None), application_id)
    found = glance.once(key, lambda: _visible(application_id, actor))
    if found is None:
        raise NotFound
    return found


def _visible(application_id: UUID, actor: Any) -> Application | None:
    around = ("applicant", "authority", "platform", "committee", "handler", "decided_by")
    rows = visible_applications(actor, few=True).select_related(*around)
    return rows.filter(id=application_id).first()


def is_of_applicant(case: Application, *, actor: Any) -> bool:
    """
    Return whether a person reads a case from the applicant's side, whatever the desk there.

    Somebody with a desk on both sides reads it from the applicant's.
    """
    return (
        policy.holds(actor, "applications.withdraw_application", case)
        or works_for_the_applicant(actor, case) is not None
    )
