"""What every action does first: lock the case, and ask authority before anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django_fsm import can_proceed

from applications.models import Application, ProviderBranch
from applications.queries.holding import delegation_to
from core.errors import Forbidden, NotAllowedNow, NotFound
from workflow import audit, policy, rows, transitions

# The rights of whoever has the case on the desk; a colleague on leave has them used by a delegate.
DESK_RIGHTS = frozenset(
    f"applications.{codename}"
    for codename in (
        "accept_application",
        "assign_reference",
        "consult_application",
        "hold_application",
        "manage_clock",
        "request_correction",
        "write_notes",
        "write_to_applicant",
    )
)


def lock_application(*, application_id: UUID, actor: Any) -> Application:
    """
    Lock one application for the rest of the transaction.

    :raises NotFound: there is none, or the actor may not see it.
    """
    found = transitions.lock(
        Application, application_id, actor=actor, see="applications.see_application"
    )
    if found is None:
        raise NotFound
    return found


def lock_branch(*, branch_id: UUID, actor: Any) -> ProviderBranch:
    """
    Lock one branch, its application first: everybody takes the two in this order.

    :raises NotFound: there is none, or the actor may not see it.
    """
    known = ProviderBranch.objects.filter(id=branch_id).first()
    if known is None or not policy.holds(actor, "applications.see_providerbranch", known):
        raise NotFound
    application = rows.lock(Application, known.application_id)
    branch = rows.lock(ProviderBranch, branch_id)
    if application is None or branch is None:
        raise NotFound
    branch.application = application
    return branch


def ask(subject: models.Model, name: str, *, actor: Any, at: datetime) -> None:
    """
    Ask authority and legality of a step before its guards are looked at.

    ``perform`` itself refuses, before it touches anything, so that the attempt is on record.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    permission = transitions.declared(type(subject), name).permission
    note_behalf(subject, permission, actor=actor, at=at)
    if not can_proceed(getattr(subject, name)) or not policy.may(actor, permission, subject):
        transitions.perform(subject, name, actor=actor, at=at)


def ask_right(
    subject: models.Model,
    permission: str,
    *,
    actor: Any,
    act: str = "",
    at: datetime | None = None,
) -> None:
    """
    Ask for a right that belongs to no transition; a refused ``act`` is put on record.

    :raises Forbidden: the actor does not hold it, or duties keep the actor from it.
    """
    if at is not None:
        note_behalf(subject, permission, actor=actor, at=at)
    held = policy.holds(actor, permission, subject)
    reason = policy.refusal(actor, permission, subject) if held else None
    if held and not reason:
        return
    error = Forbidden(reason) if held else policy.denial(actor, permission, subject)
    if act and at is not None:
        error.attempt = transitions.Attempt(subject, act, actor, at)  # type: ignore[attr-defined]
    raise error


def note_behalf(subject: models.Model, permission: str, *, actor: Any, at: datetime) -> None:
    """Have the rest of the action recorded for the absent colleague who holds the case."""
    if (
        permission not in DESK_RIGHTS
        or not isinstance(subject, Application)
        or subject.holder_id in (None, actor.pk)
    ):
        return
    absent = delegation_to(actor=actor, at=at).filter(absent_id=subject.holder_id).first()
    if absent is not None:
        audit.on_behalf_of.set(absent.absent.full_name)


def ask_state(application: Application, *states: str) -> None:
    """
    Ask that a case stands where work on it is possible.

    :raises NotAllowedNow: it stands elsewhere.
    """
    if application.state not in states:
        raise NotAllowedNow
