"""
What a form definition may say, and how the parts of a case become one form. Pure.

A definition is ``{"sections": [{"key", "title", "hint", "fields": [field]}]}``; a field is
``{"key", "type", "label", "help", "required", "length_max", "least", "most", "options": [{"value",
"label"}], "unit", "visible_when": {"field", "values"}, "private", "bind", "columns": [field],
"rows_min", "rows_max", "kinds", "files_max", "megabytes_max"}``. Only key, type and label are
always there. Titles, labels and helps are
``{"zh": text, "en": text}``. A field with ``bind`` is kept in a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import form
from core import uploads

Problems = dict[str, str | Promise]
Definition = Mapping[str, Any]
Part = tuple[str, Definition]

TYPES = (
    "TEXT",
    "LONG_TEXT",
    "OPTION",
    "MULTI",
    "DATE",
    "EMAIL",
    "PHONE",
    "NUMBER",
    "FLAG",
    "FILE",
    "TABLE",
    "HEADING",
    "IP",
)
COLUMN_TYPES = ("TEXT", "OPTION", "DATE", "EMAIL", "PHONE", "NUMBER", "IP")
# A column may only be bound by a field that can hold it.
BINDABLE = {
    **dict.fromkeys(("scenario_name", "protection_certificate", "region"), "TEXT"),
    **dict.fromkeys(("purpose_text", "expected_products", "benefit_statement"), "LONG_TEXT"),
    **dict.fromkeys(("purpose_class", "delivery_mode", "environment"), "OPTION"),
    **dict.fromkeys(form.NUMBERS, "NUMBER"),
    **dict.fromkeys(form.FLAGS, "FLAG"),
    **{f"security_plan.{topic}": "LONG_TEXT" for topic in form.SECURITY_TOPICS},
}
# What letters and agreements are written from, so no version may make it optional.
ALWAYS_REQUIRED = frozenset(BINDABLE) - {
    "protection_level",
    "protection_certificate",
    *form.FLAGS,
}
FIELDS_MAX = 200
OPTIONS_MAX = 100
COLUMNS_MAX = 12
ROWS_MAX = 100
LENGTH_MAX = 4_000
# A field for files takes so many at most, and as many as this when it does not say.
FILES_MAX = 10
FILES_USUAL = 5
MEGABYTES_MAX = uploads.UPLOAD_BYTES_MAX // uploads.MEGABYTE
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Sections whose contents are rows of their own, not fields.
FIXED = ("datasets", "commitments")


def find_problems(*, content: Definition, general: bool) -> Problems:
    """Return what is wrong with a definition: the key of a section or field → what to do."""
    problems: Problems = {}
    sections = content.get("sections")
    if not isinstance(sections, list) or not sections:
        return {"sections": _("A form has at least one section.")}
    keys = [s.get("key") for s in sections]
    for section in sections:
        key = str(section.get("key"))
        if not _KEY.fullmatch(key) or keys.count(key) > 1 or key in FIXED:
            problems[key] = _("A key is in small Latin letters and stands once in the form.")
        elif not _is_text(section.get("title")):
            problems[key] = _("Give the section a title in Chinese and in English.")
    fields = fields_of(content)
    if len(fields) > FIELDS_MAX:
        problems["sections"] = _("A form has 200 fields at most.")
    seen: dict[str, Mapping[str, Any]] = {}
    for field in fields:
        key = str(field.get("key"))
        problem = _problem_of(field, seen, general=general)
        if problem:
            problems[key] = problem
        seen[key] = field
    problems |= _strays(content) if general else {}
    if general:
        bound = {f.get("bind") for f in fields}
        for name in BINDABLE:
            if name not in bound:
                problems[name] = _("This entry belongs to the procedure and cannot be removed.")
    return problems


def fields_of(content: Definition) -> list[Mapping[str, Any]]:
    """Return the fields of a definition in order."""
    return [f for section in content.get("sections", ()) for f in section.get("fields", ())]


def merge(*, parts: Sequence[Part]) -> dict[str, Any]:
    """
    Return the one form of a case: the parts in order, each section and field once.

    A section that stands in several parts is shown where it stood first, with the fields of all.
    Every field keeps in ``datasets`` whose parts ask for it; the general part asks for nobody.
    """
    sections: dict[str, dict[str, Any]] = {}
    known: dict[str, dict[str, Any]] = {}
    for owner, content in parts:
        for section in content.get("sections", ()):
            home = sections.setdefault(section["key"], {**section, "fields": []})
            for field in section.get("fields", ()):
                asked = known.get(field["key"])
                if asked is None:
                    asked = known[field["key"]] = {**field, "datasets": []}
                    home["fields"].append(asked)
                asked["required"] = bool(asked.get("required") or field.get("required"))
                asked["private"] = bool(asked.get("private") or field.get("private"))
                if owner and owner not in asked["datasets"]:
                    asked["datasets"].append(owner)
    return {"sections": [s for s in sections.values() if s["fields"]]}


def share_out(*, general: Definition, parts: Sequence[Part], most: int) -> list[list[str]]:
    """
    Return which datasets can share a case, in as few cases as a first fit finds.

    Two parts cannot share a case when both ask under one key for different things, and no case
    holds more than ``most`` datasets. One group means that all can go together.
    """
    groups: list[tuple[list[str], dict[str, Any]]] = []
    base = {f["key"]: _meaning(f) for f in fields_of(general)}
    for code, content in parts:
        asked = {f["key"]: _meaning(f) for f in fields_of(content)}
        for codes, meanings in groups:
            fits = all(meanings.get(key, what) == what for key, what in asked.items())
            if fits and len(codes) < most:
                codes.append(code)
                meanings.update(asked)
                break
        else:
            groups.append(([code], {**base, **asked}))
    return [codes for codes, _meanings in groups]


@dataclass(frozen=True, slots=True)
class FileRule:
    """What a field for files takes."""

    kinds: tuple[str, ...]
    files_max: int
    megabytes_max: int


def file_rule(field: Mapping[str, Any]) -> FileRule:
    """Return what a field for files takes; what it does not say is what the product takes."""
    return FileRule(
        kinds=tuple(field.get("kinds") or uploads.KINDS),
        files_max=field.get("files_max") or FILES_USUAL,
        megabytes_max=field.get("megabytes_max") or MEGABYTES_MAX,
    )


def in_language(text: Any, language: str) -> str:
    """Return a text of the definition in the reader's language, Chinese when there is none."""
    if not isinstance(text, Mapping):
        return ""
    return str(text.get("en" if language.startswith("en") else "zh") or text.get("zh") or "")


