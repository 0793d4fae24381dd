"""
Acts on the content of a drafted form: add, put, move, remove. Pure; each returns a new content.

Sections and fields are named by their places, counted from 0, because an unsound draft may use a
key twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import definition
from core.errors import InvalidInput, NotFound

Content = dict[str, Any]
UP, DOWN = "up", "down"
RULERS = ("OPTION", "MULTI", "FLAG")


def fingerprint(*, content: Mapping[str, Any], legal_basis: str) -> str:
    """Return what tells one text of a version from another."""
    text = json.dumps([content, legal_basis], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def section_at(content: Mapping[str, Any], place: int) -> dict[str, Any]:
    """
    Return one section.

    :raises NotFound: there is none at this place.
    """
    sections = content["sections"]
    if not 0 <= place < len(sections):
        raise NotFound
    found: dict[str, Any] = sections[place]
    return found


def field_at(content: Mapping[str, Any], section: int, place: int) -> dict[str, Any]:
    """
    Return one field.

    :raises NotFound: there is none at this place.
    """
    fields = section_at(content, section)["fields"]
    if not 0 <= place < len(fields):
        raise NotFound
    found: dict[str, Any] = fields[place]
    return found


def put_section(
    content: Mapping[str, Any], *, place: int | None, key: str, title: Any, hint: Any
) -> Content:
    """Change the words and key of a section, or add one at the end when there is no place."""
    made = _copy(content)
    if place is None:
        keys = {s["key"] for s in made["sections"]}
        home = {"key": key or _free(keys, "section"), "fields": []}
        made["sections"].append(home)
    else:
        home = section_at(made, place)
        if key and not is_fixed(home):
            home["key"] = key
    home["title"], home["hint"] = title, hint
    return made


def move_section(content: Mapping[str, Any], *, place: int, to: str) -> Content:
    """Move a section one place up or down; at the end of the road it stays."""
    made = _copy(content)
    section_at(made, place)
    _swap(made["sections"], place, to)
    return made


def remove_section(content: Mapping[str, Any], *, place: int) -> Content:
    """
    Remove a section with its fields.

    :raises InvalidInput: it has entries of the procedure.
    """
    made = _copy(content)
    if is_fixed(section_at(made, place)):
        raise InvalidInput(
            _("This section has entries of the procedure and cannot be removed.")
        )
    del made["sections"][place]
    return made


def put_field(
    content: Mapping[str, Any],
    *,
    section: int,
    place: int | None,
    field: Mapping[str, Any],
    into: int | None = None,
) -> Content:
    """
    Put a field in its place, or at the end of a section when it has none; ``into`` moves it.

    An entry of the procedure keeps its key, type and section.

    :raises NotFound: there is no such place.
    """
    made = _copy(content)
    home = section_at(made, section)
    new = dict(deepcopy(field))
    if not new.get("key"):
        new["key"] = _free({f["key"] for f in definition.fields_of(made)}, "field")
    if place is None:
        home["fields"].append(new)
        return made
    old = field_at(made, section, place)
    if old.get("bind"):
        new |= {"key": old["key"], "type": old["type"], "bind": old["bind"]}
        into = None
    if into is None or into == section:
        home["fields"][place] = new
    else:
        section_at(made, into)["fields"].append(new)
        del home["fields"][place]
    return made


def move_field(content: Mapping[str, Any], *, section: int, place: int, to: str) -> Content:
    """Move a field one place up or down in its section."""
    made = _copy(content)
    field_at(made, section, place)
    _swap(made["sections"][section]["fields"], place, to)
    return made


def remove_field(content: Mapping[str, Any], *, section: int, place: int) -> Content:
    """
    Remove a field.

    :raises InvalidInput: it is an entry of the procedure.
    """
    made = _copy(content)
    if field_at(made, section, place).get("bind"):
        raise InvalidInput(_("This entry belongs to the procedure and cannot be removed."))
    del made["sections"][section]["fields"][place]
    return made


def rulers_before(
    content: Mapping[str, Any], *, section: int, place: int | None
) -> list[Mapping[str, Any]]:
    """Return the choices that stand before a field, so that it may depend on them."""
    before: list[Mapping[str, Any]] = []
    for number, home in enumerate(content["sections"][: section + 1]):
        fields = home["fields"]
        before += fields[:place] if number == section and place is not None else fields
    return [f for f in before if f["type"] in RULERS]


def is_fixed(section: Mapping[str, Any]) -> bool:
    """Say whether a section holds entries of the procedure."""
    return any(f.get("bind") for f in section["fields"])


def never_optional(field: Mapping[str, Any]) -> bool:
    """Say whether the procedure needs the answer, so that no version may make it optional."""
    return field.get("bind") in definition.ALWAYS_REQUIRED


def _copy(content: Mapping[str, Any]) -> Content:
    return deepcopy(dict(content))


def _swap(rows: list[Any], place: int, to: str) -> None:
    other = place + {UP: -1, DOWN: 1}.get(to, 0)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]


def _free(taken: set[str], stem: str) -> str:
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
