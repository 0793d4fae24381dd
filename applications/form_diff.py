"""What one version of a form definition changed against another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADDED, REMOVED, CHANGED, MOVED = "ADDED", "REMOVED", "CHANGED", "MOVED"


@dataclass(frozen=True, slots=True)
class Detail:
    """One setting of a section or a field, before and after; None is "not said"."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """
    One section or field that differs.

    ``kind`` is ADDED, REMOVED, CHANGED or MOVED; what moved may have changed too. ``section`` is
    the key of the section (of a field: where it stands now, or stood), ``label`` its words.
    """

    kind: str
    is_section: bool
    key: str
    label: Mapping[str, str]
    section: Mapping[str, str]
    details: tuple[Detail, ...]
    moved_from: Mapping[str, str] | None = None


def compare(*, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what changed, in the order of the new version; what is gone comes last."""
    before, after = _sections(old), _sections(new)
    stayed = _stayed([k for k in before if k in after], [k for k in after if k in before])
    found: list[Change] = []
    old_fields, new_fields = _fields(old), _fields(new)
    held = _held(old_fields, new_fields)
    for key, section in after.items():
        found += _section_change(key, before.get(key), section, moved=key not in stayed)
        for name, (home, field) in new_fields.items():
            if home["key"] == key:
                found += _field_change(name, old_fields.get(name), (home, field), held)
    for name, (home, field) in old_fields.items():
        if name not in new_fields:
            found.append(Change(REMOVED, False, name, field["label"], home["title"], ()))
    for key, section in before.items():
        if key not in after:
            found.append(Change(REMOVED, True, key, section["title"], section["title"], ()))
    return tuple(found)


def count(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many differ in which way."""
    kinds = (ADDED, REMOVED, CHANGED, MOVED)
    return {kind: sum(change.kind == kind for change in changes) for kind in kinds}


def _section_change(
    key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any], *, moved: bool
) -> list[Change]:
    if old is None:
        return [Change(ADDED, True, key, new["title"], new["title"], ())]
    details = _details(old, new, leaving=("key", "fields"))
    if not details and not moved:
        return []
    kind = MOVED if moved else CHANGED
    return [Change(kind, True, key, new["title"], new["title"], details)]


def _field_change(
    key: str,
    old: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    new: tuple[Mapping[str, Any], Mapping[str, Any]],
    held: set[str],
) -> list[Change]:
    home, field = new
    if old is None:
        return [Change(ADDED, False, key, field["label"], home["title"], ())]
    details = _details(old[1], field, leaving=("key",))
    if key in held:
        return [Change(CHANGED, False, key, field["label"], home["title"], details)] * bool(details)
    away = old[0]["title"] if old[0]["key"] != home["key"] else None
    return [Change(MOVED, False, key, field["label"], home["title"], details, away)]


def _details(
    old: Mapping[str, Any], new: Mapping[str, Any], *, leaving: tuple[str, ...]
) -> tuple[Detail, ...]:
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        Detail(name, old.get(name), new.get(name))
        for name in names
        if name not in leaving and _said(old.get(name)) != _said(new.get(name))
    )


def _said(value: Any) -> Any:
    """Return a setting so that "not said" and "said to be nothing" are the same."""
    if isinstance(value, Mapping) and set(value) <= {"zh", "en"} and not any(value.values()):
        return None
    return value or None if not isinstance(value, int | float) or value is False else value


def _held(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Return the fields that kept section and order."""
    held: set[str] = set()
    for section in {home["key"] for home, _field in new.values()}:
        before = [k for k, (home, _f) in old.items() if home["key"] == section and k in new]
        after = [k for k, (home, _f) in new.items() if home["key"] == section and k in old]
        both = set(before) & set(after)
        held |= _stayed([k for k in before if k in both], [k for k in after if k in both])
    return held


def _stayed(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the longest row of keys that kept its order; the others are what was moved."""
    place = {key: number for number, key in enumerate(before)}
    rows: list[list[str]] = []
    for key in after:
        rows.append([*_longest(r for r in rows if place[r[-1]] < place[key]), key])
    return set(_longest(rows))


def _longest(rows: Iterable[list[str]]) -> list[str]:
    found: list[str] = []
    for row in rows:
        found = row if len(row) > len(found) else found
    return found


def _sections(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {s["key"]: s for s in content["sections"]}


def _fields(
    content: Mapping[str, Any],
) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return {f["key"]: (s, f) for s in content["sections"] for f in s["fields"]}
