"""Questions to the applicant, opinions of others, remarks and the reference of the office."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from core.errors import Forbidden
from portal.applications import deskforms
from portal.applications.common import OfCase
from portal.kit import ActionView, ActView, SignedIn, document_response

TEMPLATE = "portal/applications/casework/act.html"


class Working(OfCase, ActionView):
    """A form on a case that only some may see; begun words come back from the last time."""

    template_name = TEMPLATE
    # What of ``DeskSide.may`` the reader needs, and where begun words are kept.
    needs = ""
    place = ""

    @cached_property
    def side(self) -> queries.DeskSide:
        """What stands beside the answers of the case."""
        return queries.desk_side(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )

    def get_form(self, form_class: Any = None) -> Any:
        """Refuse whoever has no business here before anything is shown."""
        if self.needs and self.needs not in self.side.may:
            raise Forbidden
        return super().get_form(form_class)

    def get_initial(self) -> dict[str, Any]:
        """Bring back what was begun."""
        view = queries.desk_view(application_id=self.case_id, actor=self.request.user)
        begun = view.drafts.get(self.place, "") if view else ""
        return {**super().get_initial(), **({"text": begun} if begun else {})}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where begun words are kept."""
        return super().get_context_data(place=self.place, **kwargs)


class Remark(Working):
    """Note something on the whole case."""

    heading = gettext_lazy("Remark")
    form_class = deskforms.RemarkForm
    submit_label = gettext_lazy("Note the remark")
    place = "remark"

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the applicant as reader to those only who may write to the applicant."""
        if "comment" not in self.side.may:
            raise Forbidden
        form = super().get_form(form_class)
        if "tell" not in self.side.may:
            form.fields["audience"].choices = form.fields["audience"].choices[:1]
            del form.fields["confirm"]
        return form

    def perform(self, form: Any) -> str:
        """Note it."""
        is_public = form.cleaned_data["audience"] == "public"
        actions.add_remark(
            application_id=self.case_id,
            text=form.cleaned_data["text"],
            is_public=is_public,
            files=form.cleaned_data["papers"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The applicant is told.") if is_public else _("The remark is noted.")


class Ask(Working):
    """Ask the applicant something while the case runs on."""

    heading = gettext_lazy("Ask the applicant")
    form_class = deskforms.QuestionForm
    submit_label = gettext_lazy("Send the question")
    needs, place = "tell", "clarification"

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the clocks that run, to those who may stop them."""
        form = super().get_form(form_class)
        running = {c.kind for c in self.case.clocks if c.status in ("normal", "soon", "overdue")}
        running |= {b.clock.kind for b in self.case.branches if b.clock and not b.clock.stopped}
        offered = [c for c in form.fields["stop_kinds"].choices if c[0] in running]
        if "stop" in self.side.may and offered:
            form.fields["stop_kinds"].choices = offered
        else:
            del form.fields["stop_kinds"], form.fields["stop_reason"]
        return form

    def perform(self, form: Any) -> str:
        """Send it."""
        actions.ask_clarification(
            application_id=self.case_id,
            question=form.cleaned_data["text"],
            stop_kinds=form.cleaned_data.get("stop_kinds", []),
            stop_reason=form.cleaned_data.get("stop_reason", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The question is sent.")


class Clarify(Working):
    """Answer a question of the office."""

    heading = gettext_lazy("Answer the question of the office")
    template_name = "portal/applications/casework/clarify.html"
    form_class = deskforms.AnswerForm
    submit_label = gettext_lazy("Send the answer")

    @property
    def case_id(self) -> UUID:
        """The case the question is about."""
        return queries.case_of_clarification(
            clarification_id=self.kwargs["pk"], actor=self.request.user
        )

    @cached_property
    def asked(self) -> queries.ClarificationRow:
        """The question, for those who answer it."""
        return queries.clarification(
            clarification_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question."""
        return super().get_context_data(asked=self.asked, **kwargs)

    def perform(self, form: Any) -> str:
        """Send the answer."""
        actions.answer_clarification(
            clarification_id=self.kwargs["pk"],
            text=form.cleaned_data["text"],
            files=form.cleaned_data["papers"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The answer is sent. Clocks that stood for it run again.")


class RecallQuestion(ActView):
    """Take a question back."""

    def perform(self) -> str:
        """Recall it."""
        actions.recall_clarification(
            clarification_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The question is recalled.")


class Consult(Working):
    """Ask other officials for their opinion."""

    heading = gettext_lazy("Ask for an opinion")
    template_name = "portal/applications/casework/consult.html"
    form_class = deskforms.ConsultForm
    submit_label = gettext_lazy("Ask for the opinion")
    needs, place = "consult", "consultation"
    extra_context = {
        "hint": gettext_lazy(
            "Those you ask read the case from now on, without what is private. The applicant does"
            " not learn of it. The time comes from the rule for opinions."
        )
    }

    def get_form(self, form_class: Any = None) -> Any:
        """Offer whom one may ask."""
        form = super().get_form(form_class)
        found = queries.askable(
            application_id=self.case_id,
            actor=self.request.user,
            text=self.request.GET.get("who", "")[:60],
        )
        form.fields["people"].choices = [
            (str(p.id), f"{p.office} · {p.full_name}") for p in found
        ]
        return form

    def perform(self, form: Any) -> str:
        """Ask them."""
        actions.ask_opinion(
            application_id=self.case_id,
            people=form.cleaned_data["people"],
            question=form.cleaned_data["text"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The opinion is asked for.")


class Advise(Working):
    """Give the opinion that was asked for."""

    heading = gettext_lazy("Waits for your opinion")
    template_name = "portal/applications/casework/advise.html"
    form_class = deskforms.OpinionForm
    submit_label = gettext_lazy("Send the answer")

    @cached_property
    def asked(self) -> queries.ConsultationRow:
        """The request, for the person asked."""
        return queries.consultation(
            consultation_id=self.kwargs["pk"], actor=self.request.user
        )

    @property
    def case_id(self) -> UUID:
        """The case the opinion is asked on."""
        return self.asked.application_id

    @property
    def place(self) -> str:  # type: ignore[override]
        """Where a begun opinion is kept."""
        return f"opinion:{self.asked.id}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the request."""
        return super().get_context_data(asked=self.asked, **kwargs)

    def perform(self, form: Any) -> str:
        """Send it."""
        actions.give_opinion(
            consultation_id=self.kwargs["pk"],
            text=form.cleaned_data["text"],
            decline=form.cleaned_data["choice"] == "decline",
            actor=self.request.user,
            at=self.at,
        )
        return _("Your answer has gone to the handler.")


class RecallOpinion(ActView):
    """Take a request for an opinion back."""

    def perform(self) -> str:
        """Recall it."""
        actions.recall_consultation(
            consultation_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The request is recalled.")


class Reference(Working):
    """Give the case the number it has in the files of the office."""

    heading = gettext_lazy("Reference of the office")
    form_class = deskforms.ReferenceForm
    submit_label = gettext_lazy("Save")
    needs = "reference"

    def get_initial(self) -> dict[str, Any]:
        """Start from the present one."""
        return {"reference": self.side.reference}

    def perform(self, form: Any) -> str:
        """Store it."""
        actions.assign_reference(
            application_id=self.case_id,
            reference=form.cleaned_data["reference"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The reference is stored.")


class Attachment(SignedIn):
    """One attached file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand it over to those who may read it."""
        name, media_type, content = queries.attachment(attachment_id=pk, actor=request.user)
        return document_response(content, name, media_type)

