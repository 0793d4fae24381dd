"""
How a clause is written: text with variables, and parts that appear only where they apply. Pure.

``{retention.days}`` is a variable: an entry of the terms, or a longer passage worded from them.
``[region.declared?…]`` is a passage that appears where the condition holds. A condition names an
entry that is stated and not empty; ``!`` denies it, ``=VALUE`` compares, ``&`` joins several. A
paragraph may have a condition of its own, and may stand once for each item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

_NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_PASSAGE = re.compile(r"\[([^\[\]?]*)\?([^\[\]]*)\]")
_CONDITION = re.compile(rf"(!?)({_NAME})(?:=([A-Z][A-Z0-9_]*))?")
PARAGRAPH_CHARACTERS_MAX = 2_000
PARAGRAPHS_MAX = 40


class ClauseInvalid(InvalidInput):
    """A clause that cannot be rendered as it is written."""

    code = "clause_invalid"
    default_message = _("The clause cannot be used as it is written: %(problems)s.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its text, when it appears, and the list it stands once for."""

    text: str
    when: str = ""
    each: str = ""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One version of a clause as it is pinned: everything that its wording depends on."""

    code: str
    version: int
    title: str
    term: str
    paragraphs: tuple[Paragraph, ...]

    def dump(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self) | {"paragraphs": dump_paragraphs(self.paragraphs)}

    @staticmethod
    def load(data: Mapping[str, Any]) -> ClauseText:
        """Return it from plain JSON values."""
        return ClauseText(**(dict(data) | {"paragraphs": load_paragraphs(data["paragraphs"])}))


def dump_paragraphs(paragraphs: Iterable[Paragraph]) -> list[dict[str, str]]:
    """Return paragraphs as plain JSON values, without what they do not say."""
    return [{name: text for name, text in asdict(one).items() if text} for one in paragraphs]


def load_paragraphs(data: Iterable[Mapping[str, str]]) -> tuple[Paragraph, ...]:
    """Return paragraphs from plain JSON values."""
    return tuple(Paragraph(**one) for one in data)


def problems_of(
    paragraphs: Sequence[Paragraph], *, words: Iterable[str], lists: Iterable[str]
) -> list[str]:
    """Return what is wrong with a clause; ``words`` and ``lists`` are the names that exist."""
    known, listed = {*words}, {*lists}
    if not paragraphs or len(paragraphs) > PARAGRAPHS_MAX:
        return [str(_("write between 1 and 40 paragraphs"))]
    found: list[str] = []
    for number, one in enumerate(paragraphs, 1):
        here = _paragraph_problems(one, known, listed)
        found += [f"{number}: {problem}" for problem in here]
    return found


def names_in(paragraphs: Iterable[Paragraph]) -> set[str]:
    """Return every name of a variable, list or condition that paragraphs use."""
    found: set[str] = set()
    for one in paragraphs:
        found |= set(_VARIABLE.findall(one.text)) - {"item"}
        conditions = [one.when, *(match[0] for match in _PASSAGE.findall(one.text))]
        found |= {match[2] for text in conditions for match in _parts(text) if match}
        found |= {one.each} if one.each else set()
    return found


def render(paragraphs: Iterable[Paragraph], *, values: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Return the text of the paragraphs that apply.

    ``values`` maps a name to (what the terms state, how it is worded).

    :raises ClauseInvalid: a name has no value.
    """
    found: list[str] = []
    for one in paragraphs:
        if one.when and not _holds(one.when, values):
            continue
        if one.each:
            items = _value(one.each, values)[1]
            found += [_text(one.text, {**values, "item": (item, item)}) for item in items or ()]
        else:
            found.append(_text(one.text, values))
    return tuple(found)


def _text(text: str, values: Mapping[str, Any]) -> str:
    shown = _PASSAGE.sub(lambda m: m[2] if _holds(m[1], values) else "", text)
    return _VARIABLE.sub(lambda m: _worded(m[1], values), shown)


def _worded(name: str, values: Mapping[str, Any]) -> str:
    worded = _value(name, values)[1]
    return "、".join(worded) if isinstance(worded, list | tuple) else str(worded)


def _holds(condition: str, values: Mapping[str, Any]) -> bool:
    return all(_holds_part(match, values) for match in _parts(condition))


def _holds_part(match: re.Match[str] | None, values: Mapping[str, Any]) -> bool:
    if match is None:
        raise ClauseInvalid(problems=_("a condition cannot be read"))
    denied, name, wanted = match.groups()
    stated = _value(name, values)[0]
    return (bool(stated) if wanted is None else stated == wanted) is not bool(denied)


def _value(name: str, values: Mapping[str, Any]) -> tuple[Any, Any]:
    if name not in values:
        raise ClauseInvalid(problems=_("there is no variable %(name)s") % {"name": name})
    found: tuple[Any, Any] = values[name]
    return found


def _parts(condition: str) -> list[re.Match[str] | None]:
    parts = condition.split("&") if condition else []
    return [_CONDITION.fullmatch(part.strip()) for part in parts]


def _paragraph_problems(one: Paragraph, known: set[str], listed: set[str]) -> list[str]:
    found = []
    if not one.text.strip() or len(one.text) > PARAGRAPH_CHARACTERS_MAX:
        found.append(str(_("write at most 2,000 characters")))
    passages = _PASSAGE.findall(one.text)
    plain = _VARIABLE.sub("", _PASSAGE.sub(lambda m: m[2], one.text))
    if set("[]{}") & set(plain):
        found.append(str(_("a bracket is not closed, or stands within another")))
    found += [
        str(_("the condition “%(text)s” cannot be read")) % {"text": condition}
        for condition in (one.when, *(match[0] for match in passages))
        if any(match is None for match in _parts(condition)) or condition.strip() != condition
    ]
    if one.each and one.each not in listed:
        found.append(str(_("there is no list %(name)s")) % {"name": one.each})
    known = known | ({"item"} if one.each else set())
    unknown = sorted(names_in([Paragraph(one.text, one.when)]) - known)
    if "{item}" in one.text and not one.each:
        unknown.append("item")
    found += [str(_("there is no variable %(name)s")) % {"name": name} for name in unknown]
    return found
