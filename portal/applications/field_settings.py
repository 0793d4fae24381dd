"""Settings of a field between the editor's form and the definition. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import form_editing, form_shape
from applications.definition import in_language

YES = "1"
# Between options in one line, and between value and words of one option.
_BETWEEN, _WITHIN = re.compile(r"[;；\n]"), "|"


def options_text(options: Any) -> str:
    """Return options in one line, as ``options_read`` reads them."""
    return "; ".join(
        _WITHIN.join((o["value"], o["label"]["zh"], o["label"]["en"])) for o in options
    )


def options_read(text: str) -> list[dict[str, Any]]:
    """Return the options in a line; a word that is not said is the one before it."""
    found = []
    for part in _BETWEEN.split(text):
        value, *labels = [piece.strip() for piece in part.split(_WITHIN, 2)]
        if value:
            zh, en = (*labels, *(labels[:1] or [value]), value)[:2]
            found.append({"value": value, "label": {"zh": zh, "en": en}})
    return found


def column_made(row: Mapping[str, str], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a column as a definition says it; what the row cannot say stays."""
    old = stored.get(row["key"].strip(), {})
    kind = row["type"] or "TEXT"
    known = ("key", "help", *form_shape.SETTINGS[kind]) if kind in form_shape.SETTINGS else ()
    made: dict[str, Any] = {name: old[name] for name in known if name in old}
    made |= {
        "key": row["key"].strip(),
        "type": kind,
        "label": {"zh": row["zh"].strip(), "en": row["en"].strip()},
    }
    if row["required"] == YES:
        made["required"] = True
    if kind == "OPTION" and row["options"] != options_text(old.get("options") or ()):
        made["options"] = options_read(row["options"])
    elif kind == "OPTION":
        made.setdefault("options", [])
    return made


def pairs_of(
    content: Mapping[str, Any], field: Mapping[str, Any], home: int, place: int | None
) -> dict[str, tuple[str, str, str]]:
    """Return what a field may depend on: text of the box → (field, value, words)."""
    language = get_language() or ""
    found: dict[str, tuple[str, str, str]] = {}
    for ruler in form_editing.rulers_before(content, section=home, place=place):
        values = [(o["value"], in_language(o["label"], language)) for o in _options_of(ruler)]
        for value, label in values:
            said = f"{in_language(ruler['label'], language) or ruler['key']} = {label or value}"
            found[f"{ruler['key']}:{value}"] = (ruler["key"], value, said)
    when = field.get("visible_when") or {"field": "", "values": []}
    for value in when["values"]:
        gone = _("%(name)s = %(value)s (not there any more)")
        said = gone % {"name": when["field"], "value": value}
        found.setdefault(f"{when['field']}:{value}", (when["field"], value, said))
    return found


def _options_of(ruler: Mapping[str, Any]) -> list[dict[str, Any]]:
    if ruler["type"] != "FLAG":
        return list(ruler.get("options") or ())
    return [
        {"value": "true", "label": {"zh": "是", "en": "Yes"}},
        {"value": "false", "label": {"zh": "否", "en": "No"}},
    ]


def text_column(key: str, title: str) -> dict[str, Any]:
    """Return a column of the editor's own table."""
    return {"key": key, "type": "TEXT", "label": {"zh": title, "en": title}}


def choice_column(key: str, title: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a column of the editor's own table with a choice in it."""
    options = [{"value": value, "label": {"zh": text, "en": text}} for value, text in choices]
    return {**text_column(key, title), "type": "OPTION", "options": options}


def language_columns() -> list[dict[str, Any]]:
    """Return the columns for the words of a row."""
    return [
        text_column("zh", _("Words in Chinese")),
        text_column("en", _("Words in English")),
    ]


def apart(name: str, text: Any) -> dict[str, str]:
    """Return a text in both languages as two entries of a form."""
    return {f"{name}_{code}": (text or {}).get(code, "") for code in ("zh", "en")}


def together(name: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return two entries of a form as a text in both languages."""
    return {code: data[f"{name}_{code}"].strip() for code in ("zh", "en")}


def say(made: dict[str, Any], name: str, value: Any, *, when: Any) -> None:
    """Put a setting that says something, drop one that does not."""
    if when:
        made[name] = value
    else:
        made.pop(name, None)


def read_number(made: dict[str, Any], name: str, data: Mapping[str, Any]) -> None:
    """Read a setting that is a number."""
    value = data[name]
    say(made, name, value, when=value is not None)


def _read_unit(made: dict[str, Any], name: str, data: Mapping[str, Any]) -> None:
    say(made, name, together(name, data), when=data["unit_zh"] or data["unit_en"])


def _read_options(made: dict[str, Any], name: str, data: Mapping[str, Any]) -> None:
    made[name] = [
        {
            "value": row["value"].strip(),
            "label": {"zh": row["zh"].strip(), "en": row["en"].strip()},
        }
        for row in data[name] or ()
    ]


def _read_columns(made: dict[str, Any], name: str, data: Mapping[str, Any]) -> None:
    made[name] = data[name]


def _read_kinds(made: dict[str, Any], name: str, data: Mapping[str, Any]) -> None:
    say(made, name, data[name], when=data[name])


Reader = Callable[[dict[str, Any], str, Mapping[str, Any]], None]
READERS: dict[str, Reader] = {
    "unit": _read_unit,
    "options": _read_options,
    "columns": _read_columns,
    "kinds": _read_kinds,
}
