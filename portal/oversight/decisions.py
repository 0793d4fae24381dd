"""Violation cases: decision, publication, objection, repair, end."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oversight import actions
from portal.kit import ActionView
from portal.oversight import forms
from portal.oversight.cases import proposed
from portal.oversight.common import OfCase


class Decide(OfCase, ActionView):
    """The decision, with what each measure would do."""

    heading = gettext_lazy("Decide the violation case")
    template_name = "portal/oversight/decide.html"
    form_class = forms.DecisionForm
    submit_label = gettext_lazy("Decide and enforce now")
    extra_context = {
        "hint": gettext_lazy(
            "The measure takes hold on licenses and credentials in the moment you decide."
        ),
        "confirm": gettext_lazy("Decide now? Revoked licenses cannot be brought back."),
    }

    def get_initial(self) -> dict[str, Any]:
        """Propose what the ladder proposes."""
        return {"measure": proposed(self.subject), "damages": 0}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say why this person may not decide, if so."""
        context = super().get_context_data(**kwargs)
        barred = {offer.name: offer.barred for offer in self.subject.offers}
        context["barred"] = barred.get("decide", _("This step is not open to you now."))
        return context

    def perform(self, form: Any) -> str:
        """Decide."""
        clean = form.cleaned_data
        actions.decide_case(
            case_id=self.kwargs["pk"],
            measure=clean["measure"],
            reasons=clean["reasons"],
            answer=clean["answer"],
            departure_reason=clean["departure_reason"],
            damages_fen=form.damages_fen(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The case is decided and the measure holds.")


class Clear(OfCase, ActionView):
    """End the case in the party's favor."""

    heading = gettext_lazy("Dismiss after hearing")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Dismiss the case")

    def perform(self, form: Any) -> str:
        """Clear the party."""
        actions.clear_case(
            case_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The case is dismissed.")


class Dismiss(OfCase, ActionView):
    """End a report in which there is nothing."""

    heading = gettext_lazy("Dismiss the report")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Dismiss the report")

    def perform(self, form: Any) -> str:
        """Dismiss it."""
        actions.dismiss_case(
            case_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The report is dismissed.")


class Publish(OfCase, ActionView):
    """Show act and measure to the public; what it will say stands on the page."""

    heading = gettext_lazy("Publish the decision")
    template_name = "portal/oversight/publish.html"
    form_class = forms.PublishForm
    submit_label = gettext_lazy("Publish the notice")

    def perform(self, form: Any) -> str:
        """Publish it."""
        notice = actions.publish_notice(
            case_id=self.kwargs["pk"],
            persons=forms.lines(form.cleaned_data["persons"]),
            actor=self.request.user,
            at=self.at,
        )
        return _("The notice %(number)s is published.") % {"number": notice.number}


class Object(OfCase, ActionView):
    """Object to a decision."""

    heading = gettext_lazy("Object to the decision")
    template_name = "portal/oversight/act.html"
    form_class = forms.StatementForm
    submit_label = gettext_lazy("File the objection")
    extra_context = {"hint": gettext_lazy("The measure holds while your objection is examined.")}

    def perform(self, form: Any) -> str:
        """File it."""
        actions.object_to_case(
            case_id=self.kwargs["pk"],
            text=form.cleaned_data["text"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The objection is filed.")


class Answer(OfCase, ActionView):
    """Answer an objection."""

    heading = gettext_lazy("Answer the objection")
    template_name = "portal/oversight/act.html"
    form_class = forms.AnswerForm
    submit_label = gettext_lazy("Answer the objection")

    def perform(self, form: Any) -> str:
        """Answer it."""
        clean = form.cleaned_data
        actions.answer_case_objection(
            case_id=self.kwargs["pk"],
            upheld=clean["result"] == "UPHELD",
            measure=clean["measure"],
            reason=clean["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The objection is answered.")


class Repair(OfCase, ActionView):
    """Repair the public record."""

    heading = gettext_lazy("Repair the record")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Take the notice off")
    extra_context = {
        "hint": gettext_lazy(
            "The notice is taken off and the bar lifted; the internal record stays."
        )
    }

    def perform(self, form: Any) -> str:
        """Repair it."""
        actions.repair_case(
            case_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The record is repaired.")


class Close(OfCase, ActionView):
    """Put the file away."""

    heading = gettext_lazy("Close the file")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Close the file")

    def perform(self, form: Any) -> str:
        """Close it."""
        actions.close_case(
            case_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The file is closed.")
