"""What a case answers beside the columns, in words, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import answers as rules
from applications import definition
from applications.models import Application
from applications.queries.files import FilesByField, files_for
from applications.queries.forms import bound_of, form_of
from applications.queries.rows import FileRow


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer: ``lines`` of text; a table has ``head`` and ``cells``, files are ``files``."""

    key: str
    label: str
    private: bool
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """One section with what the form asks in it beside the columns; empty answers are there."""

    key: str
    title: str
    rows: tuple[AnswerRow, ...]


def answers_of(case: Application, *, of_applicant: bool) -> tuple[AnswerSection, ...]:
    """
    Return the sections in which something is asked beside the columns; hidden fields are not.

    The office reads the files that were handed in last, the applicant those that stand there now.
    """
    merged = form_of(case)
    shown = rules.visible(form=merged, answers=case.answers, bound=bound_of(case))
    language = get_language() or ""
    files = files_for(case, of_applicant=of_applicant)
    found = []
    for section in merged["sections"]:
        asked = [
            _row(field, case.answers.get(field["key"]), language, files)
            for field in section["fields"]
            if not field.get("bind") and field["key"] in shown and field["type"] != "HEADING"
        ]
        if asked:
            title = definition.in_language(section["title"], language)
            found.append(AnswerSection(section["key"], title, tuple(asked)))
    return tuple(found)


def _row(
    field: Mapping[str, Any], value: Any, language: str, files: FilesByField
) -> AnswerRow:
    label = definition.in_language(field["label"], language)
    private = bool(field.get("private"))
    if field["type"] == "FILE":
        return AnswerRow(field["key"], label, private, files=files.get(field["key"], ()))
    if field["type"] == "TABLE":
        columns = field["columns"]
        return AnswerRow(
            field["key"],
            label,
            private,
            head=tuple(definition.in_language(c["label"], language) for c in columns),
            cells=tuple(
                tuple(_words(c, row.get(c["key"], ""), language) for c in columns)
                for row in value or ()
            ),
        )
    if value in rules.EMPTY:
        return AnswerRow(field["key"], label, private)
    given = value if isinstance(value, list) else [value]
    unit = definition.in_language(field.get("unit"), language)
    lines = tuple(f"{_words(field, one, language)} {unit}".strip() for one in given)
    return AnswerRow(field["key"], label, private, lines=lines)


def _words(field: Mapping[str, Any], value: Any, language: str) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for option in field.get("options") or ():
        if option["value"] == value:
            return definition.in_language(option["label"], language)
    return str(value)