def _meaning(field: Mapping[str, Any]) -> Any:
    return [
        field.get(name)
        for name in (
            "type", "bind", "unit", "options", "columns", "visible_when", "kinds", "files_max",
            "megabytes_max",
        )
    ]  # fmt: skip


def _problem_of(
    field: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]], *, general: bool
) -> str | Promise | None:
    key, kind = str(field.get("key")), field.get("type")
    if not _KEY.fullmatch(key) or key in before:
        return _("A key is in small Latin letters and stands once in the form.")
    if kind not in TYPES:
        return _("Choose one of the types.")
    if not _is_text(field.get("label")):
        return _("Give the field a label in Chinese and in English.")
    return (
        _binding_problem(field, before, general=general)
        or _limits_problem(field)
        or _options_problem(field)
        or _columns_problem(field)
        or _files_problem(field)
        or _condition_problem(field, before)
    )


def _binding_problem(
    field: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]], *, general: bool
) -> str | Promise | None:
    name = field.get("bind")
    if not name:
        return None
    if not general or name not in BINDABLE or BINDABLE[name] != field["type"]:
        return _("This entry of the procedure cannot be asked by such a field.")
    if any(other.get("bind") == name for other in before.values()):
        return _("This entry of the procedure is asked once.")
    if name in ALWAYS_REQUIRED and not field.get("required"):
        return _("The procedure needs this entry, so it stays required.")
    if field.get("visible_when"):
        return _("An entry of the procedure is always shown.")
    return None


