"""The page of a case: where it stands, who has it, until when, and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, documents, queries
from applications.queries import time as extensions
from applications.states import ApplicationState
from core.errors import Forbidden, NotAllowedNow
from parties import records
from portal.applications import forms
from portal.applications.common import OfCase
from portal.kit import ActionView, ActView, Form, PageView, SignedIn, document_response
from workflow import glance


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done; ``barred`` says why this person cannot do it."""

    title: str | Promise
    url: str
    tone: str
    post: bool
    barred: str


# A step of the engine → title, page, tone, whether it is a button without a page.
STEPS: dict[str, tuple[str | Promise, str, str, bool]] = {
    "submit": (gettext_lazy("Go on with the draft"), "application_tasks", "primary", False),
    "resubmit": (gettext_lazy("Correct and submit"), "application_correct", "primary", False),
    "accept": (gettext_lazy("Accept"), "application_accept", "primary", True),
    "request_correction": (
        gettext_lazy("Return for correction"),
        "application_return",
        "outline-primary",
        False,
    ),
    "refuse_acceptance": (
        gettext_lazy("Refuse acceptance"),
        "application_refuse",
        "outline-danger",
        False,
    ),
    "pass_security_review": (
        gettext_lazy("Review security"),
        "application_security",
        "primary",
        False,
    ),
    "renew_assessment": (
        gettext_lazy("Renew the security assessment"),
        "application_security_renew",
        "outline-primary",
        False,
    ),
    "seat_panel": (gettext_lazy("Panel"), "application_panel", "outline-primary", False),
    "vote": (gettext_lazy("Review and vote"), "application_vote", "primary", False),
    "close_panel": (gettext_lazy("Close the vote"), "application_panel", "primary", False),
    "seat_objection_panel": (
        gettext_lazy("Panel on the objection"),
        "application_panel",
        "outline-primary",
        False,
    ),
    "vote_on_objection": (gettext_lazy("Review and vote"), "application_vote", "primary", False),
    "approve": (gettext_lazy("Decide"), "application_decide", "primary", False),
    "object": (gettext_lazy("Object to the decision"), "application_object", "outline-primary",
               False),
    "uphold": (gettext_lazy("Answer the objection"), "application_answer", "primary", False),
    "withdraw": (gettext_lazy("Withdraw"), "application_withdraw", "outline-danger", False),
}


