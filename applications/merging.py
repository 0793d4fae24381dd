"""
Two people wrote into one draft: what fits together, and what somebody has to choose. Pure.

Entries have flat names (``purpose_text``, ``security_plan.storage``, ``answers.partner``; for the
datasets their codes). Who writes says by marks what stood in each entry when they began, so it can
be told who changed what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARK_CHARACTERS = 16
# Entries that hold entries themselves.
NESTED = ("security_plan", "answers")


@dataclass(frozen=True, slots=True)
class Clash:
    """An entry that both changed, differently."""

    name: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """``changes`` are mine to be stored; ``came_in`` names what the others changed meanwhile."""

    changes: dict[str, Any]
    came_in: tuple[str, ...]
    clashes: tuple[Clash, ...]


def merge(*, base: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """
    Return what becomes of my entries beside theirs.

    ``base`` are the marks of the entries as I began; an entry without one counts as changed by
    both.
    """
    changes, came_in, clashes = {}, [], []
    for name, value in mine.items():
        began, my_mark, their_mark = base.get(name), mark(value), mark(theirs.get(name))
        if my_mark == their_mark:
            continue
        if their_mark == began:
            changes[name] = value
        elif my_mark == began:
            came_in.append(name)
        else:
            clashes.append(Clash(name, value, theirs.get(name)))
    return Merge(changes, tuple(came_in), tuple(clashes))


def mark(value: Any) -> str:
    """Return a short mark of a value; line ends and ways of being empty make no difference."""
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_CHARACTERS]


def marks(entries: Mapping[str, Any]) -> dict[str, str]:
    """Return the mark of each entry."""
    return {name: mark(value) for name, value in entries.items()}


def written(item: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the applicant wrote of a dataset; None when it is not asked for."""
    if item is None:
        return None
    return {"fields": sorted(item["fields"]), "justification": item["justification"]}


def flat(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return entries under flat names."""
    found: dict[str, Any] = {}
    for name, value in entries.items():
        if name in NESTED:
            found |= {f"{name}.{key}": inner for key, inner in (value or {}).items()}
        else:
            found[name] = value
    return found


def nested(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return flat entries as ``flat`` took them."""
    found: dict[str, Any] = {}
    for name, value in entries.items():
        outer, dot, inner = name.partition(".")
        if dot and outer in NESTED:
            found.setdefault(outer, {})[inner] = value
        else:
            found[name] = value
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value] or ""
    return "" if value is None or value is False else value
