"""Violation cases: the page, reading files, and the steps until the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from oversight import actions, queries
from portal.kit import (
    ActionView,
    ActView,
    Crumb,
    PageView,
    SignedIn,
    crumb,
    document_response,
)
from portal.oversight import forms
from portal.oversight.common import OfCase, Step, buttons

STEPS = {
    "file": Step(gettext_lazy("File the case"), "case_file"),
    "evidence": Step(gettext_lazy("Add evidence"), "case_evidence", ""),
    "begin_investigation": Step(
        gettext_lazy("Begin the investigation"), "case_begin", "", post=True
    ),
    "interim": Step(gettext_lazy("Order an interim measure"), "case_interim", "warning"),
    "send_hearing_notice": Step(gettext_lazy("Hear the party"), "case_hearing"),
    "receive_statement": Step(gettext_lazy("Give your statement"), "case_statement"),
    "waive": Step(
        gettext_lazy("Waive the statement"), "case_waive", "", post=True,
        confirm=gettext_lazy("Waive the right to a statement? This cannot be taken back."),
    ),
    "decide": Step(gettext_lazy("Decide"), "case_decide", "danger"),
    "clear": Step(gettext_lazy("Dismiss after hearing"), "case_clear", ""),
    "publish": Step(gettext_lazy("Publish the decision"), "case_publish", "danger"),
    "object": Step(gettext_lazy("Object to the decision"), "case_object", ""),
    "uphold": Step(gettext_lazy("Answer the objection"), "case_answer"),
    "repair": Step(gettext_lazy("Repair the record"), "case_repair", ""),
    "close": Step(gettext_lazy("Close the file"), "case_close", ""),
    "dismiss": Step(gettext_lazy("Dismiss the report"), "case_dismiss", ""),
}  # fmt: skip


class CasePage(OfCase, PageView):
    """One violation case with everything in its file."""

    template_name = "portal/oversight/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons."""
        context = super().get_context_data(**kwargs)
        more = [
            name
            for name, may in (
                ("evidence", self.subject.may_add_evidence),
                ("interim", self.subject.may_order_interim),
            )
            if may
        ]
        context["buttons"] = buttons(
            STEPS, self.subject.offers, pk=self.kwargs["pk"], more=more
        )
        return context


class EvidenceFile(SignedIn, View):
    """One piece of evidence, to keep."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file as it was handed in, never to be shown by the browser."""
        name, _kind, content = queries.evidence_file(
            evidence_id=kwargs["number"], actor=request.user
        )
        return document_response(content, name, "application/octet-stream")


class Document(SignedIn, View):
    """A paper of a case or an exit."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF."""
        number, content = queries.oversight_document(
            document_id=kwargs["number"], actor=request.user
        )
        return document_response(content, f"{number}.pdf", "application/pdf", inline=True)


class NewCase(ActionView):
    """Report a suspected violation."""

    area = "oversight"
    title = gettext_lazy("Report a violation")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReportCaseForm
    submit_label = gettext_lazy("Report the violation")

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the board."""
        return crumb(_("Supervision desk"), "portal:supervision"), crumb(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the licenses this reader may see."""
        self.licenses = queries.reportable_parties(actor=self.request.user)
        return super().get_form_kwargs() | {"licenses": self.licenses}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(**kwargs) | {"back_url": reverse("portal:supervision")}

    def perform(self, form: Any) -> str:
        """Report it; licenses of two parties are refused by the action."""
        clean = form.cleaned_data
        chosen = [UUID(one) for one in clean["license_ids"]]
        party = next(one.party_id for one in self.licenses if one.license_id in chosen)
        case = actions.report_violation(
            party_id=party,
            license_ids=chosen,
            source=clean["source"],
            report=clean["report"],
            actor=self.request.user,
            at=self.at,
        )
        self.made = case.pk
        return _("The violation is reported. Add evidence next.")

    def get_success_url(self) -> str:
        """Go to the case."""
        return reverse("portal:case", args=[self.made])


