"""The list of agreements, the page of one, and its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import queries
from contracts.queries.rows import AgreementPage
from parties import queries as parties
from parties.roles import Role
from portal.contracts.common import TONES, OfAgreement
from portal.kit import (
    PageView,
    Pagination,
    SignedIn,
    StripStep,
    document_response,
)
from portal.templatetags.datadeed import cn_date

STATES: tuple[tuple[str, str | Promise], ...] = (
    ("DRAFTING", gettext_lazy("Drafting")),
    ("NEGOTIATING", gettext_lazy("Negotiating")),
    ("READY_TO_SIGN", gettext_lazy("Ready to sign")),
    ("SIGNED_BY_USER", gettext_lazy("Signed by the data user")),
    ("EFFECTIVE", gettext_lazy("In force")),
)
ENDS: dict[str, str | Promise] = {
    "SUSPENDED": gettext_lazy("Suspended"),
    "RENEWED": gettext_lazy("Renewed"),
    "EXPIRED": gettext_lazy("Expired"),
    "TERMINATED": gettext_lazy("Terminated"),
    "LAPSED": gettext_lazy("Lapsed unsigned"),
}


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
    "open_negotiation": (
        gettext_lazy("Open the draft to the parties"), "agreement_open", "primary", True),
    "finalize": (
        gettext_lazy("Close the text for signature"),
        "agreement_finalize", "outline-primary", True),
    "reopen": (
        gettext_lazy("Return to negotiation"), "agreement_reopen", "outline-danger", False),
    "suspend": (gettext_lazy("Suspend"), "agreement_suspend", "outline-danger", False),
    "resume": (gettext_lazy("Resume"), "agreement_resume", "primary", False),
    "terminate": (
        gettext_lazy("End the agreement"), "agreement_terminate", "outline-danger", False),
}


class Agreements(PageView):
    """The agreements a person may see."""

    area = "contracts"
    title = gettext_lazy("Agreements")
    template_name = "portal/contracts/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list; filter and page stand in the address."""
        context = super().get_context_data(**kwargs)
        asked = self.request.GET
        page = asked.get("page", "")
        found = queries.my_agreements(
            actor=self.request.user,
            at=self.at,
            text=asked.get("q", ""),
            state=asked.get("state", ""),
            page=int(page) if page.isdecimal() and len(page) < 6 else 1,
        )
        context["rows"] = [(row, TONES[row.state]) for row in found.rows]
        context["states"] = [*STATES, *ENDS.items()]
        context["state"], context["q"] = asked.get("state", ""), asked.get("q", "")
        context["page"] = Pagination(found.page, found.pages, found.total)
        context["undrafted"] = queries.undrafted_count(actor=self.request.user)
        context["sets_rules"] = parties.has_role(self.request.user, Role.AUTHORITY_DECIDER)
        return context


class ToSign(PageView):
    """The agreements that wait for the signature of this person."""

    area = "contracts"
    title = gettext_lazy("Agreements to sign")
    template_name = "portal/contracts/to_sign.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them, the oldest text first."""
        context = super().get_context_data(**kwargs)
        rows = queries.agreements_to_sign(actor=self.request.user, at=self.at)
        context["rows"] = [(row, TONES[row.state]) for row in rows]
        return context


class AgreementCase(OfAgreement, PageView):
    """One agreement: its text first, then terms, signatures, changes and what happened."""

    template_name = "portal/contracts/agreement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the strip, the buttons and the facts."""
        context = super().get_context_data(**kwargs)
        context["strip"] = strip(self.agreement)
        asked: dict[str, Any] = {"agreement_id": self.agreement_id, "actor": self.request.user}
        ending = queries.ending_of(**asked)
        context["ending"] = ending
        context["ending_tone"] = TONES[ending.state] if ending else ""
        amendments = queries.amendments_of(**asked)
        context["amendments"] = [(one, TONES[one.state]) for one in amendments]
        context["buttons"] = buttons(self.agreement)
        if ending is not None and ending.state in ("PROPOSED", "SERVED"):
            ended = reverse("portal:agreement_terminate", args=[self.agreement_id])
            context["buttons"] = [one for one in context["buttons"] if one.url != ended]
        if queries.may_amend(**asked):
            url = reverse("portal:agreement_amend", args=[self.agreement_id])
            amend = Button(_("Amend the agreement"), url, "outline-primary", False, "")
            context["buttons"].insert(0, amend)
        context["facts"] = facts(self.agreement)
        context["proposals"] = [(one, TONES[one.state]) for one in self.agreement.proposals]
        return context


