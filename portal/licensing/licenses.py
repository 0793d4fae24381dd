"""Licenses: the list, the card, the certificate, and what the authority and the holder may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import NotFound
from gateway import queries as usage
from licensing import actions, queries
from oversight.queries import renewal_conditions
from portal.kit import (
    Crumb,
    Page,
    PageView,
    Pagination,
    ReasonedAct,
    SignedIn,
    crumb,
    document_response,
)
from portal.licensing import forms
from portal.licensing.words import MODES, TRANSFORMS, license_tone, quota_lines

KINDS = {"original": "ORIGINAL", "duplicate": "DUPLICATE"}
WARN_PERCENT = 80
EXPIRY_DAYS_NEAR = 90
LIVE = ("ISSUED", "ACTIVE", "SUSPENDED")


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done; ``barred`` says why this person cannot do it."""

    title: str | Promise
    url: str
    tone: str
    barred: str


STEPS: dict[str, tuple[str | Promise, str, str]] = {
    "resume": (gettext_lazy("Resume the license"), "license_resume", "primary"),
    "suspend": (gettext_lazy("Suspend the license"), "license_suspend", "outline-danger"),
    "restrict": (gettext_lazy("Restrict the license"), "license_restrict", "outline-primary"),
    "lift_restriction": (gettext_lazy("Lift the restriction"), "license_lift", "outline-primary"),
    "reissue": (
        gettext_lazy("Issue the certificate anew"), "license_reissue", "outline-primary",
    ),
    "surrender": (gettext_lazy("Surrender the license"), "license_surrender", "outline-danger"),
    "revoke": (gettext_lazy("Revoke the license"), "license_revoke", "outline-danger"),
}


class Licenses(PageView):
    """The licenses a person may see."""

    area = "licensing"
    title = gettext_lazy("Licenses")
    template_name = "portal/licensing/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of licenses asked for."""
        context = super().get_context_data(**kwargs)
        number = self.request.GET.get("page", "")
        text = self.request.GET.get("q", "").strip()[:60]
        found = queries.my_licenses(
            actor=self.request.user,
            at=self.at,
            page=int(number) if number.isdecimal() and len(number) < 6 else 1,
            text=text,
        )
        context["rows"] = [(row, license_tone(row.state)) for row in found.rows]
        context["page"] = Pagination(found.page, found.pages, found.total)
        context["text"] = text
        return context


