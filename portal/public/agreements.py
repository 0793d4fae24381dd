"""Is this PDF an agreement as it was signed here? Answered for everyone; the file is not kept."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts import queries
from parties import actions as parties
from portal.kit import Form, PublicPageView, crumb

UPLOAD_BYTES_MAX = 10 * 1024 * 1024
ATTEMPT = "verify_agreement"
# What the file is → tone, icon, verdict, advice.
VERDICTS: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "GENUINE": (
        "green",
        "circle-check",
        _("This is the agreement as all parties signed it"),
        _("Every byte is the same, and the agreement is in force."),
    ),
    "INCOMPLETE": (
        "yellow",
        "alert-triangle",
        _("This agreement is not signed by all parties"),
        _("The file is ours, but signatures are missing. It is not in force."),
    ),
    "ENDED": (
        "yellow",
        "alert-triangle",
        _("This agreement is no longer in force"),
        _("The file is as it was signed, but the agreement has ended."),
    ),
    "SUPERSEDED": (
        "yellow",
        "alert-triangle",
        _("This copy has been superseded"),
        _("A later text or a copy with more signatures counts now. Ask the parties for it."),
    ),
    "ALTERED": (
        "red",
        "circle-x",
        _("This file was altered"),
        _("It carries signatures, but its bytes are not those that were signed. Do not use it."),
    ),
    "UNKNOWN": (
        "red",
        "circle-x",
        _("This file was not issued here"),
        _("No agreement has this content."),
    ),
}


class CopyForm(Form):
    """One PDF file."""

    file = forms.FileField(
        label=_("Signed agreement (PDF)"),
        help_text=_("At most 10 MiB. The file is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(_("Choose a file of at most 10 MiB."))
        return file


class VerifyAgreement(PublicPageView):
    """Open to all: whoever is shown a signed agreement may check the file."""

    area = "public"
    template_name = "portal/public/verify_agreement.html"
    title = _("Check a signed agreement")
    http_method_names = ["get", "head", "post", "options"]

    def get_crumbs(self) -> Any:
        """Return the way back to verification."""
        return (crumb(_("License verification"), "portal:verify"), crumb(self.title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form."""
        context = super().get_context_data(**kwargs)
        context.setdefault("form", CopyForm())
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Compare the file and answer; so many tries from one address in a quarter of an hour."""
        source = str(get_client_ip_address(request) or "")
        parties.count_attempt(kind=ATTEMPT, source=source, at=self.at)
        form = CopyForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        check = queries.check_copy(content=form.cleaned_data["file"].read(), at=self.at)
        context = self.get_context_data(check=check)
        context["verdict"] = VERDICTS[check.verdict]
        return self.render_to_response(context)


urlpatterns = [
    path("verify/agreement/", VerifyAgreement.as_view(), name="verify_agreement")
]
