"""Seats in the own company: who has one, who is invited, whose ends."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties import actions, queries
from portal.kit import ActionView, ActView, PageView, crumb
from portal.parties import forms


class Seats(PageView):
    """Everybody with a seat, and the invitations."""

    template_name = "portal/parties/seats.html"
    title = gettext_lazy("Seats and invitations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the seats."""
        context = super().get_context_data(**kwargs)
        context["company"] = queries.seats_page(actor=self.request.user)
        return context


class Invite(ActionView):
    """Invite somebody to a seat."""

    area = "parties"
    title = submit_label = gettext_lazy("Invite to a seat")
    template_name = "portal/parties/act.html"
    form_class = forms.InviteForm
    extra_context = {
        "hint": gettext_lazy(
            "A code is mailed to this address. It can be used once and runs out after some days;"
            " nobody else can read it, you neither."
        )
    }

    def get_crumbs(self) -> Any:
        """Return the way back to the seats."""
        return (crumb(_("Seats and invitations"), "portal:company_seats"), crumb(self.title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Open for those who have a company only."""
        queries.own_company(self.request.user)
        return super().get_context_data(back_url=self.get_success_url(), **kwargs)

    def perform(self, form: Any) -> str:
        """Offer the seat."""
        company = queries.own_company(self.request.user)
        actions.invite(
            organization_id=company.pk,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The invitation is on its way by mail.")

    def get_success_url(self) -> str:
        """Return to the seats."""
        return reverse("portal:company_seats")


class Revoke(ActView):
    """Take an invitation back."""

    def perform(self) -> str:
        """Revoke it."""
        actions.revoke_invitation(
            invitation_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The invitation is revoked. Its code opens nothing any more.")


class End(ActView):
    """End a seat."""

    def perform(self) -> str:
        """End it; the rights are gone at once."""
        actions.end_seat(desk_id=self.kwargs["number"], actor=self.request.user, at=self.at)
        return _("The seat is ended. Hand its cases over to a colleague.")
