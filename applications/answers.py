"""
The answers to the fields of a form definition: what a draft keeps, what a submission lacks. Pure.

A draft keeps what was typed, also when it is wrong. Only what no field of the form could ever hold
is refused: an unknown key, an unknown column, a value of another shape, more than a field's bytes.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import definition
from core.errors import InvalidInput

Problems = dict[str, str | Promise]
Field = Mapping[str, Any]
# What a draft keeps of one answer, whatever the field's own limit says at submission.
KEPT_CHARACTERS_MAX = 8_000
EMPTY: Any = ("", None, [], {})

_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}|(\+?86[- ]?)?0\d{2,3}[- ]?\d{7,8}(-\d{1,6})?")
_FILL_IN = _("Fill this in before you submit.")


def clean(
    *,
    form: Mapping[str, Any],
    stored: Mapping[str, Any],
    changes: Mapping[str, Any],
    bound: Mapping[str, Any],
) -> dict[str, Any]:
    """
    Return the answers of a draft after some of them changed.

    Answers to fields that are not shown are dropped. ``bound`` holds the entries that are kept in
    columns.

    :raises InvalidInput: something that the form can never hold; ``fields`` is by key.
    """
    fields = {f["key"]: f for f in definition.fields_of(form)}
    problems: Problems = {}
    for key, value in changes.items():
        field = fields.get(key)
        if field is None or field.get("bind") or field["type"] in ("HEADING", "FILE"):
            problems[key] = _("The form has no such entry.")
        elif problem := _shape_problem(field, value):
            problems[key] = problem
    if problems:
        raise InvalidInput(fields=problems)
    merged = {k: v for k, v in {**stored, **changes}.items() if k in fields}
    shown = visible(form=form, answers=merged, bound=bound)
    return {
        key: _tidy(value)
        for key, value in merged.items()
        if key in shown and _tidy(value) not in EMPTY
    }


def visible(
    *, form: Mapping[str, Any], answers: Mapping[str, Any], bound: Mapping[str, Any]
) -> frozenset[str]:
    """Return the keys of the fields that are shown; what depends on a hidden choice is hidden."""
    shown: set[str] = set()
    fields = {f["key"]: f for f in definition.fields_of(form)}
    for key, field in fields.items():
        when = field.get("visible_when")
        if not when:
            shown.add(key)
            continue
        ruler = fields.get(when["field"])
        if ruler is None or ruler["key"] not in shown:
            continue
        value = value_of(ruler, answers=answers, bound=bound)
        given = value if isinstance(value, list) else [_word(value)]
        if set(given) & set(when["values"]):
            shown.add(key)
    return frozenset(shown)


def find_gaps(
    *,
    form: Mapping[str, Any],
    answers: Mapping[str, Any],
    bound: Mapping[str, Any],
    files: Mapping[str, Any],
) -> dict[str, Problems]:
    """Return what a submission would be refused for: section → field → what to do."""
    shown = visible(form=form, answers=answers, bound=bound)
    found: dict[str, Problems] = {}
    for section in form.get("sections", ()):
        for field in section["fields"]:
            if field["key"] not in shown or field["type"] == "HEADING":
                continue
            name = name_of(field)
            problem = (
                _file_gap(field, files)
                if field["type"] == "FILE"
                else gap_in(field, value_of(field, answers=answers, bound=bound))
            )
            if problem:
                found.setdefault(section["key"], {})[name] = problem
    return found


def find_warnings(
    *,
    form: Mapping[str, Any],
    answers: Mapping[str, Any],
    bound: Mapping[str, Any],
) -> dict[str, Problems]:
    """Return what is written but wrong; what is merely empty is no warning while drafting."""
    gaps = find_gaps(form=form, answers=answers, bound=bound, files={})
    written = {
        name_of(f)
        for f in definition.fields_of(form)
        if value_of(f, answers=answers, bound=bound) not in EMPTY
    }
    kept = {s: {k: p for k, p in found.items() if k in written} for s, found in gaps.items()}
    return {section: problems for section, problems in kept.items() if problems}


def name_of(field: Field) -> str:
    """Return what problems call a field: its column or topic, else its key."""
    return str(field.get("bind") or field["key"]).removeprefix("security_plan.")


def value_of(field: Field, *, answers: Mapping[str, Any], bound: Mapping[str, Any]) -> Any:
    """Return the answer to a field, from its column when it is bound to one."""
    name = field.get("bind")
    if not name:
        return answers.get(field["key"])
    head, _dot, topic = str(name).partition(".")
    value = bound.get(head)
    return (value or {}).get(topic) if topic else value


def gap_in(field: Field, value: Any) -> str | Promise | None:
    """Return why one answer cannot be submitted, or None."""
    if field["type"] == "TABLE":
        return _table_gap(field, value or [])
    if value in EMPTY:
        return _FILL_IN if field.get("required") else None
    if field["type"] == "MULTI":
        known = {o["value"] for o in field["options"]}
        return None if set(value) <= known else _("Choose among the options.")
    return _RULES.get(field["type"], _text_gap)(field, value)


def _table_gap(field: Field, rows: list[Mapping[str, Any]]) -> str | Promise | None:
    least = max(field.get("rows_min", 0), 1 if field.get("required") else 0)
    if len(rows) < least:
        return _("Fill in more rows of the table.")
    if len(rows) > field.get("rows_max", definition.ROWS_MAX):
        return _("The table has too many rows.")
    columns = {c["key"]: c for c in field["columns"]}
    for row in rows:
        if set(row) - set(columns):
            return _("The table has no such column.")
        for key, column in columns.items():
            if gap_in(column, row.get(key)):
                return _("A row of the table is not complete, or has an entry that does not fit.")
    return None


def _file_gap(field: Field, files: Mapping[str, Any]) -> str | Promise | None:
    return _("Attach this file before you submit.") if (
        field.get("required") and not files.get(field["key"])
    ) else None


def _text_gap(field: Field, value: Any) -> str | Promise | None:
    most = field.get("length_max") or definition.LENGTH_MAX
    return None if len(str(value)) <= most else _("Shorten this text.")


def _option_gap(field: Field, value: Any) -> str | Promise | None:
    known = {o["value"] for o in field["options"]}
    return None if value in known else _("Choose one of the options.")


def _date_gap(_field: Field, value: Any) -> str | Promise | None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return _("Enter a date, e.g. 2026-09-14.")
    return None


def _email_gap(_field: Field, value: Any) -> str | Promise | None:
    ok = len(value) <= 254 and _EMAIL.fullmatch(value)
    return None if ok else _("Enter an e-mail address, e.g. name@example.com.")


def _phone_gap(_field: Field, value: Any) -> str | Promise | None:
    return None if _PHONE.fullmatch(value) else _("Enter a mobile or landline number.")


def _number_gap(field: Field, value: Any) -> str | Promise | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return _("Enter a number.")
    least, most = field.get("least"), field.get("most")
    if not number.is_finite() or (least is not None and number < least) or (
        most is not None and number > most
    ):
        return _("Enter a number within the limits.")
    return None


def _flag_gap(field: Field, value: Any) -> str | Promise | None:
    if value is False and field.get("required") and not field.get("bind"):
        return _FILL_IN
    return None if isinstance(value, bool) else _("Answer yes or no.")


def _ip_gap(_field: Field, value: Any) -> str | Promise | None:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return _("Enter an IP address, e.g. 218.90.0.1.")
    # A private address says nothing about where the data will be called from.
    return None if address.is_global else _("Enter a public IP address.")


_RULES = {
    "OPTION": _option_gap,
    "DATE": _date_gap,
    "EMAIL": _email_gap,
    "PHONE": _phone_gap,
    "NUMBER": _number_gap,
    "FLAG": _flag_gap,
    "IP": _ip_gap,
}


def _shape_problem(field: Field, value: Any) -> str | Promise | None:
    if field["type"] == "TABLE":
        return _rows_problem(field, value)
    if field["type"] == "MULTI":
        ok = isinstance(value, list) and len(value) <= definition.OPTIONS_MAX
        ok = ok and all(isinstance(v, str) and len(v) <= KEPT_CHARACTERS_MAX for v in value)
        return None if ok else _("Choose among the options.")
    if field["type"] == "FLAG":
        return None if value is None or isinstance(value, bool) else _("Answer yes or no.")
    ok = isinstance(value, str) and len(value) <= KEPT_CHARACTERS_MAX
    return None if ok else _("Enter a text that is not too long.")


def _rows_problem(field: Field, rows: Any) -> str | Promise | None:
    if not isinstance(rows, list) or len(rows) > definition.ROWS_MAX:
        return _("The table has too many rows.")
    known = {c["key"] for c in field["columns"]}
    for row in rows:
        if not isinstance(row, Mapping) or set(row) - known:
            return _("The table has no such column.")
        if not all(isinstance(v, str) and len(v) <= KEPT_CHARACTERS_MAX for v in row.values()):
            return _("Enter a text that is not too long.")
    return None


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        rows = [{k: v.strip() for k, v in row.items()} for row in value]
        return [row for row in rows if any(row.values())]
    return value


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
