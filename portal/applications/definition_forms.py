"""The small forms of the editor of a form definition; a field has a form of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications import form_editing, form_shape
from portal.applications.field_settings import apart
from portal.applications.forms import area
from portal.kit import Form


class SectionForm(Form):
    """Words and key of a section."""

    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        max_length=form_shape.LABEL_CHARACTERS_MAX,
        required=False,
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=form_shape.LABEL_CHARACTERS_MAX,
        required=False,
    )
    hint_zh = area(
        gettext_lazy("Hint in Chinese"),
        rows=2,
        most=form_shape.HELP_CHARACTERS_MAX,
        required=False,
    )
    hint_en = area(
        gettext_lazy("Hint in English"),
        rows=2,
        most=form_shape.HELP_CHARACTERS_MAX,
        required=False,
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=form_shape.KEY_CHARACTERS_MAX,
        required=False,
        help_text=gettext_lazy(
            "Small Latin letters, digits and _; left empty, a free one is given."
        ),
    )

    def __init__(self, *args: Any, section: Mapping[str, Any] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section is None:
            return
        self.initial["key"] = section["key"]
        for name in ("title", "hint"):
            self.initial.update(apart(name, section.get(name)))
        if form_editing.is_fixed(section):
            self.fields["key"].disabled = True
            self.fields["key"].help_text = _(
                "The section has entries of the procedure, so its key stays."
            )


class BasisForm(Form):
    """Why the form may ask what it asks."""

    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=form_shape.BASIS_CHARACTERS_MAX,
        help_text=gettext_lazy("The rule, with number and article, by which this is asked."),
    )


class ImportForm(Form):
    """A definition as a file or as text."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = area(
        gettext_lazy("or its text"),
        rows=8,
        most=form_shape.DOCUMENT_BYTES_MAX,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Take one of the two."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("text")):
            raise ValidationError(_("Choose a file or paste its text, one of the two."))
        return data

    def document(self) -> bytes:
        """Return what was handed in, one byte more than allowed at most."""
        file = self.cleaned_data.get("file")
        if file:
            read: bytes = file.read(form_shape.DOCUMENT_BYTES_MAX + 1)
            return read
        return str(self.cleaned_data["text"]).encode("utf-8", "replace")


class PublishForm(Form):
    """From which day on."""

    effective_on = forms.DateField(
        label=pgettext_lazy("form", "In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Applications begun on this day or later are asked this version."),
    )
