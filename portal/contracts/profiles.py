"""Term profiles: what the provider of a dataset demands beyond the base template."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from contracts.overrides import laid_over
from contracts.queries.profile_form import ProfileGroup
from contracts.queries.rows import ProfilePage
from core.errors import DomainError
from portal.contracts.common import TONES, WithReason
from portal.contracts.profile_form import CommentForm, ProfileForm
from portal.kit import ActionView, ActView, Crumb, Page, PageView, add_problem, crumb


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
        context["unprofiled"] = queries.unprofiled(actor=self.request.user)
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


class Editor(ActionView):
    """The controls of a profile: look at what it would do, then store it as a draft."""

    area = "contracts"
    template_name = "portal/contracts/profile_edit.html"
    form_class = ProfileForm
    submit_label = gettext_lazy("Store the draft")
    stored_id: Any = None

    @property
    def groups(self) -> tuple[ProfileGroup, ...]:
        """The controls by term."""
        raise TypeError(f"{type(self).__name__} does not say what it edits")

    @property
    def dataset_id(self) -> UUID:
        """The dataset the profile is about."""
        raise TypeError(f"{type(self).__name__} does not say for what")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its controls."""
        return {**super().get_form_kwargs(), "groups": self.groups}

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it, or only show what it would do."""
        if "preview" not in self.request.POST:
            return super().form_valid(form)
        try:
            preview = queries.profile_preview(
                dataset_id=self.dataset_id, terms=self.stated(form), actor=self.request.user
            )
        except DomainError as error:
            add_problem(form, error)
            preview = None
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def stated(self, form: Any) -> dict[str, Any]:
        """Return the terms the form states."""
        return laid_over(current={}, values=form.stated())

    def get_success_url(self) -> str:
        """Go to the draft."""
        return reverse("portal:term_profile", args=[self.stored_id])


class New(Editor):
    """Draft the first profile of a dataset."""

    @cached_property
    def found(self) -> tuple[str, tuple[ProfileGroup, ...]]:
        """The dataset and its controls."""
        return queries.first_editor(dataset_id=self.kwargs["pk"], actor=self.request.user)

    @property
    def groups(self) -> tuple[ProfileGroup, ...]:
        """The controls by term."""
        return self.found[1]

    @property
    def dataset_id(self) -> UUID:
        """The dataset of the address."""
        found: UUID = self.kwargs["pk"]
        return found

    def get_title(self) -> str:
        """Name the dataset."""
        return _("Draft the term profile of %(dataset)s") % {"dataset": self.found[0]}

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list."""
        return crumb(_("Term profiles"), "portal:term_profiles"), crumb(self.found[0])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(back_url=reverse("portal:term_profiles"), **kwargs)

    def perform(self, form: Any) -> str:
        """Draft it."""
        self.stored_id = actions.draft_term_profile(
            dataset_id=self.dataset_id, terms=self.stated(form),
            note=form.cleaned_data["note"], actor=self.request.user, at=self.at,
        ).pk  # fmt: skip
        return _("The draft is stored. Propose it to the other side when it is ready.")


class OfVersion(OfProfile, Editor):
    """An editor that begins with a version there is."""

    @property
    def groups(self) -> tuple[ProfileGroup, ...]:
        """The controls by term."""
        return queries.profile_editor(profile_id=self.kwargs["pk"], actor=self.request.user)

    @property
    def dataset_id(self) -> UUID:
        """The dataset of the profile."""
        return self.profile.dataset_id

    def stated(self, form: Any) -> dict[str, Any]:
        """Return what the form states, and what the version says that no control shows."""
        rest = queries.profile_rest(profile_id=self.kwargs["pk"], actor=self.request.user)
        return laid_over(current={}, values={**rest, **form.stated()})

    def get_initial(self) -> dict[str, Any]:
        """Begin with the note of the version."""
        return {"note": self.profile.note}


class Next(OfVersion):
    """Draft the next version of a profile from this one."""

    heading = gettext_lazy("Draft the next version")

    def get_initial(self) -> dict[str, Any]:
        """Begin without a note: it says why there is another version."""
        return {}

    def perform(self, form: Any) -> str:
        """Draft it."""
        self.stored_id = actions.draft_term_profile(
            dataset_id=self.dataset_id, terms=self.stated(form),
            note=form.cleaned_data["note"], actor=self.request.user, at=self.at,
        ).pk  # fmt: skip
        return _("The draft is stored. Propose it to the other side when it is ready.")


class Edit(OfVersion):
    """Put other terms in a draft."""

    heading = gettext_lazy("Edit the draft")

    def perform(self, form: Any) -> str:
        """Store it."""
        self.stored_id = actions.revise_term_profile(
            profile_id=self.kwargs["pk"], terms=self.stated(form),
            note=form.cleaned_data["note"], actor=self.request.user, at=self.at,
        ).pk  # fmt: skip
        return _("The draft is stored. Propose it to the other side when it is ready.")


class Comment(OfProfile, ActionView):
    """Say something about a profile, or about one term of it."""

    heading = gettext_lazy("Comment")
    template_name = "portal/contracts/act.html"
    form_class = CommentForm
    submit_label = gettext_lazy("Comment")

    def perform(self, form: Any) -> str:
        """Store it."""
        actions.comment_term_profile(
            profile_id=self.kwargs["pk"], path=form.cleaned_data["about"],
            text=form.cleaned_data["text"], actor=self.request.user, at=self.at,
        )  # fmt: skip
        return _("The comment is stored.")

    def get_success_url(self) -> str:
        """Return to the profile."""
        return reverse("portal:term_profile", args=[self.kwargs["pk"]])


class SendBack(OfProfile, WithReason):
    """Return a profile to its drafter with a reason."""

    heading = gettext_lazy("Send back")
    submit_label = gettext_lazy("Send back")
    action = staticmethod(actions.send_back_term_profile)
    subject = "profile_id"
    done = gettext_lazy("The profile went back to its drafter.")

    def get_success_url(self) -> str:
        """Return to the profile."""
        return reverse("portal:term_profile", args=[self.kwargs["pk"]])


class Propose(ActView):
    """Put a draft before the other side."""

    def perform(self) -> str:
        """Propose it."""
        actions.propose_term_profile(
            profile_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The other side has it now.")


class Agree(ActView):
    """Agree to a profile for the other side."""

    def perform(self) -> str:
        """Agree."""
        actions.agree_term_profile(
            profile_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("Both sides agree. A person who did not draft it publishes it.")


class Withdraw(ActView):
    """Give up a version that is being negotiated."""

    def perform(self) -> str:
        """Withdraw it."""
        actions.withdraw_term_profile(
            profile_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The version is withdrawn; what is in force stays.")


class Publish(ActView):
    """Put an agreed version in force."""

    def perform(self) -> str:
        """Publish it."""
        actions.publish_term_profile(
            profile_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The version is in force for agreements drafted from now on.")
