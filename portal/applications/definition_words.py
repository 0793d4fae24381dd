"""Words for the types and settings of a form definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from applications import form_diff
from applications.definition import in_language

TYPES: dict[str, str | Promise] = {
    "TEXT": pgettext_lazy("field type", "Text"),
    "LONG_TEXT": pgettext_lazy("field type", "Long text"),
    "OPTION": pgettext_lazy("field type", "One of several"),
    "MULTI": pgettext_lazy("field type", "Some of several"),
    "DATE": pgettext_lazy("field type", "Date"),
    "EMAIL": pgettext_lazy("field type", "E-mail"),
    "PHONE": pgettext_lazy("field type", "Telephone"),
    "NUMBER": pgettext_lazy("field type", "Number with unit"),
    "FLAG": pgettext_lazy("field type", "Yes or no"),
    "FILE": pgettext_lazy("field type", "Attachment"),
    "TABLE": pgettext_lazy("field type", "Table"),
    "HEADING": pgettext_lazy("field type", "Heading"),
    "IP": pgettext_lazy("field type", "IP address"),
}
SETTINGS: dict[str, str | Promise] = {
    "key": gettext_lazy("Key"),
    "type": gettext_lazy("Type"),
    "title": gettext_lazy("Title"),
    "hint": gettext_lazy("Hint"),
    "label": gettext_lazy("Label"),
    "help": gettext_lazy("Help text"),
    "required": pgettext_lazy("form", "Required"),
    "private": gettext_lazy("Private to the reviewers"),
    "visible_when": gettext_lazy("Shown when"),
    "bind": gettext_lazy("Entry of the procedure"),
    "length_max": gettext_lazy("Most characters"),
    "least": gettext_lazy("Least value"),
    "most": gettext_lazy("Greatest value"),
    "unit": gettext_lazy("Unit"),
    "options": gettext_lazy("Options"),
    "columns": pgettext_lazy("form", "Columns"),
    "rows_min": gettext_lazy("Fewest rows"),
    "rows_max": gettext_lazy("Most rows"),
    "kinds": gettext_lazy("Kinds of files"),
    "files_max": gettext_lazy("Most files"),
    "megabytes_max": gettext_lazy("Most megabytes of a file"),
}
KINDS: dict[str, str | Promise] = {
    form_diff.ADDED: pgettext_lazy("change of a form", "Added"),
    form_diff.REMOVED: pgettext_lazy("change of a form", "Removed"),
    form_diff.CHANGED: pgettext_lazy("change of a form", "Changed"),
    form_diff.MOVED: pgettext_lazy("change of a form", "Moved"),
}
TONES = {
    form_diff.ADDED: "green",
    form_diff.REMOVED: "red",
    form_diff.CHANGED: "blue",
    form_diff.MOVED: "yellow",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words; ``details`` are (setting, before, after)."""

    kind: str | Promise
    tone: str
    is_section: bool
    key: str
    label: str
    section: str
    moved_from: str
    details: tuple[tuple[str, str, str], ...]


def type_name(kind: str) -> str:
    """Return the name of a type; what has no name yet is shown as its code."""
    return str(TYPES.get(kind, kind))


def setting_name(name: str) -> str:
    """Return the name of a setting."""
    return str(SETTINGS.get(name, name))


def rows_of(changes: Sequence[form_diff.Change]) -> tuple[ChangeRow, ...]:
    """Return changes in the words of the reader."""
    language = get_language() or ""
    return tuple(
        ChangeRow(
            kind=KINDS[change.kind],
            tone=TONES[change.kind],
            is_section=change.is_section,
            key=change.key,
            label=in_language(change.label, language) or change.key,
            section=in_language(change.section, language),
            moved_from=in_language(change.moved_from, language),
            details=details_of(change.details),
        )
        for change in changes
    )


def details_of(details: Sequence[form_diff.Detail]) -> tuple[tuple[str, str, str], ...]:
    """Return settings before and after, in words."""
    return tuple(
        (setting_name(d.name), describe(d.name, d.before), describe(d.name, d.after))
        for d in details
    )


def describe(name: str, value: Any) -> str:
    """Return one setting as people read it."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "type":
        return type_name(str(value))
    if name == "visible_when":
        return f"{value['field']} = {_joined(value['values'])}"
    if name == "options":
        return "；".join(f"{o['value']} {both(o['label'])}" for o in value)
    if name == "columns":
        return "；".join(_column(c) for c in value)
    if isinstance(value, Mapping):
        return both(value)
    return _joined(value) if isinstance(value, list) else str(value)


def both(text: Mapping[str, str]) -> str:
    """Return a text in both languages."""
    return f"{text.get('zh') or '—'} / {text.get('en') or '—'}"


def _column(column: Mapping[str, Any]) -> str:
    words = [type_name(str(column["type"]))]
    words += [
        f"{setting_name(name)}: {describe(name, value)}"
        for name, value in column.items()
        if name not in ("key", "type", "label") and value not in ("", None, False, [])
    ]
    return f"{column['key']} {both(column['label'])} ({', '.join(words)})"


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(str(v) for v in values)
