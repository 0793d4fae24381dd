"""Alerts: raise, look after, restrict, close, make a case of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oversight import actions, queries
from portal.kit import ActionView, ActView, Crumb, PageView, crumb
from portal.oversight import forms
from portal.oversight.common import OfAlert, Step, buttons

STEPS = {
    "acknowledge": Step(gettext_lazy("Look after it"), "alert_acknowledge", post=True),
    "restrict": Step(gettext_lazy("Restrict for the time being"), "alert_restrict", "warning"),
    "report": Step(gettext_lazy("Open a violation case"), "alert_report", "danger"),
    "close": Step(gettext_lazy("Close the alert"), "alert_close", ""),
}


class AlertPage(OfAlert, PageView):
    """One alert with its evidence."""

    template_name = "portal/oversight/alert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons."""
        context = super().get_context_data(**kwargs)
        more = [
            name
            for name, may in (
                ("restrict", self.subject.may_restrict),
                ("report", self.subject.may_report),
            )
            if may
        ]
        context["buttons"] = buttons(
            STEPS, self.subject.offers, pk=self.kwargs["pk"], more=more
        )
        return context


class NewAlert(ActionView):
    """Raise an alert by hand."""

    area = "oversight"
    title = gettext_lazy("Raise an alert")
    template_name = "portal/oversight/act.html"
    form_class = forms.AlertForm
    submit_label = gettext_lazy("Raise the alert")

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the board."""
        return crumb(_("Supervision desk"), "portal:supervision"), crumb(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the licenses this reader may see."""
        licenses = queries.reportable_parties(actor=self.request.user)
        return super().get_form_kwargs() | {"licenses": licenses}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(**kwargs) | {"back_url": reverse("portal:supervision")}

    def perform(self, form: Any) -> str:
        """Raise it."""
        clean = form.cleaned_data
        alert = actions.raise_alert(
            rule=clean["rule"],
            grade=clean["grade"],
            summary=clean["summary"],
            license_id=UUID(clean["license_id"]),
            actor=self.request.user,
            at=self.at,
        )
        self.made = alert.pk
        return _("The alert is raised.")

    def get_success_url(self) -> str:
        """Go to the alert."""
        return reverse("portal:alert", args=[self.made])


class Acknowledge(OfAlert, ActView):
    """Say that I look after it."""

    def perform(self) -> str:
        """Say it."""
        actions.acknowledge_alert(
            alert_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("You look after this alert now.")


class Close(OfAlert, ActionView):
    """Close an alert."""

    heading = gettext_lazy("Close the alert")
    template_name = "portal/oversight/act.html"
    form_class = forms.CloseAlertForm
    submit_label = gettext_lazy("Close the alert")
    extra_context = {"hint": gettext_lazy("A false alarm also lifts its restriction.")}

    def perform(self, form: Any) -> str:
        """Close it."""
        actions.close_alert(
            alert_id=self.kwargs["pk"],
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The alert is closed.")


class Restrict(OfAlert, ActionView):
    """Restrict the license for the time being."""

    heading = gettext_lazy("Restrict for the time being")
    template_name = "portal/oversight/act.html"
    form_class = forms.RestrictForm
    submit_label = gettext_lazy("Restrict now")
    extra_context = {
        "hint": gettext_lazy(
            "The restriction takes hold at once and ends after 15 working days unless a case is"
            " filed."
        )
    }

    def perform(self, form: Any) -> str:
        """Restrict it."""
        actions.restrict_for_alert(
            alert_id=self.kwargs["pk"],
            quota_factor=form.factor(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The license is restricted.")


class Report(OfAlert, ActionView):
    """Open a violation case on an alert."""

    heading = gettext_lazy("Open a violation case")
    template_name = "portal/oversight/act.html"
    form_class = forms.FromAlertForm
    submit_label = gettext_lazy("Register the case")
    extra_context = {
        "hint": gettext_lazy("The alert is closed with it and becomes the first evidence.")
    }

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the alert says."""
        return {"report": self.subject.row.summary}

    def perform(self, form: Any) -> str:
        """Open it."""
        case = actions.report_violation(
            party_id=self.subject.organization_id,
            license_ids=[self.subject.license_id],
            source="ALERT",
            report=form.cleaned_data["report"],
            alert_id=self.kwargs["pk"],
            actor=self.request.user,
            at=self.at,
        )
        self.made = case.pk
        return _("The case is opened.")

    def get_success_url(self) -> str:
        """Go to the case once it is there, else stay with the alert."""
        made = getattr(self, "made", None)
        return reverse("portal:case", args=[made]) if made else super().get_success_url()
