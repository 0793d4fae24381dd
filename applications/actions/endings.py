"""How a case ends or goes over into an agreement, and the clocks a person may stop."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from applications.actions.access import ask, ask_right, ask_state, lock_application
from applications.actions.branches import close_branches
from applications.errors import ObjectionOpen
from applications.models import Application
from core.errors import DomainError, InvalidInput
from parties import queries as parties
from workflow import deadlines, transitions
from workflow.models import ClockStop

logger = logging.getLogger(__name__)

# Clocks that may stand while others are heard. Source: domain §3.4, row "Clock stop".
STOPPABLE = ("overall", "provider_review", "security_review", "committee")
# Why an official may let a clock stand; returning a case and asking a question stop it themselves.
STOP_CAUSES = {
    str(value): label
    for value, label in ClockStop.Cause.choices
    if value not in (ClockStop.Cause.CORRECTION, ClockStop.Cause.CLARIFICATION)
}
SUBJECT_TYPE = Application._meta.label_lower


@transitions.action
def withdraw_application(
    *, application_id: UUID, actor: Any, at: datetime, reason: str = ""
) -> Application:
    """
    Withdraw an application before it is decided; all its clocks close.

    :raises NotAllowedNow: the decision has been taken.
    """
    application = lock_application(application_id=application_id, actor=actor)
    transitions.perform(application, "withdraw", actor=actor, at=at, reason=reason.strip())
    close_branches(application, at=at)
    deadlines.close_all(application, at=at)
    return application


@transitions.action
def begin_agreement(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """Note that the agreement is being made; for the system. Source: T11."""
    application = lock_application(application_id=application_id, actor=actor)
    return transitions.perform(application, "begin_agreement", actor=actor, at=at)


@transitions.action
def accept_decision(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """
    Take the data user's signature as acceptance of the decision; for the system.

    Who signs the agreement accepts its conditions, so the period for an objection ends here.

    :raises ObjectionOpen: an objection waits for its answer, so nothing can be signed.
    :raises NotAllowedNow: no agreement is being made.
    Source: domain T10, T12.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.advance_application", actor=actor)
    if application.state == Application.State.OBJECTION:
        raise ObjectionOpen
    ask_state(application, Application.State.AGREEMENT_STAGE)
    deadlines.close(application, "objection", at=at)
    return application


@transitions.action
def complete_application(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """Close a case whose agreement took effect; for the system."""
    application = lock_application(application_id=application_id, actor=actor)
    transitions.perform(application, "complete", actor=actor, at=at)
    deadlines.close_all(application, at=at)
    return application


@transitions.action
def lapse_unsigned(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """Close a case whose agreement was not signed in time; for the system."""
    application = lock_application(application_id=application_id, actor=actor)
    transitions.perform(application, "lapse_unsigned", actor=actor, at=at)
    deadlines.close_all(application, at=at)
    return application


@transitions.action
def stop_clock(
    *,
    application_id: UUID,
    kind: str,
    reason: str,
    actor: Any,
    at: datetime,
    cause: str = ClockStop.Cause.THIRD_PARTY,
) -> Application:
    """
    Stop a clock for one of STOP_CAUSES; days from then do not count.

    :raises InvalidInput: this clock cannot stand, the cause is unknown, or no reason is stated.
    :raises ClockError: it is not running, or stands already.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.manage_clock", actor=actor)
    _ask_clock(kind, reason)
    if cause not in STOP_CAUSES:
        raise InvalidInput(fields={"cause": _("Choose one of the offered values.")})
    deadlines.stop(
        application, kind, cause=cause, reason=reason.strip(), actor=actor, at=at
    )
    return application


@transitions.action
def resume_clock(*, application_id: UUID, kind: str, actor: Any, at: datetime) -> Application:
    """
    Let a stopped clock run again.

    :raises ClockError: the clock does not stand.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.manage_clock", actor=actor)
    deadlines.resume(application, kind, actor=actor, at=at)
    return application


def lapse_overdue(*, at: datetime) -> int:
    """
    End what ran out: corrections, signatures, periods for an objection.

    Each case is one transaction of its own; returns how many were ended.
    """
    ended = 0
    for deadline in deadlines.overdue(at=at, kinds=("correction", "signing", "objection")):
        if deadline.subject_type != SUBJECT_TYPE:
            continue
        try:
            ended += _end(UUID(deadline.subject_id), kind=deadline.kind, at=at)
        except DomainError:
            # One case that cannot end must not keep the others from ending.
            logger.exception("lapse_failed", extra={"subject": deadline.subject_id})
    return ended


@transitions.action
def _end(application_id: UUID, *, kind: str, at: datetime) -> bool:
    system = parties.system_actor()
    application = lock_application(application_id=application_id, actor=system)
    still = {d.kind for d in deadlines.of_subject(application, at=at) if d.status == "overdue"}
    if kind not in still:
        # Somebody was faster between the sweep's look and our lock.
        return False
    if kind == "objection":
        deadlines.close(application, kind, at=at)
        return True
    verb = "lapse" if kind == "correction" else "lapse_unsigned"
    ask(application, verb, actor=system, at=at)
    transitions.perform(application, verb, actor=system, at=at)
    deadlines.close_all(application, at=at)
    return True


def _ask_clock(kind: str, reason: str) -> None:
    if kind not in STOPPABLE:
        raise InvalidInput(fields={"kind": _("This clock cannot be changed.")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
