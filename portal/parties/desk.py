"""The authority's side: profiles to approve, the page of an organization, handovers."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import InvalidInput, NotFound
from parties import actions, handover, queries, records
from parties.roles import Kind
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb
from portal.parties import forms
from portal.parties.company import profile_facts


class Queue(PageView):
    """The profiles that wait for approval."""

    area = "parties"
    title = gettext_lazy("Companies to approve")
    template_name = "portal/parties/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the queue."""
        context = super().get_context_data(**kwargs)
        context["rows"] = queries.profiles_to_review(actor=self.request.user, at=self.at)
        return context


class OfProfile(Page):
    """A page about one version of a profile before the authority."""

    area = "parties"
    heading: Any = ""

    @property
    def profile_id(self) -> UUID:
        """The version named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def page(self) -> Any:
        """The version as this reader may see it."""
        return queries.profile_page(
            profile_id=self.profile_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the company and the version."""
        profile = self.page.profile
        told = {"name": profile.entries["name"], "number": profile.version}
        name = _("%(name)s, profile version %(number)d") % told
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the queue."""
        name = self.page.profile.entries["name"]
        first = crumb(_("Companies to approve"), "portal:profile_queue")
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:profile_review", self.profile_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the version."""
        return reverse("portal:profile_review", args=[self.profile_id])


class Review(OfProfile, PageView):
    """One version with its proof, beside what is in force."""

    template_name = "portal/parties/review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version and the record of the company."""
        context = super().get_context_data(**kwargs)
        before = self.page.in_force
        context["review"] = self.page
        context["facts"] = profile_facts(self.page.profile)
        old = {label: value for label, value, _changed in profile_facts(before)}
        context["changes"] = [
            (label, old.get(label, ""), value)
            for label, value, changed in context["facts"]
            if changed
        ]
        context["record"] = records.of(self.page.profile.organization_id, at=self.at)
        return context


class Approve(OfProfile, ActView):
    """Approve a version."""

    def perform(self) -> str:
        """Approve it; it is in force and the company may apply."""
        actions.approve_profile(
            profile_id=self.profile_id, actor=self.request.user, at=self.at
        )
        return _("The profile is approved and in force. The company may apply for data.")


class Return(OfProfile, ActionView):
    """Return a version with reasons."""

    heading = submit_label = gettext_lazy("Return the profile")
    template_name = "portal/parties/act.html"
    form_class = forms.ReturnForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lead back to the version."""
        return super().get_context_data(back_url=self.get_success_url(), **kwargs)

    def perform(self, form: Any) -> str:
        """Return it."""
        actions.return_profile(
            profile_id=self.profile_id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The profile is returned with your reasons.")


class OfOrganization(Page):
    """A page about one organization; who may not see it is told there is nothing."""

    area = "parties"
    heading: Any = ""

    @property
    def organization_id(self) -> UUID:
        """The organization named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def shown(self) -> queries.OrganizationPage:
        """The organization as this reader may see it."""
        return queries.organization_page(
            organization_id=self.organization_id, actor=self.request.user
        )

    def get_title(self) -> str:
        """Name the step and the organization."""
        name = self.shown.card.name
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the organization."""
        name = self.shown.card.name
        if not self.heading:
            return (crumb(name),)
        return crumb(name, "portal:organization", self.organization_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the organization."""
        return reverse("portal:organization", args=[self.organization_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the organization."""
        return super().get_context_data(
            shown=self.shown, back_url=self.get_success_url(), **kwargs
        )


class Organization(OfOrganization, PageView):
    """One organization: standing, record, affiliates."""

    template_name = "portal/parties/organization.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add facts and record."""
        context = super().get_context_data(**kwargs)
        card = self.shown.card
        context["facts"] = [
            (_("Kind"), card.kind_name),
            (_("Legal representative"), card.legal_representative),
            (_("Registered address"), card.address),
            (_("Contact person"), card.contact_name),
            (_("Phone of the contact person"), card.contact_phone),
        ]
        context["record"] = records.of(self.organization_id, at=self.at)
        return context


class HandOver(OfOrganization, ActionView):
    """Choose who leaves, see the cases, choose who gets them."""

    heading = gettext_lazy("Hand over cases")
    submit_label = gettext_lazy("Hand over all these cases")
    template_name = "portal/parties/handover.html"
    form_class = forms.HandOverForm

    @cached_property
    def place(self) -> Any:
        """The organization and its people, for those who may hand over there."""
        return queries.people_to_hand_over(
            organization_id=self.organization_id, actor=self.request.user
        )

    @cached_property
    def person(self) -> Any:
        """Who leaves, as chosen; None before."""
        return queries.person_of(self.place[0], self.request.GET.get("person", ""))

    @cached_property
    def colleagues(self) -> Any:
        """Who may get the cases."""
        if self.person is None:
            return ()
        return queries.colleagues_of(self.person, organization=self.place[0])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the colleagues."""
        return {**super().get_form_kwargs(), "people": self.colleagues}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add people and cases."""
        organization, people = self.place
        context = super().get_context_data(**kwargs)
        context["people"] = [(one.pk, one.full_name) for one in people]
        context["person"], context["colleagues"] = self.person, self.colleagues
        if self.person is not None:
            context["cases"] = handover.affected(person=self.person, organization=organization)
        return context

    def perform(self, form: Any) -> str:
        """Hand them over; say how many the colleague has and how many nobody."""
        if self.person is None:
            raise InvalidInput(_("Choose whose cases are handed over."))
        outcome = actions.hand_over_cases(
            organization_id=self.organization_id,
            person_id=self.person.pk,
            to_id=UUID(form.cleaned_data["to"]),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        told = ngettext(
            "%(n)d case is handed over.", "%(n)d cases are handed over.", outcome.handed
        ) % {"n": outcome.handed}
        if outcome.left_open:
            told += " " + ngettext(
                "%(n)d case went back to the whole desk, because a duty keeps the colleague away.",
                "%(n)d cases went back to the whole desk, because a duty keeps the colleague away.",
                outcome.left_open,
            ) % {"n": outcome.left_open}
        return told


class OwnHandOver(HandOver):
    """The same for the own office."""

    @property
    def organization_id(self) -> UUID:
        """The office at which this person sits."""
        for desk in queries.desks_of(self.request.user):
            if desk.kind == Kind.AUTHORITY:
                return desk.organization_id
        raise NotFound

    def get_title(self) -> str:
        """Name the step alone: it is the own office."""
        return str(self.heading)


class Appoint(OfOrganization, ActionView):
    """Make a member of a company its agent."""

    heading = submit_label = gettext_lazy("Appoint an agent")
    template_name = "portal/parties/act.html"
    form_class = forms.AppointForm
    extra_context = {
        "hint": gettext_lazy(
            "For a company that cannot do so itself. The old agent stays as a member; cases go to"
            " the new one."
        )
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seats of the company."""
        if not self.shown.may_appoint:
            raise NotFound
        seats = queries.seats_for_appointment(
            organization_id=self.organization_id, actor=self.request.user
        )
        return {**super().get_form_kwargs(), "seats": seats}

    def perform(self, form: Any) -> str:
        """Appoint the new agent."""
        actions.appoint_agent(
            organization_id=self.organization_id,
            member_id=UUID(form.cleaned_data["member"]),
            instead_of_id=UUID(form.cleaned_data["instead_of"]),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The company has a new agent.")
