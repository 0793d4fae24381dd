"""The entries of one section of a draft: their marks, and those that two people changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from applications import diff, form, merging
from applications.errors import DraftChanged
from applications.queries import DraftPage
from portal.applications.files import PREFIX
from portal.kit import Form

BASE_CHARACTERS_MAX = 20_000
# What the page itself adds to what was typed.
OWN = ("csrfmiddlewaretoken", "revision", "base", "choose", "stay")
TAKE = "take-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry that both changed: what it says in their words and in mine."""

    name: str
    label: str
    theirs: str
    mine: str
    pieces: tuple[diff.Piece, ...]


def stored(draft: DraftPage, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in a section now, by flat names."""
    content, section = draft.content, asked["key"]
    if section == "datasets":
        return {item["code"]: merging.written(item) for item in content["items"]}
    names = [n for n in form.SECTION_FIELDS.get(section, ()) if n not in ("items", "commitments")]
    keys = [f["key"] for f in asked["fields"] if not f.get("bind")]
    own = {name: content[name] for name in names}
    if "security_plan" in own:
        plan = own["security_plan"] or {}
        own["security_plan"] = {topic: plan.get(topic) for topic in form.SECURITY_TOPICS}
    return merging.flat({**own, "answers": {key: content["answers"].get(key) for key in keys}})


def base_of(draft: DraftPage, asked: Mapping[str, Any]) -> str:
    """Return the marks of a section as the page carries them."""
    return json.dumps(merging.marks(stored(draft, asked)), separators=(",", ":"))


def base_in(request: HttpRequest) -> dict[str, str] | None:
    """Return the marks that came with a form; None when there are none that make sense."""
    text = request.POST.get("base", "")
    if not text or len(text) > BASE_CHARACTERS_MAX:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        return None
    return found


def as_chosen(
    request: HttpRequest, changes: Mapping[str, Any], there: Mapping[str, Any]
) -> dict[str, Any]:
    """Return changes, with what stands there where the person took what the other wrote."""
    taken = _taken(request)
    both = {
        name: there.get(name) if name in taken else value
        for name, value in merging.flat(changes).items()
    }
    return merging.nested(both)


def items_as_chosen(
    request: HttpRequest, items: Iterable[Mapping[str, Any]], draft: DraftPage
) -> list[Mapping[str, Any]]:
    """Return datasets, as they stand there where the person took what the other wrote."""
    taken = _taken(request)
    there = [item for item in draft.content["items"] if item["code"] in taken]
    return [item for item in items if item["code"] not in taken] + there


def _taken(request: HttpRequest) -> set[str]:
    for_all = request.POST.get("choose", "")
    return {
        name.removeprefix(TAKE)
        for name, value in request.POST.items()
        if name.startswith(TAKE) and (for_all or value) == "theirs"
    }


def control_of(name: str) -> str:
    """Return the name of the control of an entry."""
    outer, dot, inner = name.partition(".")
    if not dot:
        return name
    return f"{PREFIX}{inner}" if outer == "answers" else inner


def choices(error: DraftChanged, shown: Form | None) -> tuple[Choice, ...]:
    """Return what has to be chosen between, in words."""
    found = []
    for clash in error.clashes:
        theirs, mine = (_text(value, clash.name, shown) for value in (clash.theirs, clash.mine))
        label = clash.name
        if shown is not None and control_of(clash.name) in shown.fields:
            label = str(shown.fields[control_of(clash.name)].label)
        pieces = diff.words(old=theirs, new=mine)
        found.append(Choice(clash.name, label, theirs, mine, pieces))
    return tuple(found)


def base_chosen_from(request: HttpRequest, error: DraftChanged) -> str:
    """Return the marks a choice is sent with: theirs where it clashed, the rest as they came."""
    theirs = {clash.name: merging.mark(clash.theirs) for clash in error.clashes}
    return json.dumps({**(base_in(request) or {}), **theirs}, separators=(",", ":"))


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return everything that was typed, so that the next page carries it."""
    return [
        (name, text)
        for name in request.POST
        if name not in OWN and not name.startswith(TAKE)
        for text in request.POST.getlist(name)
    ]


def came_in(
    before: Mapping[str, str], mine: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the entries that others changed meanwhile, with what they say now."""
    return {
        name: value
        for name, value in now.items()
        if name in before
        and merging.mark(value) != before[name]
        and (name not in mine or merging.mark(mine[name]) != merging.mark(value))
    }


def _text(value: Any, name: str, shown: Form | None) -> str:
    if value in (None, "", [], {}):
        return _("not provided")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        if "fields" in value:
            return "、".join(value["fields"]) + f"\n{value['justification']}"
        return "；".join(str(text) for text in value.values())
    names: dict[str, str] = {}
    if shown is not None:
        field = shown.fields.get(control_of(name))
        names = {str(v): str(text) for v, text in getattr(field, "choices", ())}
    if isinstance(value, list | tuple):
        return "\n".join(_text(one, name, shown) for one in value)
    return names.get(str(value), str(value))
