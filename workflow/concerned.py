"""
Whom a subject concerns: who holds it, and whose case it is.

Each app says so for its own classes, many subjects at a time, so that work on thousands of clocks
can name and tell people without asking for each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Concern:
    """A subject as it is named to people; ``link`` is a path of the portal."""

    number: str
    link: str
    holders: tuple[Any, ...] = ()
    parties: tuple[Any, ...] = ()


Resolver = Callable[[Collection[str]], dict[str, Concern]]
_resolvers: dict[str, Resolver] = {}


def register(subject_type: str, resolver: Resolver) -> None:
    """
    Register how subjects of a class are named, e.g. ``applications.application``.

    ``resolver`` takes primary keys as text and returns what it finds by them, in a number of
    queries that does not grow with the keys.
    """
    if subject_type in _resolvers:
        raise ValueError(f"{subject_type} is registered twice")
    _resolvers[subject_type] = resolver


def of(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Concern]:
    """Return what is known of subjects, by class label and primary key."""
    by_type: dict[str, set[str]] = {}
    for subject_type, subject_id in keys:
        by_type.setdefault(subject_type, set()).add(subject_id)
    found: dict[tuple[str, str], Concern] = {}
    for subject_type, subject_ids in by_type.items():
        resolver = _resolvers.get(subject_type)
        if resolver is not None:
            concerns = resolver(sorted(subject_ids))
            found |= {(subject_type, key): concern for key, concern in concerns.items()}
    return found