class OfLicense(Page):
    """A page about one license."""

    area = "licensing"
    heading: Any = ""

    @property
    def license_id(self) -> UUID:
        """The license named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def card(self) -> queries.LicenseCard:
        """The license as this reader may see it."""
        return queries.license_card(
            license_id=self.license_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the number and the dataset."""
        row = self.card.row
        name = f"{row.number} {row.dataset_code} {row.dataset_title}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list and the license."""
        first, number = crumb(_("Licenses"), "portal:licenses"), self.card.row.number
        if not self.heading:
            return first, crumb(number)
        return first, crumb(number, "portal:license", self.license_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the license."""
        return reverse("portal:license", args=[self.license_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the license."""
        context = super().get_context_data(**kwargs)
        context["card"] = self.card
        context["tone"] = license_tone(self.card.row.state)
        return context


class Card(OfLicense, PageView):
    """One license: what it allows, how much is used, its keys, its history."""

    template_name = "portal/licensing/card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add facts, quota and buttons."""
        context = super().get_context_data(**kwargs)
        card = self.card
        context["facts"] = [
            (_("Dataset"), f"{card.row.dataset_code} {card.row.dataset_title}"),
            (_("Licensee"), card.row.licensee_name),
            (_("Data provider"), card.provider_name),
            (_("Data authority"), card.authority_name),
            (_("Scenario"), f"{card.row.scenario_name} ({card.row.scenario_code})"),
            (_("Mode of delivery"), MODES.get(card.mode, card.mode)),
            (_("Machine number"), card.row.machine_number),
        ]
        context["columns"] = [(c, TRANSFORMS.get(c.transform, "")) for c in card.columns]
        context["quota_lines"] = quota_lines(card.quota)
        context["forecast"] = usage.quota_forecast(
            license_id=self.license_id, limit=card.row.per_month, at=self.at
        )
        context["is_near_limit"] = context["forecast"].percent >= WARN_PERCENT
        context["renewal"] = _renewal(card, actor=self.request.user, at=self.at)
        context["buttons"] = self._buttons()
        return context

    def _buttons(self) -> list[Button]:
        offered = {offer.name: offer.barred for offer in self.card.offers}
        if "resume" in offered:
            offered.pop("suspend", None)
        if not self.card.row.restricted:
            offered.pop("lift_restriction", None)
        return [
            Button(title, reverse(f"portal:{route}", args=[self.license_id]), tone, offered[name])
            for name, (title, route, tone) in STEPS.items()
            if name in offered
        ]


class Certificate(SignedIn):
    """The certificate as PDF, original or duplicate."""

    area = "licensing"

    def get(self, request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
        """Hand the stored file over."""
        if kind not in KINDS:
            raise NotFound
        number, file = queries.certificate(license_id=pk, kind=KINDS[kind], actor=request.user)
        name = _("Original") if kind == "original" else _("Duplicate")
        return document_response(file, f"{number}（{name}）.pdf", "application/pdf")


class _Act(OfLicense, ReasonedAct):
    """A step on a license that needs a reason."""

    template_name = "portal/licensing/act.html"
    form_class = forms.ReasonForm
    subject = "license_id"


class Suspend(_Act):
    """Stop the use for the time being."""

    heading = submit_label = gettext_lazy("Suspend the license")
    done = gettext_lazy("The license is suspended. Every gate refuses its calls now.")
    action = staticmethod(actions.suspend_license)
    extra_context = {"hint": gettext_lazy("Calls are refused on every gate within a second.")}


class Resume(_Act):
    """Allow the use again."""

    heading = submit_label = gettext_lazy("Resume the license")
    done = gettext_lazy("The license is active again.")
    action = staticmethod(actions.resume_license)


class Lift(_Act):
    """Give the use its full width again."""

    heading = submit_label = gettext_lazy("Lift the restriction")
    done = gettext_lazy("The restriction is lifted.")
    action = staticmethod(actions.lift_restriction)


class _Ending(_Act):
    """The end of a license, with what it does before it is done."""

    template_name = "portal/licensing/end.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what ends with the license, and which gates will know."""
        context = super().get_context_data(**kwargs)
        context["effect"] = queries.revoke_effect(
            license_id=self.license_id, actor=self.request.user
        )
        context["used"] = usage.month_usage(license_id=self.license_id, at=self.at)
        context["gate_count"] = sum(gate.alive for gate in usage.gates(at=self.at))
        return context


class Revoke(_Ending):
    """End a license by decision."""

    heading = submit_label = gettext_lazy("Revoke the license")
    done = gettext_lazy("The license is revoked. It cannot be restored.")
    action = staticmethod(actions.revoke_license)
    extra_context = {
        "hint": gettext_lazy(
            "The license ends for good, and with the last one under an agreement its credentials."
        )
    }


class Surrender(_Ending):
    """End a license on the wish of its holder."""

    heading = submit_label = gettext_lazy("Surrender the license")
    done = gettext_lazy("The license is surrendered. It cannot be restored.")
    action = staticmethod(actions.surrender_license)
    extra_context = {
        "hint": gettext_lazy(
            "The license ends for good. Data already received is disposed of as agreed."
        )
    }


class Reissue(_Act):
    """Give out the certificate anew: it was lost, or what it says was put right."""

    heading = submit_label = gettext_lazy("Issue the certificate anew")
    form_class = forms.ReissueForm
    extra_context = {
        "hint": gettext_lazy(
            "Original and duplicate are made anew and marked as such. The present ones answer from"
            " then on that they were replaced. The license itself does not change."
        )
    }

    def perform(self, form: Any) -> str:
        """Issue it anew."""
        actions.reissue_certificate(
            license_id=self.license_id,
            cause=form.cleaned_data["cause"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The certificate is issued anew. Hand the new one to the licensee.")


class Restrict(_Act):
    """Narrow the use: a part of the quota, fewer fields."""

    heading = submit_label = gettext_lazy("Restrict the license")
    form_class = forms.RestrictForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the granted fields."""
        names = tuple((c.name, f"{c.title} {c.name}") for c in self.card.columns)
        return {**super().get_form_kwargs(), "columns": names}

    def perform(self, form: Any) -> str:
        """Restrict it."""
        days = form.cleaned_data["days"]
        actions.restrict_license(
            license_id=self.license_id,
            quota_factor=Decimal(form.cleaned_data["quota_percent"]) / 100,
            until=self.at + timedelta(days=days) if days else None,
            blocked_fields=form.cleaned_data["blocked_fields"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The license is restricted. Every gate follows now.")


def _renewal(card: queries.LicenseCard, *, actor: Any, at: datetime) -> dict[str, Any]:
    """Return how long the license runs, when it may be renewed, and what is missing for it."""
    today, live = clock.local_date(at), card.row.state in LIVE
    days_left = (card.row.valid_to - today).days
    conditions = (
        renewal_conditions(license_id=card.row.id, actor=actor, at=at) if live else ()
    )
    window = card.window
    return {
        "live": live,
        "days_left": days_left,
        "is_near_end": live and days_left <= EXPIRY_DAYS_NEAR,
        "conditions": conditions,
        "missing": sum(not one.met for one in conditions),
        "window": window,
        "is_open": window is not None and window.holds(today),
        "is_over": window is not None and today > window.closes_on,
    }
