"""The own company: its profile in versions, its proof, its affiliates."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import NotFound
from parties import actions, queries
from portal.kit import (
    ActionView,
    ActView,
    Crumb,
    Page,
    PageView,
    SignedIn,
    crumb,
    document_response,
)
from portal.parties import forms

EDITABLE = ("DRAFT", "RETURNED")


def profile_facts(profile: queries.ProfileView | None) -> list[tuple[Any, str, bool]]:
    """Return label, value and whether it changed for every entry of a version, as it is read."""
    if profile is None:
        return []
    fields = forms.ProfileForm.base_fields
    values = {**profile.entries, "taxpayer_type": profile.taxpayer_name}
    return [
        (field.label, values[name], name in profile.changed) for name, field in fields.items()
    ]


class Company(PageView):
    """Where the own company stands, what is in force, what is under way."""

    template_name = "portal/parties/company.html"
    title = gettext_lazy("Our company")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the company."""
        context = super().get_context_data(**kwargs)
        company = queries.company_page(actor=self.request.user, at=self.at)
        context["company"] = company
        context["facts"] = profile_facts(company.in_force)
        return context


class Begin(ActView):
    """Begin a new version of the profile."""

    def perform(self) -> str:
        """Begin it; the version in force stays."""
        company = queries.own_company(self.request.user)
        self.made_id = actions.begin_profile(
            organization_id=company.pk, actor=self.request.user, at=self.at
        ).pk
        return _("A new version is begun. The one in force holds until this one is approved.")

    def get_success_url(self) -> str:
        """Go to the new version."""
        return reverse("portal:company_version", args=[self.made_id])


class OfVersion(Page):
    """A page about a version under way of the own company."""

    area = "parties"
    heading: Any = ""

    @property
    def version_id(self) -> UUID:
        """The version named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def profile(self) -> queries.ProfileView:
        """The version, for those who may write it."""
        company = queries.company_page(actor=self.request.user, at=self.at)
        found = company.under_way
        if found is None or found.id != self.version_id or not company.may_edit:
            raise NotFound
        return found

    def get_title(self) -> str:
        """Name the step and the version."""
        name = _("Profile, version %(number)d") % {"number": self.profile.version}
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the company."""
        first = crumb(_("Our company"), "portal:company")
        name = _("Version %(number)d") % {"number": self.profile.version}
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:company_version", self.version_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the version."""
        return reverse("portal:company_version", args=[self.version_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        context = super().get_context_data(**kwargs)
        context["profile"] = self.profile
        context["editable"] = self.profile.state in EDITABLE
        context["back_url"] = reverse("portal:company_version", args=[self.version_id])
        return context


class Version(OfVersion, ActionView):
    """Write a version: entries, proof, affiliates."""

    template_name = "portal/parties/version.html"
    form_class = forms.ProfileForm
    submit_label = gettext_lazy("Save")

    def get_initial(self) -> dict[str, str]:
        """Begin with what is written."""
        return dict(self.profile.entries)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries to read when nothing can be written."""
        context = super().get_context_data(**kwargs)
        context["facts"] = profile_facts(self.profile)
        return context

    def perform(self, form: Any) -> str:
        """Save the entries, finished or not."""
        actions.edit_profile(
            profile_id=self.version_id,
            entries=form.cleaned_data,
            actor=self.request.user,
            at=self.at,
        )
        return _("Saved. Hand the profile in when it is complete.")


class Submit(OfVersion, ActView):
    """Hand the version in."""

    def perform(self) -> str:
        """Hand it in; the clock of the authority starts."""
        actions.submit_profile(profile_id=self.version_id, actor=self.request.user, at=self.at)
        return _("The profile is handed in. The authority approves or returns it.")

    def get_success_url(self) -> str:
        """Go back to the company."""
        return reverse("portal:company")


class AddEvidence(OfVersion, ActionView):
    """Add one file of proof."""

    heading = submit_label = gettext_lazy("Add a proof")
    template_name = "portal/parties/act.html"
    form_class = forms.EvidenceForm

    def perform(self, form: Any) -> str:
        """Keep the file."""
        file = form.cleaned_data["file"]
        actions.add_evidence(
            profile_id=self.version_id,
            kind=form.cleaned_data["kind"],
            name=file.name,
            content=file.read(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The file is kept.")


class RemoveEvidence(OfVersion, ActView):
    """Take a file away."""

    def perform(self) -> str:
        """Take it from this version."""
        actions.remove_evidence(
            profile_id=self.version_id,
            evidence_id=self.kwargs["number"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The file is taken away.")


class AddAffiliate(OfVersion, ActionView):
    """Name an affiliate."""

    heading = submit_label = gettext_lazy("Name an affiliate")
    template_name = "portal/parties/act.html"
    form_class = forms.AffiliateForm
    extra_context = {
        "hint": gettext_lazy(
            "People who work for an affiliate are kept away from the review of your applications."
        )
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the files of this version as proof."""
        return {**super().get_form_kwargs(), "files": self.profile.evidence}

    def perform(self, form: Any) -> str:
        """Name it."""
        data = form.cleaned_data
        actions.add_affiliate(
            profile_id=self.version_id,
            name=data["name"],
            uscc=data["uscc"],
            kind=data["kind"],
            proof_id=int(data["proof"]) if data["proof"] else None,
            actor=self.request.user,
            at=self.at,
        )
        return _("The affiliate is named.")


class RemoveAffiliate(OfVersion, ActView):
    """Take an affiliate away."""

    def perform(self) -> str:
        """Take it from this version."""
        actions.remove_affiliate(
            profile_id=self.version_id,
            affiliate_id=self.kwargs["number"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The affiliate is taken away.")


class Evidence(SignedIn):
    """One file of proof, to keep and never to show in place."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file to its company and to the authority."""
        file = queries.evidence_file(evidence_id=self.kwargs["number"], actor=request.user)
        return document_response(file.content, file.name, file.media_type)
