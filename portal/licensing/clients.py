"""Client applications: registered by the licensee, reviewed by the platform."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import actions, queries
from portal.kit import ActionView, ActView, Crumb, Page, PageView, ReasonedAct, crumb
from portal.licensing import forms
from portal.licensing.licenses import OfLicense
from portal.licensing.words import license_tone


class New(OfLicense, ActionView):
    """Register a client application under the agreement of a license."""

    heading = gettext_lazy("Register a client application")
    template_name = "portal/licensing/act.html"
    form_class = forms.ClientForm
    submit_label = gettext_lazy("Submit for review")
    extra_context = {
        "hint": gettext_lazy(
            "The platform reviews every client application before it gets a credential. One "
            "credential opens all active licenses of the agreement."
        )
    }

    def perform(self, form: Any) -> str:
        """Register it."""
        made = actions.register_client(
            agreement_id=self.card.row.agreement_id,
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
            ip_allow_list=form.cleaned_data["ip_allow_list"].splitlines(),
            actor=self.request.user,
            at=self.at,
        )
        self.made_id = made.pk
        return _("The client application is registered. The platform reviews it next.")

    def get_success_url(self) -> str:
        """Go to what was registered."""
        return reverse("portal:client", args=[self.made_id])


class Queue(PageView):
    """What waits for the platform's review."""

    area = "licensing"
    title = gettext_lazy("Client applications to review")
    template_name = "portal/licensing/clients.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the queue."""
        context = super().get_context_data(**kwargs)
        context["rows"] = queries.clients_to_review(actor=self.request.user)
        return context


class OfClient(Page):
    """A page about one client application."""

    area = "licensing"
    heading: Any = ""

    @property
    def client_id(self) -> UUID:
        """The client application named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def client(self) -> queries.ClientPage:
        """The client application as this reader may see it."""
        return queries.client_page(client_id=self.client_id, actor=self.request.user)

    def get_title(self) -> str:
        """Name the step and the program."""
        name = f"{self.client.row.name} · {self.client.row.agreement_number}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the first license it opens."""
        steps = [crumb(_("Licenses"), "portal:licenses")]
        steps += [crumb(one[1], "portal:license", one[0]) for one in self.client.licenses[:1]]
        if not self.heading:
            return (*steps, crumb(self.client.row.name))
        here = crumb(self.client.row.name, "portal:client", self.client_id)
        return (*steps, here, crumb(self.heading))

    def get_success_url(self) -> str:
        """Return to the client application."""
        return reverse("portal:client", args=[self.client_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the client application."""
        context = super().get_context_data(**kwargs)
        row = self.client.row
        context["client"], context["tone"] = self.client, license_tone(row.state)
        context["facts"] = [
            (_("Licensee"), row.organization_name),
            (_("Agreement"), row.agreement_number),
            (_("Purpose"), row.purpose),
            (_("Addresses"), ", ".join(row.ip_allow_list) or _("Any address")),
            (_("Registered by"), row.registered_by),
            (_("Note of the review"), row.review_note),
        ]
        context["credentials"] = [(c, license_tone(c.state)) for c in self.client.credentials]
        return context


class Client(OfClient, PageView):
    """One client application, its review and its credentials."""

    template_name = "portal/licensing/client.html"


class Approve(OfClient, ActView):
    """Admit a client application."""

    def perform(self) -> str:
        """Approve it."""
        actions.approve_client(client_id=self.client_id, actor=self.request.user, at=self.at)
        return _("The client application is approved. A credential can be requested now.")


class Reject(OfClient, ReasonedAct):
    """Turn a client application away."""

    heading = submit_label = gettext_lazy("Reject the client application")
    template_name = "portal/licensing/act.html"
    form_class = forms.ReasonForm
    action = staticmethod(actions.reject_client)
    subject = "client_id"
    done = gettext_lazy("The client application is rejected.")


class RequestKey(OfClient, ActView):
    """Request a credential for an approved client application."""

    def perform(self) -> str:
        """Request it."""
        made = actions.request_credential(
            client_id=self.client_id, actor=self.request.user, at=self.at
        )
        self.made_id = made.pk
        return _("The credential is requested. Issue its key when you can store it safely.")

    def get_success_url(self) -> str:
        """Go to the credential."""
        return reverse("portal:credential", args=[self.made_id])
