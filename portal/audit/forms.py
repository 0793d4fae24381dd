"""What an auditor may look for."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from portal import wording
from portal.kit import Form
from workflow import trail


class Wanted(Form):
    """Filters of the trail; every one may be empty."""

    actor = forms.CharField(label=_("Person"), required=False, max_length=80)
    subject_type = forms.ChoiceField(label=_("Kind of object"), required=False)
    subject_id = forms.CharField(label=_("Object id"), required=False, max_length=64)
    action = forms.ChoiceField(label=_("Act"), required=False)
    from_on = forms.DateField(
        label=_("From day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    to_on = forms.DateField(
        label=_("To day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    refused_only = forms.BooleanField(label=_("Refused attempts only"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, str(wording.subject(kind))) for kind in trail.subject_types()]
        self.fields["subject_type"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]
        verbs = [(code, str(text)) for code, text in wording.VERBS.items()]
        self.fields["action"].choices = [("", _("All")), *verbs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("to_on", _("The period ends before it begins."))
        return data

    def wanted(self) -> trail.Wanted:
        """Return the filters as the trail takes them; days are days in Asia/Shanghai."""
        data = self.cleaned_data if self.is_valid() else {}
        first, last = data.get("from_on"), data.get("to_on")
        return trail.Wanted(
            actor=data.get("actor", ""),
            subject_type=data.get("subject_type", ""),
            subject_id=data.get("subject_id", ""),
            action=data.get("action", ""),
            refused_only=bool(data.get("refused_only")),
            from_at=clock.start_of_day(first) if first else None,
            to_at=clock.end_of_day(last) if last else None,
        )
