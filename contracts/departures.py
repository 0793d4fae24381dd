"""Where terms depart from the template and the profiles: stricter, looser or other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts import labels
from contracts.directions import LOOSER, OTHER, STRICTER, direction
from contracts.lattice import leaves
from contracts.places import term_of
from contracts.terms import Terms

TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Departure:
    """
    One entry that differs from what a statement says.

    ``against`` is ``template`` or the code of the dataset whose profile it is; ``kind`` says how.
    """

    path: str
    label: str
    against: str
    kind: str
    stated: str
    agreed: str


def departures(
    *, terms: Terms, template: Terms, profiles: Mapping[str, Terms]
) -> tuple[Departure, ...]:
    """Return every entry of terms that departs from the template or from a profile, by term."""
    found = _against(TEMPLATE, terms, template)
    for code, profile in sorted(profiles.items()):
        found += _against(code, terms, profile)
    return tuple(found)


def kinds_of(*, term: str, found: Sequence[Departure], against: str = "") -> tuple[str, ...]:
    """Return how a clause departs: its kinds, each once, the loosest first."""
    order = (LOOSER, OTHER, STRICTER)
    here = {
        one.kind
        for one in found
        if term_of(one.path) == term and (not against or one.against == against)
    }
    return tuple(kind for kind in order if kind in here)


def _against(name: str, terms: Terms, stated: Terms) -> list[Departure]:
    agreed, base = leaves(terms), leaves(stated)
    return [
        Departure(
            path=path,
            label=labels.entry_text(path),
            against=name,
            kind=direction(path=path, before=base[path], after=agreed.get(path)),
            stated=labels.value_text(path, base[path]),
            agreed=labels.value_text(path, agreed[path]) if path in agreed else "—",
        )
        for path in sorted(base)
        if agreed.get(path) != base[path] and not labels.HIDDEN & set(path.split(".")[1:])
    ]
