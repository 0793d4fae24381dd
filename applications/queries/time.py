"""The request for more time on a case, as its desks read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.queries.access import visible_application
from core.errors import NotFound
from workflow import extensions, policy


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """An extension nobody has settled yet; ``barred`` says why a decider cannot settle it."""

    working_days: int
    reason: str
    asked_by: str
    asked_at: datetime
    may_settle: bool
    barred: str


def open_extension(*, application_id: UUID, actor: Any) -> ExtensionRow | None:
    """
    Return the open request for more time of a case; None for who does not settle or ask such.

    :raises NotFound: there is no such case for this actor.
    """
    case = visible_application(application_id=application_id, actor=actor)
    settles = policy.holds(actor, "applications.approve_extension", case)
    if not settles and not policy.holds(actor, "applications.manage_clock", case):
        return None
    asked = extensions.open_of(case, "overall")
    if asked is None:
        return None
    barred = policy.refusal(actor, "applications.approve_extension", case) if settles else None
    return ExtensionRow(
        working_days=asked.working_days,
        reason=asked.reason,
        asked_by=asked.asked_by.full_name,
        asked_at=asked.asked_at,
        may_settle=settles and not barred and asked.asked_by_id != actor.pk,
        barred=str(barred or ""),
    )


def extension_to_settle(*, application_id: UUID, actor: Any) -> ExtensionRow:
    """
    Return the open request that the actor may settle.

    :raises NotFound: there is none, or it is not for this actor to settle.
    """
    row = open_extension(application_id=application_id, actor=actor)
    if row is None or not row.may_settle:
        raise NotFound
    return row
