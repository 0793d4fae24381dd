"""Whose turn it is to sign. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

USER_FIRST, ONE_BY_ONE, PARALLEL = "USER_FIRST", "ONE_BY_ONE", "PARALLEL"
ORDERS = (USER_FIRST, ONE_BY_ONE, PARALLEL)


@dataclass(frozen=True, slots=True)
class Seat:
    """A party in the order of the agreement; the data user has one seat, the first."""

    organization_id: Any
    is_user: bool


def whose_turn(
    *, order: str, seats: Sequence[Seat], signed: Collection[Any]
) -> tuple[Any, ...]:
    """
    Return the organizations that may sign now, in the order of the agreement.

    ``seats`` stand in the order of the agreement; ``signed`` are organizations whose signature
    stands.
    """
    waiting = [seat for seat in seats if seat.organization_id not in signed]
    if order != PARALLEL:
        users = [seat for seat in waiting if seat.is_user]
        waiting = users or (waiting[:1] if order == ONE_BY_ONE else waiting)
    return tuple(seat.organization_id for seat in waiting)
