"""Pages of one proposed change: what it does, and the answers to it."""

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
from portal.contracts.common import TONES, WithReason
from portal.contracts.negotiation import crumbs_of, number
from portal.kit import ActionView, ActView, Crumb, Page, PageView


class OfChange(Page):
    """A page about one proposed change."""

    area = "contracts"
    heading: Any = gettext_lazy("Proposed change")

    @cached_property
    def chain(self) -> tuple[ProposalRow, ...]:
        """The proposal with those it answers and that answer it, as this reader may see them."""
        return queries.proposal_page(proposal_id=self.kwargs["pk"], actor=self.request.user)

    @property
    def proposal(self) -> ProposalRow:
        """The proposal in the address."""
        return next(one for one in self.chain if one.id == self.kwargs["pk"])

    def get_title(self) -> str:
        """Name the step and the agreement."""
        return f"{self.heading} · {self.proposal.agreement_number}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the negotiation."""
        return crumbs_of(self.proposal, self.heading)

    def get_success_url(self) -> str:
        """Return to the negotiation."""
        return reverse("portal:agreement_negotiation", args=[self.proposal.agreement_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the proposal and its chain."""
        context = super().get_context_data(**kwargs)
        context["proposal"], context["tone"] = self.proposal, TONES[self.proposal.state]
        context["chain"] = [(one, TONES[one.state]) for one in self.chain]
        context["back_url"] = reverse("portal:agreement_change", args=[self.kwargs["pk"]])
        return context


class Change(OfChange, PageView):
    """One proposed change: what it does to the text, why, whom it asks, and the answers."""

    template_name = "portal/contracts/change.html"


class Accept(OfChange, ActView):
    """Accept a proposed change."""

    def perform(self) -> str:
        """Accept it."""
        actions.accept_change(
            proposal_id=self.kwargs["pk"],
            text_version=number(self.request.POST.get("text_version")),
            actor=self.request.user,
            at=self.at,
        )
        # Read after the act: it stays open while others are asked.
        if self.proposal.state == "OPEN":
            return _("Your organization accepts. Others are still asked.")
        return _("The change is in the terms. The text has a new version.")


class Decline(OfChange, WithReason):
    """Decline a proposed change, with the reason."""

    heading = gettext_lazy("Decline the change")
    submit_label = gettext_lazy("Decline the change")
    action = staticmethod(actions.decline_change)
    subject = "proposal_id"
    done = gettext_lazy("The change is declined. The terms stay as they are.")


class Counter(OfChange, ActionView):
    """Answer a proposed change by another one."""

    heading = gettext_lazy("Counter-proposal")
    template_name = "portal/contracts/counter.html"
    form_class = forms.ProposalForm
    submit_label = gettext_lazy("Send the counter-proposal")

    def get_initial(self) -> dict[str, Any]:
        """Name the text that is read here."""
        return {**super().get_initial(), "text_version": self.proposal.present_version}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the entries, beginning with what is proposed."""
        entries = queries.negotiable_entries(
            agreement_id=self.proposal.agreement_id,
            actor=self.request.user,
            counters=self.proposal.id,
        )
        return {**super().get_form_kwargs(), "entries": entries}

    def perform(self, form: Any) -> str:
        """Answer it."""
        actions.counter_change(
            proposal_id=self.kwargs["pk"],
            changes=changes_of(values=form.changed_values()),
            reason=form.cleaned_data["reason"],
            text_version=form.cleaned_data["text_version"],
            actor=self.request.user,
            at=self.at,
        )
        return _("Your counter-proposal takes the place of the proposal.")


class Withdraw(OfChange, ActionView):
    """Take back a change one's own organization proposed."""

    heading = gettext_lazy("Withdraw the change")
    template_name = "portal/contracts/act.html"
    form_class = forms.WithdrawForm
    submit_label = gettext_lazy("Withdraw the change")

    def perform(self, form: Any) -> str:
        """Withdraw it."""
        actions.withdraw_change(
            proposal_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The change is withdrawn. The terms stay as they are.")
