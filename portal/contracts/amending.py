"""Pages on which the next version of an agreement in force is proposed, read and signed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from contracts.overrides import changes_of
from core.errors import NotAllowedNow
from parties.actions import Proof
from portal.contracts import forms
from portal.contracts.common import TONES, OfAgreement, WithReason
from portal.kit import ActionView, Crumb, Page, PageView, crumb


class Amend(OfAgreement, ActionView):
    """Propose the next version of an agreement in force."""

    heading = gettext_lazy("Amend the agreement")
    template_name = "portal/contracts/act.html"
    form_class = forms.ProposalForm
    submit_label = gettext_lazy("Put the next version before the parties")
    extra_context = {
        "hint": gettext_lazy(
            "Change only what you want to be different. The present version holds until every party"
            " has signed the next one; licenses are then reissued in the same moment, and the keys"
            " go on. What widens scope or purpose needs an application for an amendment."
        )
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the entries and their present values."""
        entries = queries.negotiable_entries(
            agreement_id=self.agreement_id, actor=self.request.user
        )
        return {**super().get_form_kwargs(), "entries": entries}

    def perform(self, form: Any) -> str:
        """Propose it."""
        made = actions.propose_amendment(
            agreement_id=self.agreement_id,
            changes=changes_of(values=form.changed_values()),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        self.made_id = made.pk
        return _("The next version is before the parties. Each of them signs it.")

    def get_success_url(self) -> str:
        """Show what was proposed."""
        return reverse("portal:amendment", args=[self.made_id])


class OfAmendment(Page):
    """A page about one amendment."""

    area = "contracts"
    heading: Any = gettext_lazy("Next version")

    @cached_property
    def found(self) -> queries.AmendmentPage:
        """The amendment as this reader may see it."""
        return queries.amendment_page(amendment_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the step, the agreement and the version."""
        return f"{self.heading} · {self.found.agreement_number} V{self.found.row.version}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the agreement."""
        return (
            crumb(_("Agreements"), "portal:agreements"),
            crumb(self.found.agreement_number, "portal:agreement", self.found.agreement_id),
            crumb(self.heading),
        )

    def get_success_url(self) -> str:
        """Return to the amendment."""
        return reverse("portal:amendment", args=[self.kwargs["pk"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the amendment."""
        context = super().get_context_data(**kwargs)
        context["found"], context["tone"] = self.found, TONES[self.found.row.state]
        context["back_url"] = reverse("portal:amendment", args=[self.kwargs["pk"]])
        return context


class Amendment(OfAmendment, PageView):
    """What changes, who has signed, and the whole text of the next version."""

    template_name = "portal/contracts/amendment.html"


class Sign(OfAmendment, ActionView):
    """The whole text with what changes first, and the signature."""

    heading = gettext_lazy("Sign the next version")
    template_name = "portal/contracts/amendment_sign.html"
    form_class = forms.SignForm
    submit_label = gettext_lazy("Sign the next version")

    def get_initial(self) -> dict[str, Any]:
        """Put the hash of the text on the page into the form: that text is what is signed."""
        return {**super().get_initial(), "text_hash": self.found.text_hash}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for whom this person signs; nobody else has a form here."""
        if not self.found.signs_for and self.request.method == "GET":
            raise NotAllowedNow
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> str:
        """Sign it."""
        done = actions.sign_amendment(
            amendment_id=self.kwargs["pk"],
            text_hash=form.cleaned_data["text_hash"],
            proof=Proof(form.cleaned_data["password"], form.cleaned_data["code"]),
            actor=self.request.user,
            at=self.at,
        )
        if done.state == "IN_FORCE":
            return _("You have signed. The next version is in force; licenses were reissued.")
        return _("You have signed. The other parties are asked to sign.")


class Decline(OfAmendment, WithReason):
    """Decline the next version."""

    heading = submit_label = gettext_lazy("Decline the next version")
    extra_context = {"hint": gettext_lazy("The present version stays in force.")}
    action = staticmethod(actions.decline_amendment)
    subject = "amendment_id"
    done = gettext_lazy("You have declined. The present version stays in force.")


class Withdraw(OfAmendment, WithReason):
    """Take back the next version one's own organization proposed."""

    heading = submit_label = gettext_lazy("Withdraw the next version")
    extra_context = {"hint": gettext_lazy("The present version stays in force.")}
    action = staticmethod(actions.withdraw_amendment)
    subject = "amendment_id"
    done = gettext_lazy("It is withdrawn. The present version stays in force.")
