"""
Which way a single entry of the terms went: stricter, looser, or neither. Pure.

Whole terms are compared by their lattice; a reader, and a rule about one clause, ask entry by
entry, where a contradiction elsewhere hides nothing.
"""

from __future__ import annotations

from typing import Any

from contracts.lattice import NoMeet, leaves, meet_models
from contracts.overrides import changed_paths, changes_of
from contracts.terms import Terms, parse

STRICTER, LOOSER, OTHER = "stricter", "looser", "other"


def directions(*, before: Terms, after: Terms) -> dict[str, str]:
    """Return which way every entry went that is not what it was, by path."""
    old, new = leaves(before), leaves(after)
    return {
        path: direction(path=path, before=old.get(path), after=new.get(path))
        for path in changed_paths(before=before, after=after)
        if not _has_parts(path, old, new)
    }


def _has_parts(path: str, *sides: dict[str, Any]) -> bool:
    """Return whether a path is an empty collection that has entries on the other side."""
    return any(other.startswith(f"{path}.") for side in sides for other in side)


def direction(*, path: str, before: Any, after: Any) -> str:
    """
    Return which way one entry went: STRICTER, LOOSER, or OTHER when the two exclude each other.

    What was not stated and is stated now is stricter; what is not stated any more is looser.
    """
    if before is None:
        return STRICTER
    if after is None:
        return LOOSER
    old, new = parse(changes_of(values={path: before})), parse(changes_of(values={path: after}))
    try:
        both = meet_models(old, new)
    except NoMeet:
        return OTHER
    if both == new:
        return STRICTER
    return LOOSER if both == old else OTHER
