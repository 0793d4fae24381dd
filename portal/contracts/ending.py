"""Pages on which the end of an agreement is proposed, notified, answered and withdrawn."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from portal.contracts import forms
from portal.contracts.common import TONES, OfAgreement, WithReason
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb
from portal.templatetags.datadeed import cn_date


class Terminate(OfAgreement, ActionView):
    """Propose the end of an agreement, or give notice of it."""

    heading = gettext_lazy("End the agreement")
    template_name = "portal/contracts/terminate.html"
    form_class = forms.TerminateForm
    submit_label = gettext_lazy("End the agreement")

    @cached_property
    def offer(self) -> queries.EndOffer:
        """What this person may state, and how soon it would hold."""
        return queries.end_offer(
            agreement_id=self.agreement_id, actor=self.request.user, at=self.at
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the causes that are open to this person."""
        return {**super().get_form_kwargs(), "causes": self.offer.causes}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add, for each cause, what follows from it and when."""
        context = super().get_context_data(**kwargs)
        context["effects"] = [
            (title, HINTS[cause], cn_date(self.offer.earliest[cause]))
            for cause, title in self.offer.causes
        ]
        context["notice"] = self.offer.notice_working_days
        return context

    def perform(self, form: Any) -> str:
        """Begin it."""
        begun = actions.begin_termination(
            agreement_id=self.agreement_id, actor=self.request.user, at=self.at,
            **form.cleaned_data,
        )  # fmt: skip
        if begun.state == "PROPOSED":
            return _("The other parties are asked for their consent.")
        if begun.state == "SERVED":
            return _("Notice is given. The data may be used until %(day)s.") % {
                "day": cn_date(begun.ends_on)
            }
        return _("The agreement has ended; keys and licenses are revoked.")


HINTS = {
    "MUTUAL": gettext_lazy("Every other party has to consent; it ends with the last consent."),
    "BREACH": gettext_lazy("Every party is notified; it ends after the notice of the terms."),
    "FORCE_MAJEURE": gettext_lazy(
        "Every party is notified; it ends after the notice of the terms."
    ),
    "REGULATORY": gettext_lazy("It ends at once; keys and licenses are revoked."),
}


class OfEnding(Page):
    """A page about the end of one agreement."""

    area = "contracts"
    heading: Any = gettext_lazy("End of the agreement")

    @cached_property
    def ending(self) -> queries.EndingRow:
        """The end as this reader may see it."""
        return queries.ending_page(termination_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the step and the agreement."""
        return f"{self.heading} · {self.ending.agreement_number}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the agreement."""
        one = self.ending
        return (
            crumb(_("Agreements"), "portal:agreements"),
            crumb(one.agreement_number, "portal:agreement", one.agreement_id),
            crumb(self.heading),
        )

    def get_success_url(self) -> str:
        """Return to the agreement."""
        return reverse("portal:agreement", args=[self.ending.agreement_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the end."""
        context = super().get_context_data(**kwargs)
        context["ending"], context["ending_tone"] = self.ending, TONES[self.ending.state]
        context["back_url"] = reverse("portal:ending", args=[self.kwargs["pk"]])
        return context


class Ending(OfEnding, PageView):
    """Cause, basis, last day, who has consented, and what can be done."""

    template_name = "portal/contracts/ending_page.html"


class Consent(OfEnding, ActView):
    """Consent to the end."""

    def perform(self) -> str:
        """Consent."""
        done = actions.consent_to_termination(
            termination_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        if done.state == "PROPOSED":
            return _("You have consented. Another party is still asked.")
        return _("You have consented. Every party has.")


class Refuse(OfEnding, WithReason):
    """Refuse the end, with the reason."""

    heading = submit_label = gettext_lazy("Refuse the end")
    extra_context = {"hint": gettext_lazy("The agreement goes on as it is.")}
    action = staticmethod(actions.refuse_termination)
    subject = "termination_id"
    done = gettext_lazy("You have refused. The agreement goes on.")


class Withdraw(OfEnding, WithReason):
    """Take back an end one's own office began."""

    heading = submit_label = gettext_lazy("Withdraw the end")
    extra_context = {"hint": gettext_lazy("The agreement goes on as it is.")}
    action = staticmethod(actions.withdraw_termination)
    subject = "termination_id"
    done = gettext_lazy("It is withdrawn. The agreement goes on.")
