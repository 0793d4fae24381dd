"""The committee: agenda, panel, interests, score sheet, vote board."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.queries import PanelPage
from core.errors import InvalidInput, NotFound
from portal.applications import forms
from portal.applications.common import OfCase, page_number
from portal.kit import ActionView, PageView


class Agenda(PageView):
    """What the committee has before it."""

    area = "applications"
    title = gettext_lazy("Committee agenda")
    template_name = "portal/applications/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows, each leading to its panel."""
        context = super().get_context_data(**kwargs)
        context["route"] = "portal:application_panel"
        context["page"] = queries.agenda(
            actor=self.request.user, at=self.at, page=page_number(self.request)
        )
        return context


class OfPanel(OfCase):
    """A page about the panel of one case."""

    @cached_property
    def panel(self) -> PanelPage:
        """The panel as this person may see it."""
        return queries.panel_page(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )

    def get_success_url(self) -> str:
        """Go to the panel."""
        return reverse("portal:application_panel", args=[self.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the panel."""
        context = super().get_context_data(**kwargs)
        context["panel"] = self.panel
        return context


class Panel(OfPanel, ActionView):
    """Seat a panel; once it sits, the vote board."""

    heading = gettext_lazy("Panel")
    template_name = "portal/applications/panel.html"
    form_class = forms.PanelForm
    submit_label = gettext_lazy("Seat the panel")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the members of the committee who may sit."""
        return {**super().get_form_kwargs(), "candidates": self.panel.candidates}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the small forms of the sitting panel."""
        context = super().get_context_data(**kwargs)
        context["substitute_form"] = forms.SubstituteForm(candidates=self.panel.candidates)
        context["conclude_form"] = forms.ConcludeForm(
            initial={"conditions": "\n".join(self.panel.security_conditions)}
        )
        return context

    def perform(self, form: Any) -> str:
        """Seat the panel."""
        actions.seat_panel(
            application_id=self.case_id,
            members=form.cleaned_data["members"],
            chair=form.cleaned_data["chair"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The panel is seated. Each member declares interests before voting.")


class Substitute(OfPanel, ActionView):
    """Seat a substitute."""

    heading = gettext_lazy("Substitute")
    template_name = "portal/applications/act.html"
    form_class = forms.SubstituteForm
    submit_label = gettext_lazy("Seat the substitute")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the members of the committee who may sit."""
        return {**super().get_form_kwargs(), "candidates": self.panel.candidates}

    def perform(self, form: Any) -> str:
        """Seat one more member."""
        actions.seat_substitute(
            application_id=self.case_id,
            member=form.cleaned_data["member"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The substitute is seated.")


class Interest(OfPanel, ActionView):
    """Declare interests before voting."""

    heading = gettext_lazy("Declaration of interests")
    template_name = "portal/applications/act.html"
    form_class = forms.InterestForm
    submit_label = gettext_lazy("Declare")
    extra_context = {
        "hint": gettext_lazy("A personal or business tie to the applicant or to a provider is an"
                             " interest.")
    }

    def perform(self, form: Any) -> str:
        """Declare none, or recuse oneself."""
        conflict = form.cleaned_data["conflict"].strip()
        recused = form.cleaned_data["choice"] == "conflict"
        if recused and not conflict:
            raise InvalidInput(fields={"conflict": _("State the reason.")})
        actions.declare_interest(
            application_id=self.case_id,
            conflict=conflict if recused else "",
            actor=self.request.user,
            at=self.at,
        )
        return _("You are recused.") if recused else _("Your declaration is on record.")

    def get_success_url(self) -> str:
        """Go on to the score sheet."""
        return reverse("portal:application_vote", args=[self.case_id])


class Vote(OfPanel, ActionView):
    """The score sheet; others' votes stay hidden until the panel is concluded."""

    heading = gettext_lazy("Review and vote")
    template_name = "portal/applications/vote.html"
    form_class = forms.BallotForm
    submit_label = gettext_lazy("Cast the ballot")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Score by the criteria of the committee."""
        if not self.panel.own_status:
            raise NotFound
        return {**super().get_form_kwargs(), "criteria": self.panel.criteria}

    def perform(self, form: Any) -> str:
        """Cast the ballot."""
        actions.cast_ballot(
            application_id=self.case_id,
            vote=form.cleaned_data["vote"],
            scores=form.scores(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("Your ballot is cast. It cannot be changed.")


class Conclude(OfPanel, ActionView):
    """Close the panel and issue the minutes."""

    heading = gettext_lazy("Conclude the review")
    template_name = "portal/applications/act.html"
    form_class = forms.ConcludeForm
    submit_label = gettext_lazy("Conclude and issue the minutes")

    def perform(self, form: Any) -> str:
        """Conclude it."""
        actions.conclude_committee(
            application_id=self.case_id,
            conditions=form.cleaned_data["conditions"].splitlines(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The review is concluded and the minutes are issued.")