class Case(OfCase, PageView):
    """One case from the draft to its end."""

    template_name = "portal/applications/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what this reader sees, and note afterwards what they have seen."""
        with glance.glancing():
            context = self._read(**kwargs)
        if not self.case.is_applicant:
            actions.note_sighting(
                application_id=self.case_id, actor=self.request.user, at=self.at
            )
        return context

    def _read(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context; the buttons come from the same offers as the work list."""
        context = super().get_context_data(**kwargs)
        offered = {offer.name: offer.barred for offer in self.case.offers}
        context["buttons"] = [
            Button(
                title,
                reverse(f"portal:{route}", args=[self.case_id]),
                tone,
                post,
                offered[name],
            )
            for name, (title, route, tone, post) in STEPS.items()
            if name in offered
        ]
        if self.case.may_copy and self.case.state == ApplicationState.DRAFT:
            # Nothing was handed in that could be withdrawn: whoever writes the draft deletes it.
            withdrawal = reverse("portal:application_withdraw", args=[self.case_id])
            away = reverse("portal:application_delete", args=[self.case_id])
            deletion = Button(Delete.heading, away, "outline-danger", False, "")
            kept = [b for b in context["buttons"] if b.url != withdrawal]
            context["buttons"] = [*kept, deletion]
        context["extension"] = extensions.open_extension(
            application_id=self.case_id, actor=self.request.user
        )
        context["side"] = queries.desk_side(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )
        if not self.case.is_applicant:
            context["desk"] = queries.desk_view(
                application_id=self.case_id,
                actor=self.request.user,
                show=self.request.GET.get("show", "all"),
            )
        may = context["side"].may
        context["may_note"], context["may_tell"] = "comment" in may, "tell" in may
        context["may_return"] = any(o == "request_correction" for o in offered)
        context["timeline"] = timeline_as_asked(self.request, self.case.timeline)
        context["clock_stops"] = self.case.manages_clocks and any(
            clock.kind == "overall" and clock.status != "closed" for clock in self.case.clocks
        )
        if not self.case.is_applicant:
            context["record"] = records.of(self.case.applicant_id, at=self.at)
        return context


def timeline_as_asked(
    request: HttpRequest, entries: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Return the timeline in the order and for the readers that the address asks for."""
    wanted = {"shared": True, "internal": False}.get(request.GET.get("acts", ""))
    chosen = entries if wanted is None else tuple(e for e in entries if e.shared is wanted)
    return tuple(reversed(chosen)) if request.GET.get("order") == "oldest" else chosen


class Sent(OfCase, PageView):
    """The confirmation of a submission; its address stays."""

    heading = gettext_lazy("Application submitted")
    template_name = "portal/applications/sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was handed in, by when an answer comes, and whom to ask."""
        context = super().get_context_data(**kwargs)
        context["sent"] = queries.confirmation(
            application_id=self.case_id, actor=self.request.user
        )
        return context


class Receipt(SignedIn):
    """What was handed in last, as a file to keep."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file."""
        facts = queries.receipt(application_id=self.kwargs["pk"], actor=request.user)
        content = documents.render_receipt(facts)
        name = f"{facts.number}-{facts.submission}.pdf"
        return document_response(content, name, "application/pdf", inline=True)


class Withdraw(OfCase, ActionView):
    """Withdraw an application."""

    heading = gettext_lazy("Withdraw the application")
    template_name = "portal/applications/act.html"
    form_class = forms.OptionalReasonForm
    submit_label = gettext_lazy("Withdraw the application")
    extra_context = {
        "hint": gettext_lazy("All time limits end. A new application is needed to go on later.")
    }

    def perform(self, form: Any) -> str:
        """Withdraw it."""
        actions.withdraw_application(
            application_id=self.case_id,
            actor=self.request.user,
            at=self.at,
            reason=form.cleaned_data["reason"],
        )
        return _("The application is withdrawn.")


class Delete(OfCase, ActionView):
    """Throw a draft away that was never submitted."""

    heading = gettext_lazy("Delete the draft")
    template_name = "portal/applications/act.html"
    form_class = Form
    submit_label = gettext_lazy("Delete the draft")
    extra_context = {
        "submit_tone": "danger",
        "hint": gettext_lazy(
            "Everything written on the draft and all files of it are deleted and cannot be brought"
            " back. That there was a draft, and who deleted it, stays on record."
        )
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Ask once more.

        :raises Forbidden: the reader is no agent of the applicant.
        :raises NotAllowedNow: it was submitted.
        """
        if not self.case.may_copy:
            raise Forbidden
        if self.case.state != ApplicationState.DRAFT:
            raise NotAllowedNow
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        """Delete it; nothing of ours leads there any more."""
        actions.delete_draft(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )
        seen = self.request.session.get("recent", [])
        self.request.session["recent"] = [r for r in seen if str(self.case_id) not in r[1]]
        return _("The draft is deleted.")

    def get_success_url(self) -> str:
        """Go to the list."""
        return reverse("portal:applications")


class Copy(OfCase, ActView):
    """Begin a new draft with the answers of this case."""

    copy_id: UUID

    def perform(self) -> str:
        """Copy it; the commitments of the copy are not signed."""
        copy = actions.copy_as_new(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )
        self.copy_id = copy.pk
        return _("A new draft holds the answers. Check the datasets and sign the commitments.")

    def get_success_url(self) -> str:
        """Go on to the task list of the new draft."""
        return reverse("portal:application_tasks", args=[self.copy_id])


class Document(SignedIn):
    """One paper of a case."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the paper as it was issued."""
        name, content = queries.document(document_id=self.kwargs["pk"], actor=request.user)
        return document_response(content, name, "application/pdf", inline=True)
