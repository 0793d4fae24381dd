"""The forms of the gates: what is asked, not what is right; that is the rules' business."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import queries
from portal.kit import Form

TEXT_CHARACTERS_MAX = 2_000
REASON_CHARACTERS_MAX = 500


def _text(label: Any, help_text: Any = "", *, length: int = TEXT_CHARACTERS_MAX) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class Rows(Form):
    """The data file of a version."""

    file = forms.FileField(
        label=_("Data file (Parquet)"),
        help_text=_("The columns must be the declared fields, in their order."),
    )


class Term(Form):
    """How long the dataset is open, and by what."""

    open_from = _day(_("Open from"), _("Leave it empty for no first day."), required=False)
    open_to = _day(_("Open until"), _("Leave it empty for no last day."), required=False)
    operated_to = _day(
        _("Authorized operation until"),
        _("Only where an operator is authorized to operate this dataset."),
        required=False,
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The list, decision or agreement that says so."),
    )


class Classify(Form):
    """Opening class and reason; the level follows from the fields."""

    openness = forms.ChoiceField(
        label=_("Opening class"), choices=queries.opening_classes, widget=forms.RadioSelect
    )
    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=queries.opening_reasons, widget=forms.RadioSelect
    )


class AssessRisk(Form):
    """The risk assessment."""

    threats = _text(_("Threats"), _("Who could do what with this data?"))
    aggregation_risk = _text(
        _("Aggregation risk"), _("What could be learned together with other data?")
    )
    likelihood = forms.IntegerField(
        label=_("Likelihood (1 to 5)"), min_value=1, max_value=5, initial=2
    )
    impact = forms.IntegerField(label=_("Impact (1 to 5)"), min_value=1, max_value=5, initial=2)
    controls = _text(_("Controls"), _("What keeps the threats away?"))
    residual_level = forms.ChoiceField(
        label=_("Residual level"),
        help_text=_("A residual level above the level of the fields raises the dataset's level."),
        choices=queries.level_names,
    )
    assessor = forms.CharField(label=_("Assessor"), max_length=120)
    valid_until = _day(_("Valid until"))


class SecrecyReview(Form):
    """The secrecy review."""

    passes = forms.ChoiceField(
        label=_("Conclusion"),
        choices=(("yes", _("May be opened")), ("no", _("Must not be opened: hold it"))),
        widget=forms.RadioSelect,
    )
    opinion = _text(_("Opinion"))


class Reason(Form):
    """A step that needs a reason."""

    reason = _text(_("Reason"), _("Those concerned will read it."), length=REASON_CHARACTERS_MAX)


class Close(Reason):
    """Closing as not open."""

    reason_code = forms.ChoiceField(
        label=_("Ground"), choices=queries.closing_reasons, widget=forms.RadioSelect
    )
    field_order = ("reason_code", "reason")


class Reclassify(Form):
    """The evidence that begins a reclassification."""

    kind = forms.ChoiceField(
        label=_("Kind of evidence"),
        choices=(
            ("DESENSITIZATION_REPORT", _("Desensitization report")),
            ("CONSENT", _("Consent of the right-holders")),
        ),
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Title of the document"), max_length=200)
    summary = _text(_("Summary"))
    content = forms.FileField(
        label=_("Document"), help_text=_("Its hash is kept as evidence; at most 20 MB.")
    )
    valid_until = _day(_("Valid until"), _("A consent needs a last day."), required=False)
