"""What every action does first: lock the case, and ask authority before anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django_fsm import can_proceed

from applications.models import Application, ProviderBranch
from core.errors import Forbidden, NotAllowedNow, NotFound
from workflow import policy, rows, transitions


def lock_application(*, application_id: UUID, actor: Any) -> Application:
    """
    Lock one application for the rest of the transaction.

    :raises NotFound: there is none, or the actor may not see it.
    """
    found = rows.lock(Application, application_id)
    if found is None or not policy.holds(actor, "applications.see_application", found):
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
    if not can_proceed(getattr(subject, name)) or not policy.may(actor, permission, subject):
        transitions.perform(subject, name, actor=actor, at=at)


def ask_right(subject: models.Model, permission: str, *, actor: Any) -> None:
    """
    Ask for a right that belongs to no transition.

    :raises Forbidden: the actor does not hold it, or duties keep the actor from it.
    """
    if not policy.holds(actor, permission, subject):
        raise Forbidden
    reason = policy.refusal(actor, permission, subject)
    if reason:
        raise Forbidden(reason)


def ask_state(application: Application, *states: str) -> None:
    """
    Ask that a case stands where work on it is possible.

    :raises NotAllowedNow: it stands elsewhere.
    """
    if application.state not in states:
        raise NotAllowedNow
