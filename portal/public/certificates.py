"""Is this PDF the certificate that was issued? Answered for everyone; the file is not kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from licensing import marks, queries
from portal import problems
from portal.kit import Form, PublicPageView, crumb
from portal.public import asking
from portal.public.standing import STANDINGS, facts_of

UPLOAD_BYTES_MAX = 2 * 1024 * 1024
# What stands around the file in the request: names, boundaries, the token of the form.
ENVELOPE_BYTES_MAX = 16 * 1024
# What the file is → tone, icon, verdict, advice.
VERDICTS: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "ORIGINAL": (
        "green",
        "circle-check",
        _("This file is the original as it was issued"),
        _("Every byte is the same. Whether the license holds now stands below."),
    ),
    "DUPLICATE": (
        "green",
        "circle-check",
        _("This file is the duplicate as it was issued"),
        _("Every byte is the same. Whether the license holds now stands below."),
    ),
    "REPLACED": (
        "red",
        "circle-x",
        _("This certificate was replaced by a later one"),
        _(
            "The file is as it was issued, but a certificate issued anew has taken its place. Ask"
            " the holder for that one."
        ),
    ),
    "ALTERED": (
        "red",
        "circle-x",
        _("This file is not the certificate that was issued"),
        _(
            "It names a license of ours, but its content was altered. Do not rely on it; what is"
            " on record stands below."
        ),
    ),
    "UNKNOWN": (
        "red",
        "circle-x",
        _("This file was not issued here"),
        _(
            "No certificate has this content, and the file names no license of ours. Verify the"
            " number printed on it, and tell the data authority if it is shown as a license."
        ),
    ),
}

# What the signature shows of an altered file.
FLAWS: dict[str, str | Promise] = {
    "UNSIGNED": _("The file carries no signature of the authority."),
    "BROKEN": _("The signature does not fit the content: the content was changed after signing."),
    "CHANGED_AFTER": _("Something was added to the file after it was signed."),
    "UNTRUSTED": _("The file was signed by somebody whose certificate is not trusted here."),
    "NOT_ON_RECORD": _("The signature holds, but no such certificate is on record."),
}
UNREADABLE = _("The signature of the file cannot be read.")


class FileForm(Form):
    """One PDF file."""

    file = forms.FileField(
        label=_("Certificate (PDF)"),
        help_text=_("At most 2 MiB. The file is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large or no PDF."""
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(_("Choose a file of at most 2 MiB."))
        if not marks.is_pdf(file.read(marks.HEAD_BYTES_MAX)):
            raise forms.ValidationError(_("Choose the certificate as a PDF file."))
        file.seek(0)
        return file


@method_decorator(csrf_exempt, name="dispatch")
class VerifyFile(PublicPageView):
    """
    Open to all: whoever is sent a certificate may check the file, without saying who they are.

    It changes nothing and uses no session, so it needs no token; and a body that is too large is
    refused before anybody reads it.
    """

    area = "public"
    template_name = "portal/public/verify_file.html"
    title = _("Check a certificate file")
    http_method_names = ["get", "head", "post", "options"]

    def get_crumbs(self) -> Any:
        """Return the way back to the number."""
        return (crumb(_("License verification"), "portal:verify"), crumb(self.title))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the page where a file is chosen."""
        return HttpResponseRedirect(reverse("portal:verify"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Compare the file and answer."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > UPLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX:
            return problems.page(request, 413, detail=str(_("Choose a file of at most 2 MiB.")))
        asking.count_file(request, at=self.at)
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        check = queries.file_check(content=form.cleaned_data["file"].read(), at=self.at)
        context = self.get_context_data(form=FileForm(), check=check)
        context["verdict"] = VERDICTS[check.verdict]
        if check.seal is not None and check.seal.flaw:
            context["flaw"] = FLAWS.get(check.seal.flaw, UNREADABLE)
        if check.license is not None:
            context["license"] = check.license
            if check.verdict not in ("ALTERED", "REPLACED"):
                # Beside a paper that does not count no green box: the state is among the facts.
                context["standing"] = STANDINGS[check.license.state]
            context["facts"] = facts_of(check.license)
        return self.render_to_response(context)


urlpatterns = [path("verify/file/", VerifyFile.as_view(), name="verify_file")]
