"""More time for the decision: asked for by the handler, settled by a decider."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions
from applications.queries import time as queries
from portal.applications.common import OfCase
from portal.applications.forms import ExtendForm
from portal.kit import ActionView, Form


class SettleForm(Form):
    """Granted or refused, and why."""

    granted = forms.TypedChoiceField(
        label=gettext_lazy("Result"),
        choices=[("yes", gettext_lazy("Grant it")), ("no", gettext_lazy("Refuse it"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Reason (needed for a refusal)"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
    )


class Extend(OfCase, ActionView):
    """Ask for more time for the decision."""

    heading = gettext_lazy("Ask for an extension of the overall limit")
    template_name = "portal/applications/act.html"
    form_class = ExtendForm
    submit_label = gettext_lazy("Ask for it")
    extra_context = {
        "hint": gettext_lazy(
            "Once, by at most ten working days. A decider grants it, and the applicant is told."
        )
    }

    def perform(self, form: Any) -> str:
        """Ask for it."""
        actions.ask_extension(
            application_id=self.case_id,
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        return _("The extension is asked for. The limit stands until a decider grants it.")


class SettleExtension(OfCase, ActionView):
    """Grant or refuse an extension somebody else asked for."""

    heading = gettext_lazy("Settle the extension")
    template_name = "portal/applications/extension.html"
    form_class = SettleForm
    submit_label = gettext_lazy("Settle it")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is asked for."""
        context = super().get_context_data(**kwargs)
        context["extension"] = queries.extension_to_settle(
            application_id=self.case_id, actor=self.request.user
        )
        return context

    def perform(self, form: Any) -> str:
        """Settle it."""
        actions.settle_extension(
            application_id=self.case_id,
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        if form.cleaned_data["granted"]:
            return _("The overall limit is extended.")
        return _("The extension is refused.")
