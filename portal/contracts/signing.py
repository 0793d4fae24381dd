"""The page on which an agreement is read and signed, or declined."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions
from contracts.queries.rows import AgreementPage
from core.errors import Forbidden, NotAllowedNow
from parties import queries as parties
from parties.actions import Proof
from portal.contracts import forms
from portal.contracts.common import OfAgreement, WithReason
from portal.kit import ActionView


class Sign(OfAgreement, ActionView):
    """The whole text, who signs it for whom, its hash, and the button."""

    heading = gettext_lazy("Read and sign")
    template_name = "portal/contracts/sign.html"
    form_class = forms.SignForm
    submit_label = gettext_lazy("Sign the agreement")

    def get_initial(self) -> dict[str, Any]:
        """Put the hash of the text on the page into the form: that text is what is signed."""
        return {**super().get_initial(), "text_hash": self.agreement.text_hash}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for whom this person signs; nobody else has a form here."""
        if self.agreement.signs_for is None and self.request.method == "GET":
            raise _why_not(self.agreement.state)
        if self.agreement.signing_barred and self.request.method == "GET":
            raise NotAllowedNow(self.agreement.signing_barred)
        context = super().get_context_data(**kwargs)
        context["signer"] = self.agreement.signs_for
        context["factor"] = parties.second_factor_of(actor=self.request.user)
        context["stops"] = stops(self.agreement)
        context["changed_entries"] = {
            term.name: tuple(entry for entry in term.entries if entry.changed)
            for term in self.agreement.terms
        }
        context["first_stop"] = next(iter(context["stops"].values()), "signature")
        return context

    def perform(self, form: Any) -> str:
        """Sign it."""
        done = actions.sign_agreement(
            agreement_id=self.agreement_id,
            text_hash=form.cleaned_data["text_hash"],
            proof=Proof(form.cleaned_data["password"], form.cleaned_data["code"]),
            actor=self.request.user,
            at=self.at,
        )
        if done.state == "EFFECTIVE":
            return _("You have signed. All parties have signed: the agreement is in force.")
        return _("You have signed. The next party is asked to sign.")


class Upload(OfAgreement, ActionView):
    """Hand in a copy that was signed elsewhere with the party's own certificate."""

    heading = gettext_lazy("Hand in a copy signed elsewhere")
    template_name = "portal/contracts/upload.html"
    form_class = forms.UploadForm
    submit_label = gettext_lazy("Check and take over the signature")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for whom this person signs, and offer the copy to sign."""
        if self.agreement.signs_for is None and self.request.method == "GET":
            raise _why_not(self.agreement.state)
        context = super().get_context_data(**kwargs)
        context["signer"] = self.agreement.signs_for
        return context

    def perform(self, form: Any) -> str:
        """Check it and take the signature over."""
        file = form.cleaned_data["file"]
        done = actions.hand_in_signed_copy(
            agreement_id=self.agreement_id,
            name=file.name,
            content=file.read(),
            proof=Proof(form.cleaned_data["password"], form.cleaned_data["code"]),
            actor=self.request.user,
            at=self.at,
        )
        if done.state == "EFFECTIVE":
            return _("You have signed. All parties have signed: the agreement is in force.")
        return _("You have signed. The next party is asked to sign.")


class DeclineToSign(OfAgreement, WithReason):
    """Decline the text, with the reason."""

    heading = gettext_lazy("Decline to sign")
    submit_label = gettext_lazy("Decline to sign")
    extra_context = {
        "hint": gettext_lazy(
            "The text returns to negotiation and signatures given so far become void. The time"
            " limit for signing goes on."
        )
    }
    action = staticmethod(actions.decline_to_sign)
    subject = "agreement_id"
    done = gettext_lazy("You have declined. The text is open to changes again.")


def stops(agreement: AgreementPage) -> dict[str, str]:
    """Return for each changed clause, by its number, the place to read next."""
    changed = [
        str(clause.number)
        for clause in agreement.clauses
        if clause.term in agreement.changed_terms
    ]
    following = [f"clause-{number}" for number in changed[1:]] + ["signature"]
    return dict(zip(changed, following, strict=True)) if changed else {}


def _why_not(state: str) -> Exception:
    if state in ("READY_TO_SIGN", "SIGNED_BY_USER"):
        return Forbidden()
    return NotAllowedNow()
