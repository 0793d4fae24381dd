"""What the pages of an agreement have in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from contracts import queries
from contracts.queries.rows import AgreementPage
from portal.contracts.forms import ReasonForm
from portal.kit import Crumb, Page, ReasonedAct, crumb

TONES = {
    "DRAFTING": "secondary",
    "NEGOTIATING": "blue",
    "READY_TO_SIGN": "yellow",
    "SIGNED_BY_USER": "yellow",
    "EFFECTIVE": "green",
    "SUSPENDED": "red",
    "RENEWED": "secondary",
    "EXPIRED": "secondary",
    "TERMINATED": "red",
    "LAPSED": "secondary",
    "OPEN": "yellow",
    "ACCEPTED": "green",
    "DECLINED": "red",
    "COUNTERED": "blue",
    "WITHDRAWN": "secondary",
    "PROPOSED": "yellow",
    "SERVED": "red",
    "DONE": "secondary",
    "REFUSED": "secondary",
    "IN_FORCE": "green",
    "DRAFT": "secondary",
    "AGREED": "blue",
    "PUBLISHED": "green",
}


class OfAgreement(Page):
    """A page about one agreement; who may not see it is told that there is nothing."""

    area = "contracts"
    heading: Any = ""

    @property
    def agreement_id(self) -> UUID:
        """The agreement named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def agreement(self) -> AgreementPage:
        """The agreement as this reader may see it."""
        return queries.agreement_page(
            agreement_id=self.agreement_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the number and the scenario."""
        name = f"{self.agreement.number} {self.agreement.scenario}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list and the agreement."""
        first = crumb(_("Agreements"), "portal:agreements")
        number = self.agreement.number
        if not self.heading:
            return first, crumb(number)
        return first, crumb(number, "portal:agreement", self.agreement.id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the agreement."""
        return reverse("portal:agreement", args=[self.agreement_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the agreement and how its state looks."""
        context = super().get_context_data(**kwargs)
        context["agreement"] = self.agreement
        context["tone"] = TONES[self.agreement.state]
        context.setdefault("back_url", reverse("portal:agreement", args=[self.agreement_id]))
        return context


class WithReason(ReasonedAct):
    """An act on an agreement, or on what belongs to one, that needs a reason."""

    template_name = "portal/contracts/act.html"
    form_class = ReasonForm
