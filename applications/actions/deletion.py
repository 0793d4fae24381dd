"""A draft that was never handed in can be thrown away: its rows go, its record stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from applications.actions.access import ask_right, lock_application
from applications.models import Application
from applications.states import ApplicationState
from core.errors import NotAllowedNow
from workflow import audit, deadlines, outbox, transitions

RIGHT = "applications.edit_application"
ACT = "delete_draft"


@transitions.action
def delete_draft(*, application_id: UUID, actor: Any, at: datetime) -> None:
    """
    Throw away a draft that was never submitted, with everything that belongs to it.

    :raises NotFound: there is no such application for this actor.
    :raises Forbidden: the actor is not an agent of its applicant.
    :raises NotAllowedNow: it was submitted, or it was withdrawn.
    Source: docs/sources.md#application.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, RIGHT, actor=actor, act=ACT, at=at)
    if not is_untouched_by_office(application):
        attempt = transitions.Attempt(application, ACT, actor, at)
        raise transitions.refused(NotAllowedNow(), attempt)
    erase_draft(application, actor=actor, at=at)


def is_untouched_by_office(application: Application) -> bool:
    """Return whether a case is a draft that has never been handed in."""
    return application.state == ApplicationState.DRAFT and application.number is None


def erase_draft(application: Application, *, actor: Any, at: datetime) -> None:
    """
    Erase a locked draft; for actions that have asked whether it may be erased.

    What it held is gone. Its chain in the audit trail stays and ends with who erased it and how
    much there was; nothing that was written on the form is told there.
    """
    assert is_untouched_by_office(application), "only what was never handed in can be erased"
    facts = {
        "applicant": str(application.applicant_id),
        "drafted_by": str(application.drafted_by_id),
        "revision": application.revision,
        "files": sorted(application.files.values_list("content_hash", flat=True)),
        "datasets": list(
            application.items.order_by("dataset__code").values_list("dataset__code", flat=True)
        ),
    }
    audit.record(
        application, ACT, before=application.state, after="", actor=actor, at=at, facts=facts
    )
    outbox.emit(
        f"{application._meta.label_lower}.{ACT}", subject=application, at=at, facts=facts
    )
    deadlines.close_all(application, at=at)
    application.files.all().delete()
    application.delete()
