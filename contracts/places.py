"""
Where in the text a change falls, whose concern that is, and what it may not do here. Pure.

A place is a clause (``retention``), or of a clause that speaks of each dataset the part of one
dataset (``quota.D01``). Two changes touch when their places overlap: the whole of a clause overlaps
each of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.directions import LOOSER, OTHER, directions
from contracts.overrides import changed_paths
from contracts.terms import Terms


def place_of(path: str) -> str:
    """Return the place of one entry: its term, with the dataset if it speaks of one."""
    parts = path.split(".")
    if len(parts) > 3 and parts[1] == "datasets":
        return f"{parts[0]}.{parts[2]}"
    return parts[0]


def term_of(place: str) -> str:
    """Return the term a place belongs to."""
    return place.split(".", 1)[0]


def dataset_of(place: str) -> str:
    """Return the code of the dataset a place speaks of; empty for the whole clause."""
    return place.partition(".")[2]


def places_of(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the places of several entries, sorted."""
    return tuple(sorted({place_of(path) for path in paths}))


def overlaps(left: str, right: str) -> bool:
    """Return whether two places touch."""
    same_term = term_of(left) == term_of(right)
    return same_term and (left == right or not dataset_of(left) or not dataset_of(right))


def differ_in(*, places: Iterable[str], before: Terms, after: Terms) -> bool:
    """Return whether two terms differ in one of these places."""
    wanted = tuple(places)
    return any(
        overlaps(place_of(path), place)
        for path in changed_paths(before=before, after=after)
        for place in wanted
    )


def asked_groups(
    *,
    before: Terms,
    after: Terms,
    owners: Mapping[str, str],
    licensee: str,
    providers: Iterable[str],
    proposer: str,
) -> tuple[tuple[str, ...], ...]:
    """
    Return who has to accept a change: of each group one party, of all groups together.

    The data user is asked by every provider. What speaks of one dataset asks its provider
    (``owners``: code → provider). What holds for all of them asks every provider when it makes an
    entry looser or other than it was, and any one of them when it only makes it stricter: nobody is
    harmed by that. Who proposes is not asked.
    """
    ways = directions(before=before, after=after)
    places = places_of(ways)
    everybody = tuple(providers)
    groups: list[tuple[str, ...]] = [(licensee,)]
    groups += [(owners[dataset_of(place)],) for place in places if dataset_of(place)]
    general = {way for path, way in ways.items() if not dataset_of(place_of(path))}
    if general & {LOOSER, OTHER}:
        groups += [(provider,) for provider in everybody]
    elif general and proposer == licensee:
        groups.append(everybody)
    asked = [group for group in dict.fromkeys(groups) if proposer not in group]
    single = {group[0] for group in asked if len(group) == 1}
    return tuple(group for group in asked if len(group) == 1 or not single & set(group))

