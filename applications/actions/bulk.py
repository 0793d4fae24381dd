"""
One act on several cases: each case by the action of its own page, in a transaction of its own.

What one case refuses is said beside that case and holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.actions.holding import HOLD, assign_case, hand_back, take_over
from core.errors import DomainError, InvalidInput, NotFound

SEVERAL_MAX = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that was chosen, and who had it on the desk when the person looked."""

    id: UUID
    holder_id: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one case; ``problem`` is empty when it was done."""

    id: UUID
    problem: str = ""


Call = Callable[[Chosen, Mapping[str, Any], Any, datetime], Any]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """
    An act that can be done to several cases.

    ``permission`` is that of the single act; ``asks`` names what the person states once for all;
    ``undone_by`` the act that takes it back, if any.
    """

    name: str
    title: str | Promise
    permission: str
    call: Call
    asks: tuple[str, ...] = ()
    undone_by: str = ""


def _take(one: Chosen, said: Mapping[str, Any], actor: Any, at: datetime) -> None:
    take_over(
        application_id=one.id,
        from_person_id=one.holder_id or None,
        reason=said.get("reason", ""),
        actor=actor,
        at=at,
    )


def _assign(one: Chosen, said: Mapping[str, Any], actor: Any, at: datetime) -> None:
    assign_case(
        application_id=one.id,
        person_id=said["person"],
        reason=said.get("reason", ""),
        actor=actor,
        at=at,
    )


def _hand_back(one: Chosen, said: Mapping[str, Any], actor: Any, at: datetime) -> None:
    hand_back(application_id=one.id, reason=said.get("reason", ""), actor=actor, at=at)


BULK = {
    act.name: act
    for act in (
        BulkAction(
            "take_over", _("Take over"), HOLD, _take, asks=("reason",), undone_by="hand_back"
        ),
        BulkAction(
            "assign_case", _("Assign to a colleague"), HOLD, _assign, asks=("person", "reason")
        ),
        BulkAction("hand_back", _("Hand back to the desk"), HOLD, _hand_back, asks=("reason",)),
    )
}


def act_on_several(
    *, name: str, chosen: Sequence[Chosen], said: Mapping[str, Any], actor: Any, at: datetime
) -> tuple[RowResult, ...]:
    """
    Do one act to each of several cases, in the order given; return what became of each.

    :raises NotFound: there is no such act.
    :raises InvalidInput: nothing is chosen, more than SEVERAL_MAX, or what the act asks is missing.
    """
    act = BULK.get(name)
    if act is None:
        raise NotFound
    if not chosen:
        raise InvalidInput(_("Choose at least one case."))
    if len(chosen) > SEVERAL_MAX:
        raise InvalidInput(_("At most 500 cases at once. Narrow the list by a filter."))
    if "person" in act.asks and not said.get("person"):
        raise InvalidInput(fields={"person": _("Choose a colleague of this desk.")})
    return tuple(_one(act, one, said, actor=actor, at=at) for one in chosen)


def _one(
    act: BulkAction, one: Chosen, said: Mapping[str, Any], *, actor: Any, at: datetime
) -> RowResult:
    try:
        act.call(one, said, actor, at)
    except InvalidInput as error:
        reasons = "; ".join(str(text) for text in error.fields.values())
        return RowResult(one.id, reasons or str(error))
    except DomainError as error:
        return RowResult(one.id, str(error))
    return RowResult(one.id)
