"""Powers of attorney for signing: filed by a party, reviewed by the authority, revoked."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from contracts.queries.rows import MandateRow
from portal.contracts import forms
from portal.contracts.common import OfAgreement, WithReason
from portal.kit import (
    ActionView,
    ActView,
    Crumb,
    Page,
    PageView,
    SignedIn,
    crumb,
    document_response,
)

TONES = {
    "FILED": "yellow", "ACCEPTED": "green", "REFUSED": "red", "REVOKED": "secondary",
    "EXPIRED": "secondary",
}  # fmt: skip


class File(OfAgreement, ActionView):
    """File a letter for a colleague."""

    heading = submit_label = gettext_lazy("File a power of attorney")
    template_name = "portal/contracts/letter_file.html"
    form_class = forms.LetterForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the colleagues who could be empowered."""
        people = queries.delegates(agreement_id=self.agreement_id, actor=self.request.user)
        return {**super().get_form_kwargs(), "people": people}

    def perform(self, form: Any) -> str:
        """File it."""
        letter = form.cleaned_data["letter"]
        actions.file_mandate(
            agreement_id=self.agreement_id,
            delegate_id=form.cleaned_data["delegate"],
            valid_until=form.cleaned_data["valid_until"],
            name=letter.name,
            content=letter.read(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The letter is filed. Your colleague can sign once the authority accepts it.")


class OfLetter(Page):
    """A page about one letter; who may not see it is told that there is nothing."""

    area = "contracts"
    heading: Any = ""

    @cached_property
    def letter(self) -> MandateRow:
        """The letter as this reader may see it."""
        return queries.mandate_page(mandate_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the agreement and the person."""
        name = _("Power of attorney %(number)s · %(who)s") % {
            "number": self.letter.agreement_number, "who": self.letter.delegate_name,
        }  # fmt: skip
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the agreement."""
        agreement = crumb(
            self.letter.agreement_number, "portal:agreement", self.letter.agreement_id
        )
        first = crumb(_("Agreements"), "portal:agreements")
        here = _("Power of attorney")
        if not self.heading:
            return first, agreement, crumb(here)
        return first, agreement, crumb(here, "portal:mandate", self.letter.id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the letter."""
        return reverse("portal:mandate", args=[self.kwargs["pk"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the letter."""
        context = super().get_context_data(**kwargs)
        context["letter"], context["tone"] = self.letter, TONES[self.letter.state]
        context["back_url"] = reverse("portal:mandate", args=[self.letter.id])
        return context


class Letter(OfLetter, PageView):
    """One letter: for whom, until when, the file, and what can be done."""

    template_name = "portal/contracts/letter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the offers by name."""
        context = super().get_context_data(**kwargs)
        context["offers"] = {offer.name: offer for offer in self.letter.offers}
        return context


class Accept(OfLetter, ActView):
    """Accept a letter."""

    def perform(self) -> str:
        """Accept it."""
        actions.accept_mandate(
            mandate_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The letter is accepted. The person it names can sign now.")


class Refuse(OfLetter, WithReason):
    """Refuse a letter, with the reason."""

    heading = submit_label = gettext_lazy("Do not accept the letter")
    action = staticmethod(actions.refuse_mandate)
    subject = "mandate_id"
    done = gettext_lazy("The letter is not accepted. The party has been told why.")


class Revoke(OfLetter, WithReason):
    """Revoke a letter, with the reason."""

    heading = submit_label = gettext_lazy("Revoke the letter")
    extra_context = {
        "hint": gettext_lazy("A signature given by it before stays valid; no new one can be given.")
    }
    action = staticmethod(actions.revoke_mandate)
    subject = "mandate_id"
    done = gettext_lazy("The letter is revoked.")


class LetterFile(SignedIn):
    """The letter itself, to keep and never to show in place."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file to the parties of its side and to the authority."""
        name, media_type, content = queries.mandate_file(
            mandate_id=self.kwargs["pk"], actor=request.user
        )
        return document_response(content, name, media_type)
