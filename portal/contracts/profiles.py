"""Term profiles: what the provider of a dataset demands beyond the base template."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from contracts.overrides import laid_over
from contracts.queries.rows import ProfilePage
from portal.contracts import forms
from portal.contracts.common import TONES
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb


class Profiles(PageView):
    """The newest version of every profile a person may see."""

    area = "contracts"
    title = gettext_lazy("Term profiles")
    template_name = "portal/contracts/profiles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list."""
        context = super().get_context_data(**kwargs)
        rows = queries.profiles(actor=self.request.user)
        context["rows"] = [(row, TONES[row.state]) for row in rows]
        return context


class OfProfile(Page):
    """A page about one version of a profile."""

    area = "contracts"
    heading: Any = ""

    @cached_property
    def profile(self) -> ProfilePage:
        """The version as this reader may see it."""
        return queries.profile_page(profile_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the dataset and the version."""
        row = self.profile.row
        name = f"{row.dataset_code} {row.dataset_title} V{row.version}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list."""
        row, first = self.profile.row, crumb(_("Term profiles"), "portal:term_profiles")
        name = f"{row.dataset_code} V{row.version}"
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:term_profile", row.id), crumb(self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        context = super().get_context_data(**kwargs)
        context["profile"], context["tone"] = self.profile, TONES[self.profile.row.state]
        context["back_url"] = reverse("portal:term_profile", args=[self.kwargs["pk"]])
        return context


class Profile(OfProfile, PageView):
    """One version beside the base template in force."""

    template_name = "portal/contracts/profile.html"


class Next(OfProfile, ActionView):
    """Draft the next version of a profile from this one."""

    heading = gettext_lazy("Draft the next version")
    template_name = "portal/contracts/act.html"
    form_class = forms.ProfileForm
    submit_label = gettext_lazy("Store the draft")
    extra_context = {
        "hint": gettext_lazy(
            "An empty entry says nothing, so the base template holds. A profile may be stricter"
            " than the template, never looser. Another person publishes it."
        )
    }
    drafted_id: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the entries and their present values."""
        entries = queries.profile_entries(
            profile_id=self.kwargs["pk"], actor=self.request.user
        )
        return {**super().get_form_kwargs(), "entries": entries}

    def perform(self, form: Any) -> str:
        """Draft it."""
        current = queries.profile_terms(profile_id=self.kwargs["pk"], actor=self.request.user)
        drafted = actions.draft_term_profile(
            dataset_id=self.profile.dataset_id,
            terms=laid_over(current=current, values=form.changed_values()),
            note=form.cleaned_data["note"],
            actor=self.request.user,
            at=self.at,
        )
        self.drafted_id = drafted.pk
        return _("The draft is stored. Another person publishes it.")

    def get_success_url(self) -> str:
        """Go to the new draft."""
        return reverse("portal:term_profile", args=[self.drafted_id])


class Publish(ActView):
    """Put a drafted version in force."""

    def perform(self) -> str:
        """Publish it."""
        actions.publish_term_profile(
            profile_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The version is in force for agreements drafted from now on.")
