"""Is this license real, and does it hold now? Answered for everyone, by number or by QR code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from core import clock
from licensing import queries
from portal.kit import Form, PublicPageView, crumb
from portal.public import asking, certificates
from portal.public.standing import STANDINGS, facts_of

NUMBER_CHARACTERS_MAX = 40


class NumberForm(Form):
    """The number printed on the certificate."""

    number = forms.CharField(
        label=_("License number or check number"),
        help_text=_("For example 锡数许〔2026〕00012号 or WX-202610-3202-0000012-c."),
        max_length=NUMBER_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Verify(PublicPageView):
    """Open to all: whoever is shown a license may check it, without saying who they are."""

    area = "public"
    template_name = "portal/public/verify.html"
    title = _("License verification")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the answer when a number was given."""
        context = super().get_context_data(**kwargs)
        number = self.kwargs.get("number") or self.request.GET.get("number", "")
        form = NumberForm({"number": number}) if number else NumberForm()
        context["number"] = number.strip()
        context["year"] = clock.local_date(self.at).year
        context["form"], context["file_form"] = form, certificates.FileForm()
        if number and form.is_valid():
            asking.count_number(self.request, at=self.at)
            found = queries.verification(form.cleaned_data["number"], at=self.at)
            context["asked"], context["license"] = True, found
            if found is not None:
                context["verdict"] = STANDINGS[found.state]
                context["facts"] = facts_of(found)
        return context

    def get_crumbs(self) -> Any:
        """Return the way back to an empty form when a number is in the address."""
        if "number" not in self.kwargs:
            return ()
        return (crumb(self.title, "portal:verify"), crumb(self.kwargs["number"]))

    def get_title(self) -> Any:
        """Name the number in the title when it is in the address."""
        number = self.kwargs.get("number")
        return f"{self.title} {number}" if number else self.title


urlpatterns = [
    path("verify/", Verify.as_view(), name="verify"),
    *certificates.urlpatterns,
    path("verify/<str:number>/", Verify.as_view(), name="verify_number"),
]