class Paper(SignedIn):
    """One stored paper of an agreement."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the paper as it was issued."""
        name, content = queries.agreement_document(
            document_id=self.kwargs["pk"], actor=request.user
        )
        return document_response(content, name, "application/pdf", inline=True)


class CopyToSign(SignedIn):
    """The copy to sign outside: the text with the signatures that stand."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the copy as a file to keep."""
        name, content = queries.document_to_sign(
            agreement_id=self.kwargs["pk"], actor=request.user
        )
        return document_response(content, name, "application/pdf")


def strip(agreement: AgreementPage) -> tuple[StripStep, ...]:
    """Return where an agreement stands on its way, and its end if it has one."""
    order = [state for state, _title in STATES]
    ended = agreement.state in ENDS
    in_force = agreement.effective_at is not None
    here = (len(order) if in_force else 0) if ended else order.index(agreement.state)
    when = {"DRAFTING": cn_date(agreement.drafted_at), "EFFECTIVE": cn_date(agreement.valid_from)}
    offices = {
        "DRAFTING": _("Provider"),
        "NEGOTIATING": _("Data user and providers"),
        "READY_TO_SIGN": _("Data user"),
        "SIGNED_BY_USER": _("Providers"),
        "EFFECTIVE": "",
    }
    steps = [
        StripStep(
            title,
            "past" if place < here else ("current" if place == here and not ended else "future"),
            when.get(state, "") if place <= here else "",
            offices[state],
        )
        for place, (state, title) in enumerate(STATES)
    ]
    if ended:
        kept = [step for step in steps if step.status == "past"] or steps[:1]
        end = StripStep(ENDS[agreement.state], "current", cn_date(agreement.ended_at), "")
        return (*kept, end)
    return tuple(steps)


def buttons(agreement: AgreementPage) -> list[Button]:
    """Return what this person can do now, from the same offers as the work list."""
    offered = {offer.name: offer.barred for offer in agreement.offers}
    found = [
        Button(title, reverse(f"portal:{route}", args=[agreement.id]), tone, post, offered[name])
        for name, (title, route, tone, post) in STEPS.items()
        if name in offered
    ]
    if agreement.state in ("NEGOTIATING", "READY_TO_SIGN", "SIGNED_BY_USER"):
        url = reverse("portal:agreement_negotiation", args=[agreement.id])
        tone = "primary" if agreement.state == "NEGOTIATING" else "outline-primary"
        found.insert(0, Button(_("Negotiate clause by clause"), url, tone, False, ""))
    if agreement.signs_for is not None:
        url = reverse("portal:agreement_sign", args=[agreement.id])
        barred = agreement.signing_barred
        found.insert(0, Button(_("Read and sign"), url, "primary", False, barred))
    return found


def facts(agreement: AgreementPage) -> list[tuple[str, str]]:
    """Return what a reader asks first."""
    term = ""
    if agreement.valid_from and agreement.valid_to:
        term = f"{cn_date(agreement.valid_from)} – {cn_date(agreement.valid_to)}"
    return [
        (_("Data user"), agreement.applicant_name),
        (_("Data providers"), _(", ").join(agreement.provider_names)),
        (_("Supervised by"), agreement.authority_name),
        (_("Scenario"), agreement.scenario),
        (_("Decision number"), agreement.decision_number),
        (_("Term of validity"), term),
        (_("Text version"), str(agreement.text_version)),
        (_("Template"), agreement.template),
    ]
