"""
A proposed change applied to terms, and whether it may stand. Pure.

A change names entries and their new values. It can take back an earlier negotiated tightening; it
cannot fall below the floor the merge gave in any locked term, and it cannot add a dataset. What
needs a new review ``contracts.reviewed`` says.
Source: domain §3.5 invariants, T13.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts import labels
from contracts.errors import NothingChanged, TooLoose, WidensScope
from contracts.invariants import RuleBroken, broken_rules
from contracts.lattice import leaves
from contracts.terms import TERM_NAMES, Terms, TermsIncomplete, dump, loosened, missing, parse
from core.errors import InvalidInput


def changed_terms(
    *,
    current: Terms,
    floor: Terms,
    changes: Mapping[str, Any],
    locked: Sequence[str],
    procedure: str = "P1",
) -> Terms:
    """
    Return the terms with a change applied.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises TooLoose: a locked entry would be looser than the floor.
    :raises WidensScope: a dataset is named that the agreement does not have.
    :raises TermsIncomplete: an entry the agreement needs would be left out.
    :raises RuleBroken: an entry would break a rule that holds between terms.
    :raises NothingChanged: the terms stay what they are.
    """
    wanted = applied(current=current, changes=changes)
    if wanted == current:
        raise NothingChanged
    paths = [*loosened(candidate=wanted, floor=floor, locked=locked), *_dropped(wanted, floor)]
    paths = [path for path in paths if path.split(".")[0] in locked]
    if paths:
        raise TooLoose(paths=named(paths))
    absent = missing(wanted)
    if absent:
        raise TermsIncomplete(paths=", ".join(absent))
    _ask_no_rule_newly_broken(wanted, current, procedure)
    return wanted


def _ask_no_rule_newly_broken(wanted: Terms, current: Terms, procedure: str) -> None:
    """Refuse what the change breaks; what was agreed under older rules may stay as it is."""
    before = {one.path for one in broken_rules(current, procedure=procedure)}
    broken = [b for b in broken_rules(wanted, procedure=procedure) if b.path not in before]
    if broken:
        raise RuleBroken(broken)


def applied(*, current: Terms, changes: Mapping[str, Any]) -> Terms:
    """
    Return terms with a change laid over them, whether or not it may stand.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises WidensScope: a dataset is named that the terms do not have.
    """
    unknown = sorted(set(changes) - set(TERM_NAMES))
    if unknown:
        raise InvalidInput(_("There is no term %(names)s."), names=", ".join(unknown))
    return parse(_laid_over(dump(current), changes))


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


def named(paths: Iterable[str]) -> str:
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
            raise WidensScope(paths=named(f"scope.datasets.{code}" for code in strangers))
        return [_laid_over(item, by_code.get(item["code"], {})) for item in current]
    return change


def _has_codes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(
        isinstance(item, dict) and "code" in item for item in value
    )
