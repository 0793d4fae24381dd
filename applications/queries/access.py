"""The one door to a case: absent and not visible are the same answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from applications.models import Application
from applications.policies import works_for_the_applicant
from core.errors import NotFound
from workflow import policy


def visible_applications(actor: Any) -> QuerySet[Application]:
    """Return the applications an actor may see."""
    return policy.visible(actor, "applications.see_application", Application)


def visible_application(*, application_id: UUID, actor: Any) -> Application:
    """
    Return one application with the organizations around it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    found = (
        visible_applications(actor)
        .select_related("applicant", "authority", "platform", "committee", "handler", "decided_by")
        .filter(id=application_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def is_of_applicant(case: Application, *, actor: Any) -> bool:
    """
    Return whether a person reads a case from the applicant's side, whatever the desk there.

    Somebody with a desk on both sides reads it from the applicant's.
    """
    return (
        policy.holds(actor, "applications.withdraw_application", case)
        or works_for_the_applicant(actor, case) is not None
    )