def _strays(content: Definition) -> Problems:
    """Return the entries of the procedure that left the section whose page asks them."""
    return {
        str(field["key"]): _("This entry of the procedure stays in its section.")
        for section in content["sections"]
        for field in section.get("fields", ())
        if str(field.get("bind") or "").partition(".")[0]
        not in ("", *form.SECTION_FIELDS.get(str(section.get("key")), ()))
    }


def _limits_problem(field: Mapping[str, Any]) -> str | Promise | None:
    length = field.get("length_max")
    if length is not None and not (isinstance(length, int) and 0 < length <= LENGTH_MAX):
        return _("A length is between 1 and 4,000 characters.")
    bind = field.get("bind")
    own = form.TEXT_CHARACTERS_MAX.get(str(bind))
    if own and length is not None and length > own:
        return _("This entry holds fewer characters.")
    least, most = field.get("least"), field.get("most")
    if least is not None and most is not None and least > most:
        return _("The least is not more than the most.")
    return None


def _options_problem(field: Mapping[str, Any]) -> str | Promise | None:
    if field["type"] not in ("OPTION", "MULTI"):
        return None
    options = field.get("options") or []
    values = [o.get("value") for o in options]
    if not 0 < len(options) <= OPTIONS_MAX or len(set(values)) < len(values):
        return _("Give between 1 and 100 options, each with a value of its own.")
    if not all(_is_text(o.get("label")) and o.get("value") for o in options):
        return _("Every option has a value and a label in Chinese and in English.")
    wanted = form.CHOICES.get(str(field.get("bind")))
    if wanted is not None and set(values) != wanted:
        return _("The options of this entry belong to the procedure; only their words can change.")
    return None


def _columns_problem(field: Mapping[str, Any]) -> str | Promise | None:
    if field["type"] != "TABLE":
        return None
    columns = field.get("columns") or []
    if not 0 < len(columns) <= COLUMNS_MAX:
        return _("A table has between 1 and 12 columns.")
    seen: set[str] = set()
    for column in columns:
        key = str(column.get("key"))
        if key in seen or not _KEY.fullmatch(key) or not _is_text(column.get("label")):
            return _("Every column has a key of its own and a label in Chinese and in English.")
        if column.get("type") not in COLUMN_TYPES or _options_problem(column):
            return _("A column holds text, an option, a date, a number or an address.")
        seen.add(key)
    least, most = field.get("rows_min", 0), field.get("rows_max", ROWS_MAX)
    if not 0 <= least <= most <= ROWS_MAX:
        return _("A table has at most 100 rows, and not fewer than its least.")
    return None


def _files_problem(field: Mapping[str, Any]) -> str | Promise | None:
    if field["type"] != "FILE":
        return None
    kinds = field.get("kinds", list(uploads.KINDS))
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= set(uploads.KINDS):
        return _("A field for files takes PDF, PNG or JPEG, at least one of them.")
    most, size = field.get("files_max", FILES_USUAL), field.get("megabytes_max", MEGABYTES_MAX)
    if not _is_between(most, FILES_MAX) or not _is_between(size, MEGABYTES_MAX):
        return _("A field for files takes between 1 and 10 files, each of 10 MB at most.")
    return None


def _is_between(number: Any, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= most


def _condition_problem(
    field: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]]
) -> str | Promise | None:
    when = field.get("visible_when")
    if not when:
        return None
    ruler = before.get(str(when.get("field")))
    if ruler is None or ruler["type"] not in ("OPTION", "MULTI", "FLAG"):
        return _("What a field depends on is a choice that stands before it.")
    known = _values_of(ruler)
    values = when.get("values") or []
    if not values or not set(values) <= known:
        return _("A field depends on values that the choice really has.")
    return None


def _values_of(field: Mapping[str, Any]) -> set[str]:
    if field["type"] == "FLAG":
        return {"true", "false"}
    return {o["value"] for o in field.get("options") or ()}


def _is_text(text: Any) -> bool:
    return isinstance(text, Mapping) and all(
        isinstance(text.get(language), str) and text[language].strip() for language in ("zh", "en")
    )
