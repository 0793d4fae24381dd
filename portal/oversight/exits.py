"""Exits: certificate, verification, settlement, archive."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oversight import actions
from portal.kit import ActionView, ActView, PageView
from portal.oversight import forms
from portal.oversight.common import OfExit, Step, buttons

STEPS = {
    "submit_certificate": Step(gettext_lazy("Submit the certificate"), "exit_certificate"),
    "verify_certificate": Step(
        gettext_lazy("Confirm the destruction"), "exit_verify", post=True,
        confirm=gettext_lazy("Confirm that everything is destroyed?"),
    ),
    "reject_certificate": Step(gettext_lazy("Reject the certificate"), "exit_reject", ""),
    "begin_final_settlement": Step(gettext_lazy("State the final settlement"), "exit_settle"),
    "archive": Step(gettext_lazy("Archive"), "exit_archive", post=True),
}  # fmt: skip


class ExitPage(OfExit, PageView):
    """One exit with every certificate."""

    template_name = "portal/oversight/exit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons."""
        context = super().get_context_data(**kwargs)
        context["buttons"] = buttons(STEPS, self.subject.offers, pk=self.kwargs["pk"])
        return context


class Certificate(OfExit, ActionView):
    """The certificate of destruction."""

    heading = gettext_lazy("Certificate of destruction")
    template_name = "portal/oversight/certificate.html"
    form_class = forms.CertificateForm
    submit_label = gettext_lazy("Submit the certificate")

    def perform(self, form: Any) -> str:
        """Submit it."""
        clean = form.cleaned_data
        actions.submit_certificate(
            exit_id=self.kwargs["pk"],
            number=clean["number"],
            copies=form.copies(),
            none_of=clean["none_of"],
            method=clean["method"],
            standard=clean["standard"],
            operator=clean["operator"],
            witness=clean["witness"],
            destroyed_on=clean["destroyed_on"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The certificate is submitted.")


class Verify(OfExit, ActView):
    """Confirm the destruction."""

    def perform(self) -> str:
        """Confirm it."""
        actions.verify_certificate(
            exit_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The destruction is confirmed.")


class Reject(OfExit, ActionView):
    """Send a certificate back."""

    heading = gettext_lazy("Reject the certificate")
    template_name = "portal/oversight/act.html"
    form_class = forms.FindingsForm
    submit_label = gettext_lazy("Reject the certificate")

    def get_initial(self) -> dict[str, Any]:
        """Begin with the gaps the page found."""
        found = self.subject.certificates
        return {"findings": "\n".join(found[0].gaps) if found else ""}

    def perform(self, form: Any) -> str:
        """Reject it."""
        actions.reject_certificate(
            exit_id=self.kwargs["pk"],
            findings=forms.lines(form.cleaned_data["findings"]),
            actor=self.request.user,
            at=self.at,
        )
        return _("The certificate is rejected.")


class Settle(OfExit, ActionView):
    """State the final settlement."""

    heading = gettext_lazy("Final settlement")
    template_name = "portal/oversight/act.html"
    form_class = forms.SettlementForm
    submit_label = gettext_lazy("State the settlement")

    def perform(self, form: Any) -> str:
        """State it."""
        actions.begin_final_settlement(
            exit_id=self.kwargs["pk"],
            refund_fen=form.fen("refund"),
            damages_fen=form.fen("damages"),
            note=form.cleaned_data["note"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The final settlement is stated.")


class Archive(OfExit, ActView):
    """Put the file away."""

    def perform(self) -> str:
        """Archive it."""
        actions.archive_exit(exit_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The exit is archived.")
