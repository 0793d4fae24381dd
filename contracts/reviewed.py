"""
What was reviewed cannot become wider by negotiation, whatever a template locks. Pure.

Purpose, data, fields, mode and quota were looked at by those who review; the decision fixed them.
Narrower is for the parties; wider is for a new review: an amendment under the same scenario, a new
application for another purpose. Source: domain T13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.directions import LOOSER, OTHER, directions
from contracts.errors import ChangesPurpose, WidensScope
from contracts.lattice import leaves
from contracts.overrides import applied, changed_paths, changed_terms, named
from contracts.terms import Terms

PURPOSE = "purpose."
REVIEWED = ("scope.", "quota.", "environment.mode")


def negotiated_terms(
    *, current: Terms, floor: Terms, changes: Mapping[str, Any], locked: Sequence[str]
) -> Terms:
    """
    Return the terms with a negotiated change applied, as ``overrides.changed_terms`` does.

    :raises WidensScope: data, fields, mode or quota would go beyond what was decided.
    :raises ChangesPurpose: purpose or scenario would be another one.
    """
    wanted = applied(current=current, changes=changes)
    ask_within_review(current=current, wanted=wanted, floor=floor)
    return changed_terms(current=current, floor=floor, changes=changes, locked=locked)


def ask_within_review(*, current: Terms, wanted: Terms, floor: Terms) -> None:
    """
    Ask that a change leaves purpose and scope within what was decided.

    :raises WidensScope: data, fields, mode or quota would go beyond what was decided.
    :raises ChangesPurpose: purpose or scenario would be another one.
    """
    changed = changed_paths(before=current, after=wanted)
    away = directions(before=floor, after=wanted)
    purpose = [path for path in changed if path.startswith(PURPOSE) and path in away]
    if purpose:
        raise ChangesPurpose(paths=named(purpose))
    wider = [
        path
        for path in changed
        if (path.startswith(REVIEWED) and away.get(path) in (LOOSER, OTHER))
        or _above_decision(path, wanted, floor)
    ]
    if wider:
        raise WidensScope(paths=named(wider))


def _above_decision(path: str, wanted: Terms, floor: Terms) -> bool:
    """Return whether a quota of one dataset exceeds what the decision leaves it in all."""
    parts = path.split(".")
    if parts[:2] != ["quota", "datasets"] or len(parts) != 4:
        return False
    asked = leaves(wanted).get(path)
    most = getattr(floor.quota_of(parts[2]), parts[3])
    return asked is not None and most is not None and asked > most
