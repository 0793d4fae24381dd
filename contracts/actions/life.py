"""The life of an agreement after its signature, and the end of one that was never signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from contracts.actions.access import ask, ask_reason, lock_agreement
from contracts.actions.amending import drop_open_amendment
from contracts.actions.ending import TERM_OVER, drop_open_termination
from contracts.models import Agreement
from core import clock
from parties.queries import system_actor
from workflow import deadlines, transitions


@transitions.action
def suspend_agreement(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Suspend an agreement in force; its licenses stop in the same commit.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: the agreement is not in force.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "suspend", actor=actor, at=at)
    return transitions.perform(
        agreement, "suspend", actor=actor, at=at, reason=ask_reason(reason)
    )


@transitions.action
def resume_agreement(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Put a suspended agreement back in force.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: the agreement is not suspended.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "resume", actor=actor, at=at)
    return transitions.perform(agreement, "resume", actor=actor, at=at, reason=ask_reason(reason))


@transitions.action
def renew_agreement(*, agreement_id: UUID, reason: str, at: datetime) -> Agreement | None:
    """
    Close an agreement that another one goes on from, for the system; None when it has ended.

    Source: domain T16.
    """
    system = system_actor()
    agreement = lock_agreement(agreement_id=agreement_id, actor=system)
    if agreement.state not in (Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED):
        return None
    transitions.perform(
        agreement, "close_renewed", actor=system, at=at, reason=ask_reason(reason)
    )
    _close_what_is_open(agreement, reason=reason, at=at)
    return agreement


@transitions.action
def lapse_agreement(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Give up an agreement that was not signed in time, for the system.

    :raises NotAllowedNow: it is in force or has ended.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    return transitions.perform(
        agreement, "lapse", actor=actor, at=at, reason=ask_reason(reason)
    )


def expire_overdue(*, at: datetime) -> int:
    """
    Let every agreement expire whose last day has passed; return how many.

    Each one is its own transaction, at most PAGE_ROWS_MAX a call; the next sweep takes the rest.
    """
    system = system_actor()
    overdue = Agreement.objects.filter(
        state__in=[Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED],
        valid_to__lt=clock.local_date(at),
    ).order_by("valid_to", "id")
    ids = list(overdue.values_list("id", flat=True)[: settings.PAGE_ROWS_MAX])
    for agreement_id in ids:
        _expire(agreement_id=agreement_id, actor=system, at=at)
    return len(ids)


@transitions.action
def _expire(*, agreement_id: UUID, actor: Any, at: datetime) -> None:
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    # Somebody may have ended it between the list and the lock.
    if agreement.state in (Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED):
        transitions.perform(agreement, "expire", actor=actor, at=at)
        _close_what_is_open(agreement, reason=TERM_OVER, at=at)


def _close_what_is_open(agreement: Agreement, *, reason: str, at: datetime) -> None:
    deadlines.close_all(agreement, at=at)
    drop_open_termination(agreement, reason=reason, at=at)
    drop_open_amendment(agreement, reason=reason, at=at)
