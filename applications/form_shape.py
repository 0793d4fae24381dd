"""
The shape of a form definition: what may be stored at all, and read from a file of strangers. Pure.

A draft may be unsound (``definition.find_problems`` says how), but it never has an unknown key, a
value of another kind or a text without measure, so that every page can draw it. A problem is named
by its path, e.g. ``sections[0].fields[2].options[1].value``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import definition
from core.errors import InvalidInput

Problem = tuple[str, str | Promise]
Check = Callable[[Any, str], Iterator[Problem]]

FORMAT = "datadeed-form/1"
DOCUMENT_BYTES_MAX = 500_000
SECTIONS_MAX = 40
PROBLEMS_MAX = 20
KEY_CHARACTERS_MAX = 40
VALUE_CHARACTERS_MAX = 80
LABEL_CHARACTERS_MAX = 200
HELP_CHARACTERS_MAX = 1_000
BASIS_CHARACTERS_MAX = 300
NUMBER_MAX = 10**15

_LENGTH, _LIMITS = ("length_max",), ("least", "most", "unit")
# What a field of each type may say beyond key, label, help, condition and who reads it.
SETTINGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(definition.TYPES, ()),
    "TEXT": _LENGTH,
    "LONG_TEXT": _LENGTH,
    "NUMBER": _LIMITS,
    "OPTION": ("options",),
    "MULTI": ("options",),
    "TABLE": ("columns", "rows_min", "rows_max"),
    "FILE": ("kinds", "files_max", "megabytes_max"),
}
NEEDED = {"OPTION": "options", "MULTI": "options", "TABLE": "columns"}
COMMON = ("key", "type", "label", "help", "required", "private", "visible_when", "bind")
OF_COLUMN = ("key", "type", "label", "help", "required")
# Anything that is no letter to read: controls, halves of characters, marks that turn the text.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def read_document(data: bytes) -> dict[str, Any]:
    """
    Return ``{"legal_basis", "sections"}`` of an exported definition.

    :raises InvalidInput: no such document; ``fields`` is by path.
    """
    if len(data) > DOCUMENT_BYTES_MAX:
        raise _refused("document", _("The file is larger than 500 KB."))
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise _refused("document", _("This is no JSON document in UTF-8.")) from error
    known = ("format", "dataset", "version", "legal_basis", "sections")
    problems = list(_keys(document, "", known=known, needed=("format", "legal_basis", "sections")))
    if not problems:
        if document["format"] != FORMAT:
            problems.append(("format", _("The format is not datadeed-form/1.")))
        problems += _text(BASIS_CHARACTERS_MAX)(document["legal_basis"], "legal_basis")
        problems += find_misfits({"sections": document["sections"]})
    if problems:
        raise InvalidInput(fields={path or "document": text for path, text in problems})
    return {"legal_basis": document["legal_basis"], "sections": document["sections"]}


def write_document(
    *, content: Mapping[str, Any], legal_basis: str, dataset: str, version: int
) -> bytes:
    """Return a definition as the document that ``read_document`` reads."""
    document = {
        "format": FORMAT,
        "dataset": dataset,
        "version": version,
        "legal_basis": legal_basis,
        "sections": content["sections"],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def find_misfits(content: Any) -> list[Problem]:
    """Return what cannot be stored as a definition: (path, what to do); at most PROBLEMS_MAX."""
    found: list[Problem] = []
    for problem in _content(content):
        found.append(problem)
        if len(found) == PROBLEMS_MAX:
            break
    return found


def _content(content: Any) -> Iterator[Problem]:
    problem = None
    for problem in _keys(content, "", known=("sections",), needed=("sections",)):
        yield problem
    if problem:
        return
    yield from _list(_section, SECTIONS_MAX)(content["sections"], "sections")
    if isinstance(content["sections"], list):
        counted = [s["fields"] for s in content["sections"] if _has_list(s, "fields")]
        if sum(map(len, counted)) > definition.FIELDS_MAX:
            yield "sections", _("A form has 200 fields at most.")


def _section(section: Any, path: str) -> Iterator[Problem]:
    yield from _record(
        section,
        path,
        {
            "key": _key,
            "title": _both(LABEL_CHARACTERS_MAX),
            "hint": _both(HELP_CHARACTERS_MAX),
            "fields": _list(_field, definition.FIELDS_MAX),
        },
        needed=("key", "title", "fields"),
    )


def _field(field: Any, path: str) -> Iterator[Problem]:
    yield from _typed(field, path, common=COMMON, types=definition.TYPES)


def _column(column: Any, path: str) -> Iterator[Problem]:
    yield from _typed(column, path, common=OF_COLUMN, types=definition.COLUMN_TYPES)


def _typed(
    field: Any, path: str, *, common: tuple[str, ...], types: tuple[str, ...]
) -> Iterator[Problem]:
    kind = field.get("type") if isinstance(field, Mapping) else None
    if isinstance(field, Mapping) and (not isinstance(kind, str) or kind not in types):
        yield _at(path, "type"), _("Choose one of the types.")
        return
    names = (*common, *SETTINGS.get(str(kind), ()))
    needed = ("key", "type", "label", *([NEEDED[str(kind)]] if kind in NEEDED else []))
    yield from _record(field, path, {name: _CHECKS[name] for name in names}, needed=needed)


def _record(
    value: Any, path: str, checks: Mapping[str, Check], *, needed: tuple[str, ...]
) -> Iterator[Problem]:
    problem = None
    for problem in _keys(value, path, known=tuple(checks), needed=needed):
        yield problem
    if problem:
        return
    for name, check in checks.items():
        if name in value:
            yield from check(value[name], _at(path, name))


def _keys(
    value: Any, path: str, *, known: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield path, _("Here stands an object with named entries.")
        return
    for name in value:
        if name not in known:
            yield _at(path, _short(name)), _("There is no such entry here.")
    for name in needed:
        if name not in value:
            yield _at(path, name), _("This entry is missing.")


def _list(check: Check, most: int) -> Check:
    def checked(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield path, _("Here stands a list.")
        elif len(value) > most:
            yield path, _("The list is too long.")
        else:
            for number, one in enumerate(value):
                yield from check(one, f"{path}[{number}]")

    return checked


def _text(most: int) -> Check:
    def checked(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield path, _("Here stands a text.")
        elif len(value) > most:
            yield path, _("Shorten this text.")
        elif _UNREADABLE.search(value):
            yield path, _("The text has characters that nobody can read.")

    return checked


def _key(value: Any, path: str) -> Iterator[Problem]:
    yield from _text(KEY_CHARACTERS_MAX)(value, path)
    if value == "":
        yield path, _("This entry is missing.")


def _both(most: int) -> Check:
    def checked(value: Any, path: str) -> Iterator[Problem]:
        checks = {"zh": _text(most), "en": _text(most)}
        yield from _record(value, path, checks, needed=("zh", "en"))

    return checked


def _flag(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield path, _("Here stands true or false.")


def _whole(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= NUMBER_MAX:
        yield path, _("Here stands a whole number.")


def _limit(value: Any, path: str) -> Iterator[Problem]:
    # Whole like every number on record: a fraction has no canonical form to be hashed.
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > NUMBER_MAX:
        yield path, _("Here stands a whole number.")


def _option(option: Any, path: str) -> Iterator[Problem]:
    checks = {"value": _text(VALUE_CHARACTERS_MAX), "label": _both(LABEL_CHARACTERS_MAX)}
    yield from _record(option, path, checks, needed=("value", "label"))


def _condition(when: Any, path: str) -> Iterator[Problem]:
    values = _list(_text(VALUE_CHARACTERS_MAX), definition.OPTIONS_MAX)
    checks = {"field": _text(KEY_CHARACTERS_MAX), "values": values}
    yield from _record(when, path, checks, needed=("field", "values"))


_CHECKS: dict[str, Check] = {
    "key": _key,
    "type": _text(KEY_CHARACTERS_MAX),
    "label": _both(LABEL_CHARACTERS_MAX),
    "help": _both(HELP_CHARACTERS_MAX),
    "required": _flag,
    "private": _flag,
    "visible_when": _condition,
    "bind": _text(KEY_CHARACTERS_MAX),
    "length_max": _whole,
    "least": _limit,
    "most": _limit,
    "unit": _both(KEY_CHARACTERS_MAX),
    "options": _list(_option, definition.OPTIONS_MAX),
    "columns": _list(_column, definition.COLUMNS_MAX),
    "rows_min": _whole,
    "rows_max": _whole,
    "kinds": _list(_text(KEY_CHARACTERS_MAX), definition.OPTIONS_MAX),
    "files_max": _whole,
    "megabytes_max": _whole,
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an entry stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _has_list(value: Any, name: str) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get(name), list)


def _short(name: Any) -> str:
    return _UNREADABLE.sub("?", str(name))[:KEY_CHARACTERS_MAX]


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _refused(path: str, text: str | Promise) -> InvalidInput:
    return InvalidInput(fields={path: text})
