"""Credentials: the key is shown once, on the answer to the button, and never again."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.errors import DomainError
from licensing import actions, queries
from portal.kit import Crumb, Page, PageView, ReasonedAct, SignedIn, crumb
from portal.licensing import forms
from portal.licensing.words import license_tone
from portal.templatetags.datadeed import cn_datetime


class OfCredential(Page):
    """A page about one credential."""

    area = "licensing"
    heading: Any = ""

    @property
    def credential_id(self) -> UUID:
        """The credential named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def credential(self) -> queries.CredentialPage:
        """The credential as this reader may see it."""
        return queries.credential_page(credential_id=self.credential_id, actor=self.request.user)

    def get_title(self) -> str:
        """Name the step and the program."""
        row = self.credential.row
        name = _("Credential of %(client)s") % {"client": row.client_name}
        named = f"{name} · {row.prefix}" if row.prefix else name
        return f"{self.heading} · {named}" if self.heading else named

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the client application."""
        row = self.credential.row
        first = crumb(row.client_name, "portal:client", self.credential.client_id)
        name = row.prefix or _("Credential")
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:credential", self.credential_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the credential."""
        return reverse("portal:credential", args=[self.credential_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the credential."""
        context = super().get_context_data(**kwargs)
        row = self.credential.row
        context["credential"], context["tone"] = self.credential, license_tone(row.state)
        context["facts"] = [
            (_("Client application"), row.client_name),
            (_("Agreement"), self.credential.agreement_number),
            (_("Prefix of the key"), row.prefix),
            (_("Requested"), cn_datetime(row.requested_at)),
            (_("Valid from"), cn_datetime(row.valid_from)),
            (_("Valid to"), cn_datetime(row.valid_to)),
            (_("Reason"), row.reason),
        ]
        return context


class Credential(OfCredential, PageView):
    """One credential: what it opens, until when, and what can be done to it."""

    template_name = "portal/licensing/credential.html"


class _ShowKey(OfCredential, SignedIn, TemplateView):
    """Make a key and show it in the answer; a reload makes no second one."""

    http_method_names = ["post", "options"]
    template_name = "portal/licensing/key.html"

    def make(self) -> actions.IssuedSecret:
        """Call the action that makes the key."""
        raise TypeError(f"{type(self).__name__} does not say how its key is made")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it, show it, keep it out of every cache."""
        try:
            secret = self.make()
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.get_success_url())
        context = self.get_context_data(secret=secret, call=self._example(secret.key))
        response = self.render_to_response(context)
        response["Cache-Control"] = "no-store"
        return response

    def _example(self, key: str) -> str:
        codes = self.credential.dataset_codes
        return (
            f"curl -H 'Authorization: Bearer {key}' \\\n"
            f"     -H 'X-Datadeed-Scenario: {self.credential.scenario_code}' \\\n"
            f"     '{settings.GATE_BASE_URL}/v1/data/{codes[0] if codes else ''}?limit=1'"
        )


class Issue(_ShowKey):
    """Issue the key of a requested credential."""

    heading = gettext_lazy("Key issued")

    def make(self) -> actions.IssuedSecret:
        """Issue it."""
        return actions.issue_credential(
            credential_id=self.credential_id, actor=self.request.user, at=self.at
        )


class Rotate(_ShowKey):
    """Replace the key; the old one opens for one more day."""

    heading = gettext_lazy("Key replaced")

    def make(self) -> actions.IssuedSecret:
        """Replace it."""
        return actions.rotate_credential(
            credential_id=self.credential_id, actor=self.request.user, at=self.at
        )


class _Act(OfCredential, ReasonedAct):
    """A step on a credential that needs a reason."""

    template_name = "portal/licensing/act.html"
    form_class = forms.ReasonForm
    subject = "credential_id"


class Suspend(_Act):
    """Stop a key for the time being."""

    heading = submit_label = gettext_lazy("Suspend the credential")
    done = gettext_lazy("The credential is suspended. Every gate refuses it now.")
    action = staticmethod(actions.suspend_credential)


class Resume(_Act):
    """Let a key open again."""

    heading = submit_label = gettext_lazy("Resume the credential")
    done = gettext_lazy("The credential is active again.")
    action = staticmethod(actions.resume_credential)


class Revoke(_Act):
    """End a key for good."""

    heading = submit_label = gettext_lazy("Revoke the credential")
    done = gettext_lazy("The credential is revoked. It cannot be restored.")
    action = staticmethod(actions.revoke_credential)
