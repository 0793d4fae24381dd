"""The forms of applications. Drafts may hold gaps, so their fields are never required."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import form as rules
from applications.actions.endings import STOP_CAUSES
from applications.actions.submission import REFUSAL_CODES
from portal.kit import Form

Choice = tuple[str, str | Promise]

PURPOSES: tuple[Choice, ...] = (
    ("PUBLIC_GOVERNANCE", _("Public governance (free of charge)")),
    ("PUBLIC_BENEFIT", _("Public benefit (free of charge)")),
    ("INDUSTRY", _("Industrial development (may be charged)")),
    ("SECTOR", _("Sector development (may be charged)")),
)
DELIVERIES: tuple[Choice, ...] = (
    ("API", _("Data interface")),
    ("FILE", _("Database file")),
    ("SANDBOX", _("Secure sandbox")),
    ("VERIFY_ONLY", _("Verification only")),
)
ENVIRONMENTS: tuple[Choice, ...] = (
    ("SANDBOX", _("Secure sandbox")),
    ("VERIFY_ONLY", _("Verification only")),
    ("API", _("Own system through the interface")),
    ("RAW_EXPORT", _("Raw export")),
)
PROTECTIONS: tuple[Choice, ...] = (
    ("", _("None")),
    ("1", _("Level 1")),
    ("2", _("Level 2")),
    ("3", _("Level 3")),
    ("4", _("Level 4")),
)
DECISIONS: tuple[Choice, ...] = (
    ("ALLOW", _("Allow")),
    ("TRANSFORM", _("Transform")),
    ("DENY", _("Refuse")),
)


def area(label: Any, *, rows: int = 4, most: int = 4_000, **kwargs: Any) -> forms.CharField:
    """Return a field for a long text with its limit."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)


def radio() -> forms.RadioSelect:
    """Return radio buttons that stand beside their words."""
    return forms.RadioSelect(attrs={"class": "form-check-input"})


def boxes() -> forms.CheckboxSelectMultiple:
    """Return check boxes that stand beside their words."""
    return forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


class NewForm(Form):
    """The first question of an application."""

    scenario_name = forms.CharField(
        label=_("Name of the scenario"),
        max_length=120,
        help_text=_("One application stands for one scenario, e.g. credit checks of small firms."),
    )


class ScenarioForm(Form):
    """Scenario and purpose."""

    scenario_name = forms.CharField(label=_("Name of the scenario"), max_length=120, required=False)
    purpose_class = forms.ChoiceField(
        label=_("Purpose class"), choices=PURPOSES, widget=radio(), required=False
    )
    purpose_text = area(
        _("Purpose in detail"),
        required=False,
        help_text=_("Who uses the data, in which step of which business, and what for."),
    )
    expected_products = area(_("Expected products"), rows=2, required=False)
    benefit_statement = area(_("Expected benefit"), rows=2, required=False)


class UsageForm(Form):
    """Usage and environment."""

    delivery_mode = forms.ChoiceField(
        label=_("Delivery"), choices=DELIVERIES, widget=radio(), required=False
    )
    environment = forms.ChoiceField(
        label=_("Environment of use"),
        choices=ENVIRONMENTS,
        widget=radio(),
        required=False,
        help_text=_("Data of level 3 and above are used in the sandbox or for verification only."),
    )
    term_months = forms.IntegerField(
        label=_("Term in months"), min_value=1, max_value=12, required=False
    )
    monthly_quota = forms.IntegerField(
        label=_("Calls a month"), min_value=1, max_value=100_000_000, required=False
    )
    protection_level = forms.TypedChoiceField(
        label=_("Classified protection of your system"),
        choices=PROTECTIONS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    protection_certificate = forms.CharField(
        label=_("Number of the filing certificate"), max_length=80, required=False
    )
    region = forms.CharField(
        label=_("Region of storage and processing"), max_length=120, required=False
    )
    onward_supply = forms.BooleanField(
        label=_("The data are to be passed on to a named third party"), required=False
    )
    cross_border = forms.BooleanField(
        label=_("The data are to leave the mainland"), required=False
    )


class SecurityPlanForm(Form):
    """One text per topic of the security plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic, title in rules.SECURITY_TOPICS.items():
            self.fields[topic] = area(title, rows=3, most=2_000, required=False)


class CommitmentsForm(Form):
    """The commitments, each to be ticked."""

    codes = forms.MultipleChoiceField(
        label=_("We commit ourselves"),
        choices=list(rules.COMMITMENTS.items()),
        widget=boxes(),
        required=False,
    )


class ReasonForm(Form):
    """One reason."""

    reason = area(_("Reason"), rows=3, most=1_000)


class OptionalReasonForm(Form):
    """A reason that may stay away."""

    reason = area(_("Reason"), rows=3, most=1_000, required=False)


class ClockForm(Form):
    """Which clock stands, and why."""

    kind = forms.ChoiceField(
        label=_("Clock"),
        choices=[
            ("overall", _("Overall limit")),
            ("provider_review", _("Provider review")),
            ("security_review", _("Security review")),
            ("committee", _("Committee review")),
        ],
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=list(STOP_CAUSES.items()))
    reason = area(_("Reason"), rows=2, most=300)


class ExtendForm(Form):
    """By how many working days, and why."""

    working_days = forms.IntegerField(
        label=_("Working days to add"), min_value=1, max_value=10, initial=5
    )
    reason = area(_("Reason"), rows=2, most=300)


class RefuseForm(Form):
    """Why an application is not accepted."""

    reason_code = forms.ChoiceField(
        label=_("Ground"), choices=list(REFUSAL_CODES.items()), widget=radio()
    )
    reason = area(_("Reason"), rows=4, most=2_000)


class AssessmentForm(Form):
    """The security assessment."""

    findings = area(_("Findings, one a line"), rows=5)
    conclusion = area(_("Conclusion"), rows=2, most=1_000)
    conditions = area(_("Conditions to propose, one a line"), rows=3, required=False)
    valid_until = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class GroundsForm(Form):
    """Why the applicant objects."""

    grounds = area(_("Grounds of the objection"), rows=5)
