"""Pages of the negotiation: open, propose, answer, close, return."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from contracts.overrides import changes_of
from contracts.queries.rows import ProposalRow
from portal.contracts import forms
from portal.contracts.common import TONES, OfAgreement
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb


class Open(ActView):
    """Show the draft to the parties."""

    def perform(self) -> str:
        """Open it."""
        actions.open_negotiation(
            agreement_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The draft is open to the parties.")


class Finalize(ActView):
    """Close the text for signature."""

    def perform(self) -> str:
        """Close it."""
        actions.finalize_agreement(
            agreement_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The text is closed. The data user signs next.")


class Reopen(OfAgreement, ActionView):
    """Return a closed text to negotiation."""

    heading = gettext_lazy("Return to negotiation")
    template_name = "portal/contracts/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Return to negotiation")
    extra_context = {
        "hint": gettext_lazy("Signatures given so far become void; everybody signs again.")
    }

    def perform(self, form: Any) -> str:
        """Return it."""
        actions.reopen_agreement(
            agreement_id=self.agreement_id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The text is open to changes again.")


class Propose(OfAgreement, ActionView):
    """Propose a change of terms to the other side."""

    heading = gettext_lazy("Propose a change")
    template_name = "portal/contracts/act.html"
    form_class = forms.ProposalForm
    submit_label = gettext_lazy("Send the proposal")
    extra_context = {
        "hint": gettext_lazy(
            "Change only what you want to be different. Terms may become stricter than template,"
            " profiles and decision, never looser. The other side accepts or declines; a change"
            " after a signature voids every signature."
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
        actions.propose_change(
            agreement_id=self.agreement_id,
            changes=changes_of(values=form.changed_values()),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The proposal is with the other side.")


class OfChange(Page):
    """A page about one proposed change."""

    area = "contracts"
    heading: Any = gettext_lazy("Proposed change")

    @cached_property
    def proposal(self) -> ProposalRow:
        """The proposal as this reader may see it."""
        return queries.proposal_page(proposal_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the step and the agreement."""
        return f"{self.heading} · {self.proposal.agreement_number}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the agreement."""
        return (
            crumb(_("Agreements"), "portal:agreements"),
            crumb(
                self.proposal.agreement_number, "portal:agreement", self.proposal.agreement_id
            ),
            crumb(self.heading),
        )

    def get_success_url(self) -> str:
        """Return to the agreement."""
        return reverse("portal:agreement", args=[self.proposal.agreement_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the proposal."""
        context = super().get_context_data(**kwargs)
        context["proposal"], context["tone"] = self.proposal, TONES[self.proposal.state]
        context["back_url"] = reverse("portal:agreement_change", args=[self.kwargs["pk"]])
        return context


class Change(OfChange, PageView):
    """One proposed change: before, after, why, and the two answers."""

    template_name = "portal/contracts/change.html"


class Accept(OfChange, ActView):
    """Accept a proposed change."""

    def perform(self) -> str:
        """Accept it."""
        actions.accept_change(proposal_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The change is in the terms. The text has a new version.")


class Decline(OfChange, ActionView):
    """Decline a proposed change, with the reason."""

    heading = gettext_lazy("Decline the change")
    template_name = "portal/contracts/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Decline the change")

    def perform(self, form: Any) -> str:
        """Decline it."""
        actions.decline_change(
            proposal_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The change is declined. The terms stay as they are.")
