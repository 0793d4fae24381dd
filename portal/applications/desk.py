"""The acceptance desk: queues, acceptance, the one-shot defect list, refusal, clocks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.states import NUMBERED, ApplicationState
from core.errors import Forbidden
from parties import queries as parties
from parties.roles import Role
from portal.applications import forms
from portal.applications.common import OfCase, page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView, ActView


class Queue(FilteredList):
    """The acceptance desk with its tabs; the tab is in the address."""

    list_name = "desk"
    area = "applications"
    title = gettext_lazy("Acceptance desk")
    template_name = "portal/applications/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add tabs and rows."""
        if not parties.has_role(self.request.user, Role.AUTHORITY_CASE):
            raise Forbidden
        context = super().get_context_data(**kwargs)
        context["tab"] = self.request.GET.get("tab", "new")
        if context["tab"] == "all":
            context["states"] = [(s.value, s.label) for s in ApplicationState if s in NUMBERED]
        context["tabs"], context["page"] = queries.desk_queue(
            actor=self.request.user,
            tab=context["tab"],
            at=self.at,
            page=page_number(self.request),
            filters=self.filters,
        )
        return context


class Accept(OfCase, ActView):
    """Accept an application."""

    def perform(self) -> str:
        """Accept it; the branches of the providers open."""
        actions.accept_application(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )
        return _("The application is accepted. You are its handler. The providers review it now.")

    def get_success_url(self) -> str:
        """Return to the case."""
        return OfCase.get_success_url(self)


class Refuse(OfCase, ActionView):
    """Refuse acceptance."""

    heading = gettext_lazy("Refuse acceptance")
    template_name = "portal/applications/act.html"
    form_class = forms.RefuseForm
    submit_label = gettext_lazy("Issue the notice of non-acceptance")
    extra_context = {
        "hint": gettext_lazy("If the data are not open, the notice says how to ask for them.")
    }

    def perform(self, form: Any) -> str:
        """Issue the notice."""
        actions.refuse_acceptance(
            application_id=self.case_id,
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        return _("The notice of non-acceptance is issued.")


class StopClock(OfCase, ActionView):
    """Stop a clock for a reason."""

    heading = gettext_lazy("Stop a clock")
    template_name = "portal/applications/act.html"
    form_class = forms.ClockForm
    submit_label = gettext_lazy("Stop the clock")
    extra_context = {
        "hint": gettext_lazy("Working days on which the clock stands do not count; the reason stays"
                             " on record.")
    }

    def perform(self, form: Any) -> str:
        """Stop it."""
        actions.stop_clock(
            application_id=self.case_id,
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        return _("The clock stands.")


class ResumeClock(OfCase, ActView):
    """Let a stopped clock run again."""

    def perform(self) -> str:
        """Resume the clock named in the button."""
        actions.resume_clock(
            application_id=self.case_id,
            kind=self.request.POST.get("kind", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The clock runs again.")

    def get_success_url(self) -> str:
        """Return to the case."""
        return OfCase.get_success_url(self)