class AddEvidence(OfCase, ActionView):
    """Take a file into evidence."""

    heading = gettext_lazy("Add evidence")
    template_name = "portal/oversight/act.html"
    form_class = forms.EvidenceForm
    submit_label = gettext_lazy("Take into evidence")
    extra_context = {
        "hint": gettext_lazy("The file is hashed, kept with its custody, and never removed.")
    }

    def perform(self, form: Any) -> str:
        """Take it."""
        upload = form.cleaned_data["content"]
        actions.add_evidence(
            case_id=self.kwargs["pk"],
            name=form.cleaned_data["name"],
            source=form.cleaned_data["source"],
            content=upload.read(),
            media_type=upload.content_type or "application/octet-stream",
            actor=self.request.user,
            at=self.at,
        )
        return _("The evidence is taken.")


class FileCase(OfCase, ActionView):
    """Take the case on the books."""

    heading = gettext_lazy("File the case")
    template_name = "portal/oversight/act.html"
    form_class = forms.FilingForm
    submit_label = gettext_lazy("File the case")
    extra_context = {
        "hint": gettext_lazy("You become the investigator; somebody else will decide.")
    }

    def perform(self, form: Any) -> str:
        """File it."""
        actions.file_case(
            case_id=self.kwargs["pk"], **form.cleaned_data, actor=self.request.user, at=self.at
        )
        return _("The case is filed.")


class Begin(OfCase, ActView):
    """Begin the investigation."""

    def perform(self) -> str:
        """Begin it."""
        actions.begin_investigation(
            case_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The investigation has begun.")


class Interim(OfCase, ActionView):
    """Order an interim measure."""

    heading = gettext_lazy("Interim measure")
    template_name = "portal/oversight/act.html"
    form_class = forms.InterimForm
    submit_label = gettext_lazy("Order the measure now")
    extra_context = {
        "hint": gettext_lazy("It takes hold at once on every license concerned.")
    }

    def perform(self, form: Any) -> str:
        """Order it."""
        actions.order_interim_measure(
            case_id=self.kwargs["pk"],
            kind=form.cleaned_data["kind"],
            quota_factor=form.factor(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The interim measure holds.")


class Hearing(OfCase, ActionView):
    """Ask the party for its statement."""

    heading = gettext_lazy("Hear the party")
    template_name = "portal/oversight/decide.html"
    form_class = forms.HearingForm
    submit_label = gettext_lazy("Send the hearing notice")
    extra_context = {
        "hint": gettext_lazy(
            "The party sees the case from now on and has five working days to answer."
        )
    }

    def get_initial(self) -> dict[str, Any]:
        """Propose what the ladder proposes."""
        return {"proposed_measure": proposed(self.subject)}

    def perform(self, form: Any) -> str:
        """Send it."""
        actions.send_hearing_notice(
            case_id=self.kwargs["pk"], **form.cleaned_data, actor=self.request.user, at=self.at
        )
        return _("The hearing notice is sent.")


class Statement(OfCase, ActionView):
    """The statement of the party."""

    heading = gettext_lazy("Your statement")
    template_name = "portal/oversight/act.html"
    form_class = forms.StatementForm
    submit_label = gettext_lazy("Give the statement")

    def perform(self, form: Any) -> str:
        """Give it."""
        actions.receive_statement(
            case_id=self.kwargs["pk"],
            text=form.cleaned_data["text"],
            actor=self.request.user,
            at=self.at,
        )
        return _("Your statement is received.")


class Waive(OfCase, ActView):
    """Waive the statement."""

    def perform(self) -> str:
        """Waive it."""
        actions.waive_statement(case_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The statement is waived.")


def proposed(page: queries.CasePage) -> str:
    """Return the measure the ladder proposes, or the one proposed to the party."""
    return next((one.measure for one in page.proposals if one.proposed), "")
