"""The rules of signing: every version, and the form for the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from portal.kit import ActionView, Crumb, Form, crumb

KINDS = {
    "signing_order": gettext_lazy("Order of signing"),
    "mandate_days_max": gettext_lazy("Longest power of attorney, in calendar days"),
}
ORDERS = (
    ("USER_FIRST", gettext_lazy("Data user first, then the providers in any order")),
    ("ONE_BY_ONE", gettext_lazy("Data user first, then the providers one after the other")),
    ("PARALLEL", gettext_lazy("Everybody in any order")),
)


class RuleForm(Form):
    """The next version of one rule."""

    kind = forms.ChoiceField(label=gettext_lazy("Rule"), choices=tuple(KINDS.items()))
    order = forms.ChoiceField(
        label=gettext_lazy("Order"), required=False, choices=(("", "—"), *ORDERS)
    )
    value = forms.CharField(
        label=gettext_lazy("Days"), required=False, max_length=6,
        help_text=gettext_lazy("For the longest power of attorney only."),
    )  # fmt: skip
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"})
    )


class Rules(ActionView):
    """What holds, what held, and the form for what comes."""

    area = "contracts"
    title = gettext_lazy("Rules of signing")
    template_name = "portal/contracts/signing_rules.html"
    form_class = RuleForm
    submit_label = gettext_lazy("Set the rule")

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the agreements."""
        return crumb(_("Agreements"), "portal:agreements"), crumb(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add every version."""
        context = super().get_context_data(**kwargs)
        rows = queries.signing_rules(actor=self.request.user, at=self.at)
        context["rows"] = [(row, KINDS[row.kind]) for row in rows]
        return context

    def perform(self, form: Any) -> str:
        """Set it."""
        data = form.cleaned_data
        actions.set_signing_rule(
            kind=data["kind"],
            value=data["order"] if data["kind"] == "signing_order" else data["value"],
            legal_basis=data["legal_basis"],
            effective_on=data["effective_on"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The rule is set. Texts closed before its day keep the order they were closed in.")

    def get_success_url(self) -> str:
        """Stay on the page."""
        return self.request.path
