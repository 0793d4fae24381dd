"""Is this license real, and does it hold now? Answered for everyone, by number or by QR code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing import queries
from portal.kit import Form, PublicPageView, crumb
from portal.templatetags.datadeed import cn_date

NUMBER_CHARACTERS_MAX = 40
# What the standing means to somebody who holds the paper: tone, icon, verdict, advice.
VERDICTS: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "VALID": (
        "green",
        "circle-check",
        _("This license is valid now"),
        _("The holder may use the data within the scope below."),
    ),
    "STOPPED": (
        "yellow",
        "player-pause",
        _("This license is not in force at the moment"),
        _("The data may not be used until it is in force again."),
    ),
    "ENDED": (
        "red",
        "circle-x",
        _("This license is no longer valid"),
        _("It gives no right to use the data."),
    ),
}


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
        context["form"] = form
        if number and form.is_valid():
            found = queries.verification(form.cleaned_data["number"], at=self.at)
            context["asked"], context["license"] = True, found
            if found is not None:
                context["verdict"] = VERDICTS[found.standing]
                context["facts"] = _facts(found)
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


def _facts(found: queries.PublicLicense) -> tuple[tuple[str | Promise, Any], ...]:
    return (
        (_("License number"), found.number),
        (_("Check number"), found.machine_number),
        (_("Licensee"), found.licensee),
        (_("Dataset"), f"{found.dataset_code} {found.dataset_title}"),
        (_("Provider"), found.provider),
        (_("Licensing authority"), found.authority),
        (_("Scenario"), found.scenario_name),
        (_("Term"), f"{cn_date(found.valid_from)} – {cn_date(found.valid_to)}"),
        (_("Issued on"), cn_date(found.issued_on)),
        (_("State"), found.state_name),
    )


urlpatterns = [
    path("verify/", Verify.as_view(), name="verify"),
    path("verify/<str:number>/", Verify.as_view(), name="verify_number"),
]
