"""Fields of a form definition as fields of a page. A draft may be wrong, so nothing is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import definition
from applications.answers import KEPT_CHARACTERS_MAX
from portal.applications import files
from portal.applications.files import PREFIX
from portal.applications.forms import area, boxes, radio
from portal.kit import Form

# Rows of a table that stand empty for the next entries.
SPARE_ROWS = 3
_INPUTS = {"DATE": "date", "EMAIL": "email", "PHONE": "tel"}


class TableInput(forms.Widget):
    """A table of inputs, with a few rows to spare."""

    def __init__(self, columns: Sequence[Mapping[str, Any]], rows_most: int) -> None:
        super().__init__()
        self.columns, self.rows_most = columns, rows_most

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """Return the rows that say something."""
        rows = []
        for number in range(definition.ROWS_MAX):
            row = {
                c["key"]: str(data.get(f"{name}-{number}-{c['key']}", "")) for c in self.columns
            }
            if any(text.strip() for text in row.values()):
                rows.append(row)
        return rows

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """Draw one labelled input per cell."""
        language = get_language() or ""
        titles = [definition.in_language(c["label"], language) for c in self.columns]
        rows = [*(value or []), *({} for _n in range(SPARE_ROWS))][: self.rows_most]
        head = format_html_join("", '<th scope="col">{}</th>', ((t,) for t in titles))
        body = format_html_join(
            "",
            "<tr>{}</tr>",
            (
                (
                    format_html_join(
                        "",
                        "<td>{}</td>",
                        (
                            (self._cell(name, number, column, title, row, language),)
                            for column, title in zip(self.columns, titles, strict=True)
                        ),
                    ),
                )
                for number, row in enumerate(rows)
            ),
        )
        return format_html(
            '<div class="table-responsive"><table class="table" id="{}" tabindex="-1"><thead><tr>{}'
            "</tr></thead><tbody>{}</tbody></table></div>",
            (attrs or {}).get("id", name),
            head,
            body,
        )

    def _cell(
        self,
        name: str,
        number: int,
        column: Mapping[str, Any],
        title: str,
        row: Mapping[str, str],
        language: str,
    ) -> SafeString:
        label = _("%(title)s, row %(number)s") % {"title": title, "number": number + 1}
        cell, value = f"{name}-{number}-{column['key']}", row.get(column["key"], "")
        if column["type"] == "OPTION":
            known = [o["value"] for o in column["options"]]
            choices = [("", "—"), *_choices(column, language)]
            choices += [(value, value)] if value and value not in known else []
            options = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((v, " selected" if v == value else "", text) for v, text in choices),
            )
            return format_html(
                '<select class="form-select" name="{}" aria-label="{}">{}</select>',
                cell,
                label,
                options,
            )
        return format_html(
            '<input class="form-control" name="{}" type="{}" value="{}" aria-label="{}">',
            cell,
            _INPUTS.get(column["type"], "text"),
            value,
            label,
        )


class Anything(forms.Field):
    """A field that takes what was typed; the form definition says later whether it fits."""


class AnyChoice(forms.ChoiceField):
    """A choice that takes what was sent."""

    def valid_value(self, value: Any) -> bool:
        """Take every value: a draft keeps it, a submission refuses it."""
        return True


class AnyChoices(forms.MultipleChoiceField):
    """Several choices that take what was sent."""

    def valid_value(self, value: Any) -> bool:
        """Take every value: a draft keeps it, a submission refuses it."""
        return True


def extend(
    form: Form,
    section: Mapping[str, Any],
    answers: Mapping[str, Any],
    shelf: files.Shelf | None = None,
) -> Form:
    """Give the form of a section the words, order and further fields of the definition."""
    language = get_language() or ""
    order = []
    for field in section["fields"]:
        bind = field.get("bind")
        name = str(bind).removeprefix("security_plan.") if bind else PREFIX + field["key"]
        if bind and name in form.fields:
            _reword(form.fields[name], field, language)
        elif field["type"] == "FILE":
            form.fields[name] = files.made(field, shelf)
        elif not bind and field["type"] != "HEADING":
            form.fields[name] = _made(field, language)
            form.initial[name] = answers.get(field["key"])
        order.append(name)
    form.order_fields(order)
    return form


def answers_in(section: Mapping[str, Any], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into the further fields of a section."""
    return {
        f["key"]: cleaned[PREFIX + f["key"]]
        for f in section["fields"]
        if PREFIX + f["key"] in cleaned and f["type"] != "FILE"
    }


def columns_in(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into the fields that have columns."""
    return {name: value for name, value in cleaned.items() if not name.startswith(PREFIX)}



def _reword(shown: forms.Field, field: Mapping[str, Any], language: str) -> None:
    shown.label = definition.in_language(field["label"], language)
    if field.get("help"):
        shown.help_text = definition.in_language(field["help"], language)
    if isinstance(shown, forms.ChoiceField) and field.get("options"):
        shown.choices = _choices(field, language)
    if field.get("length_max") and isinstance(shown, forms.CharField):
        shown.max_length = field["length_max"]
        shown.widget.attrs["maxlength"] = field["length_max"]


def _made(field: Mapping[str, Any], language: str) -> forms.Field:
    label = definition.in_language(field["label"], language)
    unit = definition.in_language(field.get("unit"), language)
    words: dict[str, Any] = {
        "label": f"{label}（{unit}）" if unit else label,
        "help_text": definition.in_language(field.get("help"), language),
        "required": False,
    }
    kind = field["type"]
    if kind == "OPTION":
        return AnyChoice(choices=_choices(field, language), widget=radio(), **words)
    if kind == "MULTI":
        return AnyChoices(choices=_choices(field, language), widget=boxes(), **words)
    if kind == "FLAG":
        return forms.BooleanField(**words)
    if kind == "TABLE":
        widget = TableInput(field["columns"], field.get("rows_max", definition.ROWS_MAX))
        return Anything(widget=widget, **words)
    if kind == "LONG_TEXT":
        made = area(most=KEPT_CHARACTERS_MAX, **words)
    else:
        made = forms.CharField(max_length=KEPT_CHARACTERS_MAX, **words)
        made.widget.input_type = _INPUTS.get(kind, "text")
    made.widget.attrs["maxlength"] = field.get("length_max") or definition.LENGTH_MAX
    return made


def _choices(field: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [
        (o["value"], definition.in_language(o["label"], language)) for o in field["options"]
    ]
