"""
A proposed change applied to terms, and whether it may stand. Pure.

A change names entries and their new values. It can take back an earlier negotiated tightening; it
cannot fall below the floor the merge gave in any locked term. What was reviewed (purpose, data,
fields, mode, quota) cannot become wider here at all, locked or not: that needs a review of its own.
Source: domain §3.5 invariants, T13.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts import labels
from contracts.errors import ChangesPurpose, NothingChanged, TooLoose, WidensScope
from contracts.lattice import leaves, looser_paths
from contracts.terms import TERM_NAMES, Terms, TermsIncomplete, dump, loosened, missing, parse
from core.errors import InvalidInput

# What the review looked at and the decision fixed; a wider one is for a new review to grant.
REVIEWED = ("purpose", "scope", "quota", "environment.mode")


def changed_terms(
    *, current: Terms, floor: Terms, changes: Mapping[str, Any], locked: Sequence[str]
) -> Terms:
    """
    Return the terms with a change applied.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises TooLoose: a locked entry would be looser than the floor.
    :raises WidensScope: data, fields, mode or quota would go beyond what was decided.
    :raises ChangesPurpose: purpose or scenario would be another one.
    :raises TermsIncomplete: an entry the agreement needs would be left out.
    :raises NothingChanged: the terms stay what they are.
    """
    unknown = sorted(set(changes) - set(TERM_NAMES))
    if unknown:
        raise InvalidInput(_("There is no term %(names)s."), names=", ".join(unknown))
    wanted = parse(_laid_over(dump(current), changes))
    if wanted == current:
        raise NothingChanged
    _ask_within_review(current, wanted, floor)
    paths = [*loosened(candidate=wanted, floor=floor, locked=locked), *_dropped(wanted, floor)]
    paths = [path for path in paths if path.split(".")[0] in locked]
    if paths:
        raise TooLoose(paths=_named(paths))
    absent = missing(wanted)
    if absent:
        raise TermsIncomplete(paths=", ".join(absent))
    return wanted


def changed_paths(*, before: Terms, after: Terms) -> tuple[str, ...]:
    """Return the entries in which two terms differ, sorted."""
    old, new = leaves(before), leaves(after)
    return tuple(sorted(p for p in {*old, *new} if old.get(p) != new.get(p)))


def changes_of(*, values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a change in the shape of terms from values by dotted path.

    ``scope.datasets.D01.mode`` names an entry of one dataset.
    """
    found: dict[str, Any] = {}
    for path, value in values.items():
        target, parts = found, path.split(".")
        if parts[:2] == ["scope", "datasets"]:
            listed = target.setdefault("scope", {}).setdefault("datasets", [])
            target = next((item for item in listed if item["code"] == parts[2]), {})
            if not target:
                target["code"] = parts[2]
                listed.append(target)
            parts = parts[3:]
        for part in parts[:-1]:
            target = target.setdefault(part, {})
        target[parts[-1]] = value
    return found


def laid_over(*, current: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain terms with single entries replaced, by dotted path."""
    found: dict[str, Any] = _laid_over(dict(current), changes_of(values=values))
    return found


def _ask_within_review(current: Terms, wanted: Terms, floor: Terms) -> None:
    changed = changed_paths(before=current, after=wanted)
    decided, stated = leaves(floor), leaves(wanted)
    purpose = [
        path
        for path in changed
        if path.startswith("purpose.") and stated.get(path) != decided.get(path)
    ]
    if purpose:
        raise ChangesPurpose(paths=_named(purpose))
    wider = {*looser_paths(wanted, floor), *_dropped(wanted, floor)}
    paths = [path for path in changed if path.startswith(REVIEWED) and path in wider]
    paths += [path for path in changed if _above_decision(path, wanted, floor)]
    if paths:
        raise WidensScope(paths=_named(paths))


def _above_decision(path: str, wanted: Terms, floor: Terms) -> bool:
    """Return whether a quota of one dataset exceeds what the decision leaves it in all."""
    parts = path.split(".")
    if parts[:2] != ["quota", "datasets"] or len(parts) != 4:
        return False
    asked = leaves(wanted).get(path)
    most = getattr(floor.quota_of(parts[2]), parts[3])
    return asked is not None and most is not None and asked > most


def _named(paths: Iterable[str]) -> str:
    """Name entries for people, with the path that machines use."""
    return ", ".join(f"{labels.path_text(path)} ({path})" for path in sorted(set(paths)))


def _dropped(wanted: Terms, floor: Terms) -> set[str]:
    """Return entries the floor states and the wanted terms leave out."""
    return set(leaves(floor)) - set(leaves(wanted))


def _laid_over(current: Any, change: Any) -> Any:
    if isinstance(current, dict) and isinstance(change, Mapping):
        merged = dict(current)
        for key, value in change.items():
            merged[key] = _laid_over(current.get(key), value)
        return merged
    if _has_codes(current) and _has_codes(change):
        by_code = {item["code"]: item for item in change}
        strangers = sorted(set(by_code) - {item["code"] for item in current})
        if strangers:
            raise WidensScope(paths=_named(f"scope.datasets.{code}" for code in strangers))
        return [_laid_over(item, by_code.get(item["code"], {})) for item in current]
    return change


def _has_codes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(
        isinstance(item, dict) and "code" in item for item in value
    )
