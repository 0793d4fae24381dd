"""The rules of the automatic checks: the version in force, the history, a proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.eligibility_rules import (
    BY_LAW,
    CODES,
    ENVIRONMENTS,
    LEVELS,
    NEVER_CLOSED,
    PURPOSES,
)
from applications.eligibility_words import CHECK_NAMES, LEVEL_NAMES, MODE_NAMES
from core.errors import Forbidden
from portal.kit import ActionView, ActView, Crumb, Form, PageView, crumb

BASIS_CHARACTERS_MAX = 300
PURPOSE_NAMES = {
    "PUBLIC_GOVERNANCE": gettext_lazy("Public governance"),
    "PUBLIC_BENEFIT": gettext_lazy("Public benefit"),
    "INDUSTRY": gettext_lazy("Industrial development"),
    "SECTOR": gettext_lazy("Sector development"),
}
ENVIRONMENT_NAMES = {
    "RAW_EXPORT": gettext_lazy("Raw export"),
    "API": gettext_lazy("Own system through the interface"),
    "SANDBOX": gettext_lazy("Secure sandbox"),
    "VERIFY_ONLY": gettext_lazy("Verification only"),
}


def several(label: Any, choices: Any, *, required: bool = True) -> forms.MultipleChoiceField:
    """Return a field of boxes."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


class EligibilityRuleForm(Form):
    """A version: how each check works, the numbers, its authority, its day."""

    credit_days_max = forms.IntegerField(
        label=gettext_lazy("Days a credit check holds"), min_value=1, max_value=365
    )
    protection_level_min = forms.IntegerField(
        label=gettext_lazy("Level of classified protection for high levels"),
        min_value=2,
        max_value=5,
    )
    high_levels = several(
        gettext_lazy("High levels"), [(code, LEVEL_NAMES.get(code, code)) for code in LEVELS]
    )
    closed_environments = several(
        gettext_lazy("Closed environments"),
        [(code, ENVIRONMENT_NAMES[code]) for code in ENVIRONMENTS if code not in NEVER_CLOSED],
    )
    free_purposes = several(
        gettext_lazy("Purposes free of charge"),
        [(code, PURPOSE_NAMES[code]) for code in PURPOSES],
        required=False,
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"), max_length=BASIS_CHARACTERS_MAX
    )
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modes = [(mode, str(name)) for mode, name in MODE_NAMES.items()]
        checks = {
            f"mode_{code}": forms.ChoiceField(label=str(CHECK_NAMES[code]), choices=modes)
            for code in CODES
            if code not in BY_LAW
        }
        self.fields = {**checks, **self.fields}  # type: ignore[assignment]

    def modes(self) -> dict[str, str]:
        """Return how each check works; the law's own are added by the rules themselves."""
        return {
            name.removeprefix("mode_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("mode_")
        }


class EligibilityRules(PageView):
    """The checks as they work now, the versions before, and what is proposed."""

    area = "applications"
    title = gettext_lazy("Rules of the checks")
    template_name = "portal/applications/eligibility_rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the versions."""
        context = super().get_context_data(**kwargs)
        context["versions"] = queries.eligibility_rules(actor=self.request.user, at=self.at)
        context["keeps"] = queries.may_see_eligibility_rules(self.request.user)
        return context


class ProposeEligibilityRule(ActionView):
    """Propose a version, beginning with the one in force."""

    area = "applications"
    title = gettext_lazy("Propose rules of the checks")
    template_name = "portal/applications/panel_act.html"
    form_class = EligibilityRuleForm
    submit_label = gettext_lazy("Propose")

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the versions."""
        return (
            crumb(gettext_lazy("Rules of the checks"), "portal:eligibility_rules"),
            crumb(self.title),
        )

    def get_initial(self) -> dict[str, Any]:
        """Begin with the version in force."""
        versions = queries.eligibility_rules(actor=self.request.user, at=self.at)
        current = next((v for v in versions if v.current), None)
        if current is None:
            raise Forbidden
        rules = current.rules
        return {
            **{f"mode_{code}": mode for code, mode in rules.modes.items()},
            "credit_days_max": rules.credit_days_max,
            "protection_level_min": rules.protection_level_min,
            "high_levels": list(rules.high_levels),
            "closed_environments": list(rules.closed_environments),
            "free_purposes": list(rules.free_purposes),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Propose it."""
        entries = {k: v for k, v in form.cleaned_data.items() if not k.startswith("mode_")}
        actions.propose_eligibility_rule(
            modes=form.modes(), actor=self.request.user, at=self.at, **entries
        )
        return _("The version is proposed. Somebody else approves it.")

    def get_success_url(self) -> str:
        """Return to the versions."""
        return reverse("portal:eligibility_rules")


class PreviewEligibilityRule(PageView):
    """What a version would find otherwise on the newest open cases."""

    area = "applications"
    title = gettext_lazy("What the version would change")
    template_name = "portal/applications/eligibility_preview.html"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the versions."""
        return (
            crumb(gettext_lazy("Rules of the checks"), "portal:eligibility_rules"),
            crumb(self.title),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the findings that would differ."""
        context = super().get_context_data(**kwargs)
        context["changes"] = queries.preview_rule(
            rule_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return context


class SettleEligibilityRule(ActView):
    """Approve or refuse a proposed version."""

    def perform(self) -> str:
        """Settle it."""
        approve = self.request.POST.get("answer") == "approve"
        actions.settle_eligibility_rule(
            rule_id=self.kwargs["pk"], approve=approve, actor=self.request.user, at=self.at
        )
        return _("The version is approved.") if approve else _("The version is refused.")
