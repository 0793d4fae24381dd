"""What every action does first: lock the subject, and ask authority before anything else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from core import clock
from core.calendars import next_number
from core.errors import NotFound
from oversight.errors import ReasonNeeded
from oversight.models import Alert, Evaluation, ExitCase, ViolationCase
from parties import queries as parties
from parties.models import Organization
from workflow import policy, transitions

M = TypeVar("M", bound=models.Model)


def lock(model: type[M], subject_id: UUID, *, actor: Any, see: str) -> M:
    """
    Lock one subject for the rest of the transaction.

    :raises NotFound: there is none, or the actor may not see it.
    """
    found = (
        model._default_manager.select_for_update(of=("self",), no_key=True)
        .filter(pk=subject_id)
        .first()
    )
    if found is None or not policy.holds(actor, see, found):
        raise NotFound
    return found


def ask(subject: models.Model, name: str, *, actor: Any, at: datetime) -> None:
    """
    Ask authority and legality of a step before its guards are looked at.

    ``perform`` itself refuses, before it touches anything, so that the attempt is on record.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    step = transitions.declared(type(subject), name)
    state = str(getattr(subject, "state", ""))
    if state not in step.sources or not policy.may(actor, step.permission, subject):
        transitions.perform(subject, name, actor=actor, at=at)


def stated(text: str, *, field: str = "reason") -> str:
    """
    Return a stated reason without blanks around it.

    :raises ReasonNeeded: it is empty; ``field`` names the entry.
    """
    found = text.strip()
    if not found:
        raise ReasonNeeded(fields={field: ReasonNeeded.default_message})
    return found


def numbered(series: str, *, at: datetime) -> str:
    """Return the next number of a kind of paper, e.g. 锡数案〔2026〕00003号."""
    year = clock.local_date(at).year
    return f"{series}〔{year}〕{next_number(f'oversight.{series}.{year}'):05d}号"


def one_of(kind: str) -> Organization | None:
    """Return the one organization of a kind, or None while there is none."""
    try:
        return parties.the(kind)
    except NotFound:
        return None


def iso(day: date | None) -> str:
    """Return a day as facts keep it."""
    return day.isoformat() if day else ""


def lock_evaluation(evaluation_id: UUID, *, actor: Any) -> Evaluation:
    """
    Lock an evaluation.

    :raises NotFound: there is none, or the actor may not see it.
    """
    return lock(Evaluation, evaluation_id, actor=actor, see="oversight.see_evaluation")


def lock_case(case_id: UUID, *, actor: Any) -> ViolationCase:
    """
    Lock a violation case.

    :raises NotFound: there is none, or the actor may not see it.
    """
    return lock(ViolationCase, case_id, actor=actor, see="oversight.see_violationcase")


def lock_alert(alert_id: UUID, *, actor: Any) -> Alert:
    """
    Lock an alert.

    :raises NotFound: there is none, or the actor may not see it.
    """
    return lock(Alert, alert_id, actor=actor, see="oversight.see_alert")


def lock_exit(exit_id: UUID, *, actor: Any) -> ExitCase:
    """
    Lock an exit.

    :raises NotFound: there is none, or the actor may not see it.
    """
    return lock(ExitCase, exit_id, actor=actor, see="oversight.see_exitcase")
