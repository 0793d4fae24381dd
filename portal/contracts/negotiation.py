"""Pages of the negotiation: the text with proposals and comments, its versions, and the acts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, labels, queries
from contracts.overrides import changes_of
from contracts.queries.negotiation import NegotiationPage
from portal.contracts import forms
from portal.contracts.common import TONES, OfAgreement, WithReason
from portal.kit import ActionView, ActView, Crumb, PageView, crumb


def number(text: str | None) -> int | None:
    """Return a version number from an address or a button; None for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else None


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
            agreement_id=self.kwargs["pk"],
            text_version=number(self.request.POST.get("text_version")),
            actor=self.request.user,
            at=self.at,
        )
        return _("The text is closed. The data user signs next.")


class Reopen(OfAgreement, WithReason):
    """Return a closed text to negotiation."""

    heading = gettext_lazy("Return to negotiation")
    submit_label = gettext_lazy("Return to negotiation")
    extra_context = {
        "hint": gettext_lazy("Signatures given so far become void; everybody signs again.")
    }
    action = staticmethod(actions.reopen_agreement)
    subject = "agreement_id"
    done = gettext_lazy("The text is open to changes again.")


class OfNegotiation(OfAgreement):
    """A page that knows the whole negotiation."""

    @cached_property
    def negotiation(self) -> NegotiationPage:
        """The negotiation as this reader may see it."""
        return queries.negotiation_page(
            agreement_id=self.agreement_id, actor=self.request.user, at=self.at
        )

    @property
    def agreement(self) -> Any:
        """What titles and crumbs need of the agreement."""
        return self.negotiation

    def get_success_url(self) -> str:
        """Return to the negotiation."""
        return reverse("portal:agreement_negotiation", args=[self.agreement_id])


class Negotiation(OfNegotiation, PageView):
    """Clause by clause: the text, what is proposed and said there, and whose turn it is."""

    heading = gettext_lazy("Negotiation")
    template_name = "portal/contracts/negotiation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the negotiation and what the reader can do with the whole text."""
        context = super().get_context_data(**kwargs)
        page = self.negotiation
        context["page"] = page
        context["closing"] = next((o for o in page.offers if o.name == "finalize"), None)
        context["closed"] = [(one, TONES[one.state]) for one in page.closed_proposals]
        context["comment_form"] = forms.CommentForm(auto_id=False)
        return context


class Versions(OfAgreement, PageView):
    """Two texts of an agreement, clause by clause, word by word."""

    heading = gettext_lazy("Compare versions")
    template_name = "portal/contracts/versions.html"

    @cached_property
    def agreement(self) -> Any:
        """The two texts; the older and the newer stand in the address."""
        asked = self.request.GET
        return queries.compare_versions(
            agreement_id=self.agreement_id,
            actor=self.request.user,
            old=number(asked.get("from")),
            new=number(asked.get("to")),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the two texts, and whether what is the same is shown too."""
        context = super().get_context_data(**kwargs)
        context["page"] = self.agreement
        context["all"] = self.request.GET.get("show") == "all"
        context["changed"] = [c for c in self.agreement.clauses if c.status != "same"]
        return context


class Propose(OfNegotiation, ActionView):
    """Propose a change of terms to those it concerns."""

    heading = gettext_lazy("Propose a change")
    template_name = "portal/contracts/act.html"
    form_class = forms.ProposalForm
    submit_label = gettext_lazy("Send the proposal")
    extra_context = {
        "hint": gettext_lazy(
            "Change only what you want to be different. Terms may become stricter than template,"
            " profiles and decision, never looser. Who is concerned accepts, declines or answers"
            " with a counter-proposal; a change after a signature voids every signature."
        )
    }

    @property
    def clause(self) -> str:
        """The clause the change is for; empty for the entries that parties usually talk about."""
        return self.request.GET.get("clause", "")

    def get_title(self) -> str:
        """Name the clause."""
        title = super().get_title()
        return f"{labels.TERMS[self.clause]} · {title}" if self.clause in labels.TERMS else title

    def get_initial(self) -> dict[str, Any]:
        """Name the text that is read here."""
        return {**super().get_initial(), "text_version": self.negotiation.text_version}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the entries and their present values."""
        entries = queries.negotiable_entries(
            agreement_id=self.agreement_id, actor=self.request.user, clause=self.clause
        )
        if not entries:
            raise Http404
        return {**super().get_form_kwargs(), "entries": entries}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Go back to where the change is talked about."""
        context = super().get_context_data(**kwargs)
        context["back_url"] = self.get_success_url()
        return context

    def perform(self, form: Any) -> str:
        """Propose it."""
        actions.propose_change(
            agreement_id=self.agreement_id,
            changes=changes_of(values=form.changed_values()),
            reason=form.cleaned_data["reason"],
            text_version=form.cleaned_data["text_version"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The proposal is with those it concerns.")


class Comment(OfNegotiation, ActionView):
    """Begin a conversation about a clause."""

    heading = gettext_lazy("Comment on a clause")
    template_name = "portal/contracts/act.html"
    form_class = forms.CommentForm
    submit_label = gettext_lazy("Note the comment")

    def get_initial(self) -> dict[str, Any]:
        """Take the clause from the address; a note is one's own side's unless one says so."""
        clause = self.request.GET.get("clause", "definitions")
        return {**super().get_initial(), "clause": clause, "audience": "own"}

    def perform(self, form: Any) -> str:
        """Note it."""
        said = form.cleaned_data
        actions.comment_on_clause(
            agreement_id=self.agreement_id,
            clause=said["clause"],
            text=said["text"],
            internal=said["audience"] != "all",
            actor=self.request.user,
            at=self.at,
        )
        if said["audience"] == "all":
            return _("The comment is noted. Both sides read it.")
        return _("The note is kept. Your own side alone reads it.")

    def get_success_url(self) -> str:
        """Return to the clause."""
        clause = self.request.POST.get("clause", "")
        return f"{super().get_success_url()}#clause-{clause}"


class OfThread(ActView):
    """A button at a conversation."""

    def get_success_url(self) -> str:
        """Return to the conversation."""
        page = reverse("portal:agreement_negotiation", args=[self.agreement_id])
        return f"{page}#thread-{self.kwargs['pk']}"

    agreement_id: Any = None


class Reply(OfThread):
    """Say something in a conversation."""

    def perform(self) -> str:
        """Say it."""
        thread = actions.answer_thread(
            thread_id=self.kwargs["pk"],
            text=self.request.POST.get("text", ""),
            actor=self.request.user,
            at=self.at,
        )
        self.agreement_id = thread.agreement_id
        return _("Your answer is noted.")


class Resolve(OfThread):
    """Mark a conversation as settled, or take it up again."""

    def perform(self) -> str:
        """Settle it, or open it."""
        again = self.request.POST.get("again") == "1"
        act = actions.reopen_thread if again else actions.resolve_thread
        thread = act(thread_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        self.agreement_id = thread.agreement_id
        return _("The conversation is open again.") if again else _("Marked as resolved.")


def crumbs_of(proposal: Any, heading: Any) -> tuple[Crumb, ...]:
    """Return the way back from a proposal over the negotiation."""
    first = crumb(_("Agreements"), "portal:agreements")
    one = crumb(proposal.agreement_number, "portal:agreement", proposal.agreement_id)
    where = crumb(_("Negotiation"), "portal:agreement_negotiation", proposal.agreement_id)
    return (first, one, where, crumb(heading))
