"""The form of one field of a form definition, with the settings of its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from applications import definition, form, form_editing, form_shape
from applications.definition import in_language
from core import uploads
from portal.applications import definition_words as words
from portal.applications import field_settings as settings
from portal.applications.formfields import AnyChoices, Anything, TableInput
from portal.applications.forms import area, boxes
from portal.kit import Form


class FieldForm(Form):
    """
    One field with the settings of its type.

    Only what could not be stored is refused here; what is unsound is told beside the field.
    """

    def __init__(
        self,
        *args: Any,
        field: Mapping[str, Any],
        content: Mapping[str, Any],
        home: int,
        place: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stored, self.kind = field, str(field["type"])
        self.pairs = settings.pairs_of(content, field, home, place)
        self._add_words()
        if self.kind != "HEADING":
            self._add_flags()
        for name in form_shape.SETTINGS[self.kind]:
            _MAKERS[name](self)
        if not field.get("bind"):
            self._add_condition()
            self._add_home(content, home, place)

    def made(self) -> dict[str, Any]:
        """Return the field as entered; settings this form does not know stay as they are."""
        data, made = self.cleaned_data, dict(self.stored)
        made["key"] = data["key"].strip() or self.stored.get("key", "")
        made["label"] = settings.together("label", data)
        said = settings.together("help", data)
        settings.say(made, "help", said, when=any(said.values()))
        for name in ("required", "private"):
            settings.say(made, name, True, when=data.get(name))
        for name in form_shape.SETTINGS[self.kind]:
            settings.READERS.get(name, settings.read_number)(made, name, data)
        chosen = [self.pairs[text][:2] for text in data.get("condition", ())]
        if not self.stored.get("bind"):
            when = {"field": chosen[0][0], "values": [v for _f, v in chosen]} if chosen else None
            settings.say(made, "visible_when", when, when=when)
        return made

    def clean_condition(self) -> list[str]:
        """Take values of one question."""
        chosen: list[str] = self.cleaned_data["condition"]
        if not set(chosen) <= set(self.pairs):
            raise ValidationError(_("This choice is not in the version any more."))
        if len({self.pairs[text][0] for text in chosen}) > 1:
            raise ValidationError(_("A field depends on one question. Tick values of one only."))
        return chosen

    def clean_columns(self) -> list[dict[str, Any]]:
        """Return the columns as a definition says them."""
        stored = {c["key"]: c for c in self.stored.get("columns") or ()}
        return [settings.column_made(row, stored) for row in self.cleaned_data["columns"]]

    def _add_words(self) -> None:
        bound = bool(self.stored.get("bind"))
        both = (("zh", _("in Chinese")), ("en", _("in English")))
        for code, language in both:
            self._add("label_" + code, forms.CharField(
                label=f"{words.setting_name('label')} {language}",
                max_length=form_shape.LABEL_CHARACTERS_MAX, required=False,
            ))  # fmt: skip
        for code, language in both:
            self._add("help_" + code, area(
                f"{words.setting_name('help')} {language}", rows=2,
                most=form_shape.HELP_CHARACTERS_MAX, required=False,
            ))  # fmt: skip
        self._add("key", forms.CharField(
            label=words.setting_name("key"), max_length=form_shape.KEY_CHARACTERS_MAX,
            required=False, disabled=bound,
            help_text=_("This is an entry of the procedure, so its key stays.") if bound else _(
                "Small Latin letters, digits and _; left empty, a free one is given."
            ),
        ))  # fmt: skip
        self.initial["key"] = self.stored.get("key", "")
        self.initial.update(settings.apart("label", self.stored.get("label")))
        self.initial.update(settings.apart("help", self.stored.get("help")))

    def _add_flags(self) -> None:
        fixed = form_editing.never_optional(self.stored)
        said = _("The procedure needs this entry, so it stays required.") if fixed else ""
        self._add("required", forms.BooleanField(
            label=words.setting_name("required"), required=False, disabled=fixed, help_text=said
        ))  # fmt: skip
        self._add("private", forms.BooleanField(
            label=words.setting_name("private"), required=False,
            help_text=_("Persons who are only asked for an opinion do not read the answer."),
        ))  # fmt: skip
        for name in ("required", "private"):
            self.initial[name] = bool(self.stored.get(name))

    def _add_condition(self) -> None:
        choices = [(text, label) for text, (_f, _v, label) in self.pairs.items()]
        if not choices:
            said = _("No choice stands before this field, so it is always shown.")
        else:
            said = _("Nothing ticked: always shown. Tick one or more values of one question.")
        self._add("condition", AnyChoices(
            label=words.setting_name("visible_when"), choices=choices, widget=boxes(),
            required=False, help_text=said,
        ))  # fmt: skip
        when = self.stored.get("visible_when") or {"field": "", "values": []}
        self.initial["condition"] = [f"{when['field']}:{value}" for value in when["values"]]

    def _add_home(self, content: Mapping[str, Any], home: int, place: int | None) -> None:
        if place is None or len(content["sections"]) < 2:
            return
        language = get_language() or ""
        choices = [
            (str(n), in_language(s["title"], language) or s["key"])
            for n, s in enumerate(content["sections"])
        ]
        self._add("home", forms.ChoiceField(label=pgettext("form", "Section"), choices=choices))
        self.initial["home"] = str(home)

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field

    def add_count(self, name: str) -> None:
        """Add a setting that is a whole number."""
        self._add(name, forms.IntegerField(
            label=words.setting_name(name), required=False, min_value=0,
            max_value=form_shape.NUMBER_MAX,
        ))  # fmt: skip
        self.initial[name] = self.stored.get(name)

    def add_limit(self, name: str) -> None:
        """Add a limit of a number; it may be below zero."""
        self._add(name, forms.IntegerField(
            label=words.setting_name(name), required=False,
            min_value=-form_shape.NUMBER_MAX, max_value=form_shape.NUMBER_MAX,
        ))  # fmt: skip
        self.initial[name] = self.stored.get(name)

    def add_unit(self) -> None:
        """Add the unit in both languages."""
        for code, language in (("zh", _("in Chinese")), ("en", _("in English"))):
            self._add("unit_" + code, forms.CharField(
                label=f"{words.setting_name('unit')} {language}", required=False,
                max_length=form_shape.KEY_CHARACTERS_MAX,
            ))  # fmt: skip
        self.initial.update(settings.apart("unit", self.stored.get("unit")))

    def add_options(self) -> None:
        """Add a row per option."""
        columns = [settings.text_column("value", _("Value")), *settings.language_columns()]
        fixed = self.stored.get("bind") in form.CHOICES
        self._add("options", Anything(
            label=words.setting_name("options"), required=False,
            widget=TableInput(columns, definition.OPTIONS_MAX),
            help_text=_(
                "The options of this entry belong to the procedure; only their words can change."
            ) if fixed else _("An emptied row is removed. Save, and there are empty rows again."),
        ))  # fmt: skip
        self.initial["options"] = [
            {"value": o["value"], **o["label"]} for o in self.stored.get("options") or ()
        ]

    def add_columns(self) -> None:
        """Add a row per column of the table."""
        types = [(kind, words.type_name(kind)) for kind in definition.COLUMN_TYPES]
        columns = [
            settings.text_column("key", words.setting_name("key")),
            settings.choice_column("type", words.setting_name("type"), types),
            *settings.language_columns(),
            settings.choice_column(
                "required", words.setting_name("required"), [(settings.YES, _("Yes"))]
            ),
            settings.text_column(
                "options", _("Options, each value|Chinese|English, with ; between")
            ),
        ]
        self._add("columns", Anything(
            label=words.setting_name("columns"), required=False,
            widget=TableInput(columns, definition.COLUMNS_MAX),
            help_text=_("An emptied row is removed. Save, and there are empty rows again."),
        ))  # fmt: skip
        self.initial["columns"] = [
            {
                "key": c["key"],
                "type": c["type"],
                **c["label"],
                "required": settings.YES if c.get("required") else "",
                "options": settings.options_text(c.get("options") or ()),
            }
            for c in self.stored.get("columns") or ()
        ]

    def add_kinds(self) -> None:
        """Add the kinds of files."""
        self._add("kinds", AnyChoices(
            label=words.setting_name("kinds"), choices=[(k, k) for k in uploads.KINDS],
            widget=boxes(), required=False, help_text=_("Nothing ticked: all of them."),
        ))  # fmt: skip
        self.initial["kinds"] = self.stored.get("kinds") or []


_MAKERS: dict[str, Any] = {
    **{
        name: (lambda shown, name=name: shown.add_count(name))
        for name in ("length_max", "rows_min", "rows_max", "files_max", "megabytes_max")
    },
    **{name: (lambda shown, name=name: shown.add_limit(name)) for name in ("least", "most")},
    "unit": FieldForm.add_unit,
    "options": FieldForm.add_options,
    "columns": FieldForm.add_columns,
    "kinds": FieldForm.add_kinds,
}
