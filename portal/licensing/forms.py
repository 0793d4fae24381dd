"""Forms of the licensing pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import Form

REASON_CHARACTERS_MAX = 2_000


class ReasonForm(Form):
    """Why something is done to a right."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The reason goes on record and is shown to the licensee."),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReissueForm(ReasonForm):
    """Why a certificate is issued anew."""

    cause = forms.ChoiceField(
        label=_("Why it is issued anew"),
        choices=[
            ("LOST", _("It was lost or damaged: print what it says")),
            ("CORRECTED", _("The records were put right: print what they say now")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("cause", "reason")


class RestrictForm(ReasonForm):
    """What a restriction takes away."""

    quota_percent = forms.IntegerField(
        label=_("Part of the quota that remains, in percent"),
        min_value=0,
        max_value=100,
        initial=50,
    )
    days = forms.IntegerField(
        label=_("Days the restriction holds"),
        help_text=_("Leave empty for an open end."),
        min_value=1,
        max_value=366,
        required=False,
    )
    blocked_fields = forms.MultipleChoiceField(
        label=_("Blocked fields"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, columns: tuple[tuple[str, str], ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["blocked_fields"].choices = columns  # type: ignore[attr-defined]


class ClientForm(Form):
    """A program that will call the data interface."""

    name = forms.CharField(label=_("Name of the client application"), max_length=100)
    purpose = forms.CharField(
        label=_("What it does with the data"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ip_allow_list = forms.CharField(
        label=_("Addresses it calls from"),
        help_text=_("One address or network per line, e.g. 203.0.113.0/24. Empty allows any."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
