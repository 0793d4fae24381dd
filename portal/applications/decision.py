"""The decision, the objection, the answer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.actions.verdicts import REMEDY
from applications.queries import DecidingRow
from portal.applications import forms, verdict_forms
from portal.applications.common import OfCase, page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView


class Queue(FilteredList):
    """The cases that wait for a decision or an answer."""

    list_name = "decisions"
    area = "applications"
    title = gettext_lazy("Decisions")
    template_name = "portal/applications/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows, each leading to its case."""
        context = super().get_context_data(**kwargs)
        context["route"] = "portal:application"
        context["page"] = queries.decision_queue(
            actor=self.request.user,
            at=self.at,
            page=page_number(self.request),
            filters=self.filters,
        )
        return context


class OfDecision(OfCase):
    """A page of the decider; says why when duties keep the person from it."""

    step = "approve"

    @cached_property
    def datasets(self) -> tuple[DecidingRow, ...]:
        """The datasets with what providers and committee said of each."""
        return queries.deciding_rows(application_id=self.case_id, actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let each dataset be decided on its own."""
        return {**super().get_form_kwargs(), "datasets": self.datasets}  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the reason why this person cannot do it, if there is one."""
        context = super().get_context_data(**kwargs)
        offered = {offer.name: offer.barred for offer in self.case.offers}
        context["remedy"] = REMEDY
        context["deciding"] = self.datasets
        context["barred"] = offered.get(
            self.step, "" if self.step in offered else _("This step is not open to you now.")
        )
        return context


class Decide(OfDecision, ActionView):
    """The decision with its reasons."""

    heading = gettext_lazy("Decision")
    template_name = "portal/applications/decide.html"
    form_class = verdict_forms.DecisionForm
    submit_label = gettext_lazy("Decide and issue the letter")

    def get_initial(self) -> dict[str, Any]:
        """Propose what the committee and the security review proposed."""
        proposed: tuple[str, ...] = ()
        if self.case.conclusion is not None:
            proposed = self.case.conclusion.conditions
        return {"conditions": "\n".join(proposed)}

    def perform(self, form: Any) -> str:
        """Decide."""
        clean, items = form.cleaned_data, form.items()
        actions.decide(
            application_id=self.case_id,
            result="" if items is not None else clean["result"],
            items=items,
            reasons=clean["reasons"],
            # What the page proposed counts only for the result it belongs to.
            conditions=form.attached(),
            departure_reason=clean["departure_reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The decision is taken and the letter is issued.")


class Object(OfCase, ActionView):
    """Object to a decision."""

    heading = gettext_lazy("Object to the decision")
    template_name = "portal/applications/act.html"
    form_class = forms.GroundsForm
    submit_label = gettext_lazy("File the objection")
    extra_context = {
        "hint": gettext_lazy("Another decider than the first one answers within 15 working days.")
    }

    def perform(self, form: Any) -> str:
        """File it."""
        actions.object_to_decision(
            application_id=self.case_id,
            grounds=form.cleaned_data["grounds"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The objection is filed.")


class Answer(OfDecision, ActionView):
    """Answer an objection."""

    heading = gettext_lazy("Answer the objection")
    step = "uphold"
    template_name = "portal/applications/decide.html"
    form_class = verdict_forms.AnswerForm
    submit_label = gettext_lazy("Answer the objection")

    def perform(self, form: Any) -> str:
        """Answer it."""
        clean = form.cleaned_data
        actions.answer_objection(
            application_id=self.case_id,
            result=form.answer(),
            items=form.items(),
            reasons=clean["reasons"],
            conditions=form.attached(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The objection is answered.")
