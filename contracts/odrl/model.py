"""A policy as it is evaluated: every part of it is one of these. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.odrl.jsonld import Value
from contracts.odrl.values import Operand


@dataclass(frozen=True, slots=True)
class Constraint:
    """One comparison; ``right`` are the values, ``stated`` the same as they were written."""

    id: str
    path: str
    left: str
    operator: str
    right: tuple[Operand, ...]
    stated: tuple[Value, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Logical:
    """Several conditions joined by ``and``, ``or`` or ``xone``."""

    id: str
    path: str
    operator: str
    members: tuple[Condition, ...]


Condition = Constraint | Logical


@dataclass(frozen=True, slots=True)
class Action:
    """What is done, under the given conditions."""

    name: str
    refinements: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A party or an asset; ``source`` names the members of a collection, conditions narrow them."""

    id: str
    source: str = ""
    refinements: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A permission, a prohibition or a duty; what is empty holds for everybody and everything.

    ``duties`` are those of a permission, ``failures`` the consequences of a duty and the remedies
    of a prohibition.
    """

    id: str
    path: str
    kind: str
    actions: tuple[Action, ...] = ()
    targets: tuple[Group, ...] = ()
    assignees: tuple[Group, ...] = ()
    assigners: tuple[Group, ...] = ()
    conditions: tuple[Condition, ...] = ()
    duties: tuple[Rule, ...] = ()
    failures: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; ``hierarchy`` are the actions it defines itself, each with what includes it."""

    id: str
    type: str
    conflict: str
    rules: tuple[Rule, ...]
    profiles: tuple[str, ...] = ()
    hierarchy: dict[str, str] = field(default_factory=dict)
    implications: dict[str, frozenset[str]] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
