"""
Lock a subject and ask the rights on it, in one statement where nobody else has it.

Nearly every act begins so: lock the row, ask whether the actor may see it at all, ask whether the
actor may do this to it, wait for the end of its chain of records. Asked one by one these are four
exchanges with the database. Who has to wait for the row takes the long way: the rights are asked
when the wait is over, since they may have changed in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from core.fsm import AS_LOCKED
from workflow import audit, policy, rows

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class AsLocked:
    """
    What was asked of a subject in the statement that locked it, and whether its chain is held.

    It is kept on the subject until the first step, the first right given or taken, or the first
    reading or storing.
    """

    actor_id: Any
    held: Mapping[str, bool]
    in_line: bool


def lock(
    model: type[M], pk: Any, *, actor: Any, rights: tuple[str, ...], for_step: bool = False
) -> M | None:
    """
    Return one subject, locked until the transaction ends, or None.

    ``rights`` are permissions that the act is going to ask for; asking finds the answers.
    ``for_step`` also waits for the end of the subject's chain, as ``perform`` would.
    """
    asked, values = [], list[Any]()
    for permission in rights:
        query, more = policy.question_as_locked(actor, permission, model, pk)
        asked.append(query)
        values += more
    if for_step:
        asked.append(audit.QUEUE)
        values += audit.queue_values(model, pk)
    found = rows.lock_free(model, pk, asked=", ".join(asked), values=values)
    if found is None:
        return rows.lock(model, pk)
    subject, answers = found
    held = dict(zip(rights, map(bool, answers), strict=False))
    actor_id = getattr(actor, "pk", None)
    subject.__dict__[AS_LOCKED] = AsLocked(actor_id=actor_id, held=held, in_line=for_step)
    return subject


def as_locked(subject: models.Model, permission: str, *, actor: Any) -> bool | None:
    """Return whether the actor holds a right, if that and the chain were asked with the lock."""
    asked: AsLocked | None = subject.__dict__.get(AS_LOCKED)
    if asked is None or not asked.in_line or asked.actor_id != getattr(actor, "pk", None):
        return None
    return asked.held.get(permission)
