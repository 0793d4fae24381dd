"""
Whose work a person leaves behind: the apps that keep cases stand above, so they register here.

A keeper names the cases of a person in an organization, counts what is open for an organization,
and hands cases over, each with its own record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CASES_MAX = 200


@dataclass(frozen=True, slots=True)
class AffectedCase:
    """
    One case a person has in hand.

    ``route`` is the name of its page and takes ``subject_id``; ``barred`` says why the colleague
    may not have it, empty when nothing speaks against it.
    """

    subject_id: str
    number: str
    title: str
    state_name: str
    route: str
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a handover: how many cases the colleague has, how many nobody has now."""

    handed: int
    left_open: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """
    One app's cases.

    ``affected(*, person, organization, to)`` returns AffectedCase rows, ``to`` may be None;
    ``hand_over(*, person, to, organization, reason, actor, at)`` returns an Outcome;
    ``count_open(*, organization)`` how many cases of a company have not come to their end.
    """

    affected: Callable[..., tuple[AffectedCase, ...]]
    hand_over: Callable[..., Outcome]
    count_open: Callable[..., int]


_keepers: dict[str, Keeper] = {}


def register(name: str, keeper: Keeper) -> None:
    """Register the cases of an app; in ``AppConfig.ready``."""
    if name in _keepers:
        raise ValueError(f"keeper {name} is registered twice")
    _keepers[name] = keeper


def affected(*, person: Any, organization: Any, to: Any = None) -> tuple[AffectedCase, ...]:
    """Return the cases a person has in hand in an organization, at most CASES_MAX an app."""
    return tuple(
        row
        for name in sorted(_keepers)
        for row in _keepers[name].affected(person=person, organization=organization, to=to)
    )


def count_open(*, organization: Any) -> int:
    """Return how many cases of a company have not come to their end."""
    return sum(keeper.count_open(organization=organization) for keeper in _keepers.values())


def hand_over(
    *, person: Any, to: Any, organization: Any, reason: str, actor: Any, at: datetime
) -> Outcome:
    """Hand every case of a person to a colleague; called by the action that asked for the right."""
    outcomes = [
        _keepers[name].hand_over(
            person=person, to=to, organization=organization, reason=reason, actor=actor, at=at
        )
        for name in sorted(_keepers)
    ]
    return Outcome(sum(o.handed for o in outcomes), sum(o.left_open for o in outcomes))
