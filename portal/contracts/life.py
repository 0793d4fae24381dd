"""Pages that suspend and resume an agreement in force."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions
from portal.contracts import forms
from portal.contracts.common import OfAgreement
from portal.kit import ActionView


class Suspend(OfAgreement, ActionView):
    """Suspend an agreement; access stops at once."""

    heading = gettext_lazy("Suspend the agreement")
    template_name = "portal/contracts/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Suspend the agreement")
    extra_context = {
        "hint": gettext_lazy("Every license of this agreement stops in the same moment.")
    }

    def perform(self, form: Any) -> str:
        """Suspend it."""
        actions.suspend_agreement(
            agreement_id=self.agreement_id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The agreement is suspended.")


class Resume(OfAgreement, ActionView):
    """Put a suspended agreement back in force."""

    heading = gettext_lazy("Resume the agreement")
    template_name = "portal/contracts/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Resume the agreement")

    def perform(self, form: Any) -> str:
        """Resume it."""
        actions.resume_agreement(
            agreement_id=self.agreement_id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The agreement is in force again.")
