"""The own second factor: set up an authenticator application, keep the recovery codes."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Forbidden
from parties import actions, queries
from parties.roles import Role
from portal.kit import ActionView, Form, Text, add_problem, crumb

CODE_CHARACTERS_MAX = 40
PICTURE_SCALE = 5


def code_field(*, label: Any, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return the entry for a one-time code; telephones offer digits and fill it in themselves."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=CODE_CHARACTERS_MAX,
        help_text=hint,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false",
            }
        ),
    )  # fmt: skip


def password_field() -> forms.CharField:
    """Return the entry for the own password."""
    return forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class BeginForm(Form):
    """The password, and the present code when there is an application already."""

    password = password_field()
    code = code_field(
        label=_("Present one-time code"),
        required=False,
        hint=_("Only when you replace an application: its code, or a recovery code."),
    )


class ConfirmForm(Form):
    """The first code of the new application."""

    code = code_field(
        label=_("Code of the new application"), hint=_("Six digits; they change every 30 seconds.")
    )


class ProofForm(Form):
    """Password and code."""

    password = password_field()
    code = code_field(label=_("One-time code"))


class OfFactor(ActionView):
    """Common ground of the pages about the second factor."""

    title = _("Second factor")

    def get_crumbs(self) -> Any:
        """Return the way back to the profile."""
        return (crumb(_("Profile"), "portal:profile"), crumb(self.title))


class Begin(OfFactor):
    """Begin: the password first, so that an open screen is not enough."""

    title = _("Set up the second factor")
    template_name = "portal/home/second_factor.html"
    form_class = BeginForm
    submit_label = _("Begin the set-up")

    def get_form(self, form_class: Any = None) -> Any:
        """Ask for the present code only when there is an application."""
        form = super().get_form(form_class)
        if queries.second_factor_of(actor=self.request.user) is None:
            del form.fields["code"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what there is."""
        context = super().get_context_data(**kwargs)
        context["factor"] = queries.second_factor_of(actor=self.request.user)
        return context

    def perform(self, form: Any) -> Text:
        """Make the secret; the next page shows it."""
        self.request.session[_NEXT] = self.request.GET.get("next", "")
        actions.begin_enrolment(
            password=form.cleaned_data["password"],
            code=form.cleaned_data.get("code", ""),
            actor=self.request.user,
            at=self.at,
        )
        return ""

    def get_success_url(self) -> str:
        """Go on to the picture."""
        return reverse("portal:second_factor_confirm")


class Confirm(OfFactor):
    """The picture to scan, and the first code; then the recovery codes, once."""

    title = _("Confirm the new application")
    template_name = "portal/home/second_factor_confirm.html"
    form_class = ConfirmForm
    submit_label = _("Confirm")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the picture; without a set-up under way lead to its beginning."""
        if actions.pending_enrolment(actor=request.user) is None:
            return HttpResponseRedirect(reverse("portal:second_factor"))
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draw the picture of the address that the application reads."""
        context = super().get_context_data(**kwargs)
        enrolment = actions.pending_enrolment(actor=self.request.user)
        if enrolment is not None:
            picture = segno.make(enrolment.address, error="m", micro=False)
            context["picture"] = picture.svg_data_uri(scale=PICTURE_SCALE, border=3)
            context["secret"] = _in_fours(enrolment.secret_text)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Confirm and show the recovery codes; there is no second look at them."""
        try:
            codes = actions.confirm_enrolment(
                code=form.cleaned_data["code"], actor=self.request.user, at=self.at
            )
        except DomainError as error:
            add_problem(form, error)
            response = self.render_to_response(self.get_context_data(form=form))
            response.status_code = error.status
            return response
        return show_codes(self, codes)


class Renew(OfFactor):
    """New recovery codes in place of the old ones."""

    title = _("New recovery codes")
    template_name = "portal/home/second_factor_renew.html"
    form_class = ProofForm
    submit_label = _("Make new recovery codes")

    def form_valid(self, form: Any) -> HttpResponse:
        """Prove it, then show the new codes."""
        try:
            codes = actions.renew_recovery_codes(
                proof=actions.Proof(form.cleaned_data["password"], form.cleaned_data["code"]),
                actor=self.request.user,
                at=self.at,
            )
        except DomainError as error:
            add_problem(form, error)
            response = self.render_to_response(self.get_context_data(form=form))
            response.status_code = error.status
            return response
        return show_codes(self, codes)


class ResetForm(Form):
    """Whose application is lost, and how that was made sure of."""

    username = forms.CharField(label=_("User name"), max_length=60)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you made sure that it is the person who asks; it stays on record."),
    )  # fmt: skip


class Reset(ActionView):
    """For the security officer: remove the factor of a person who lost telephone and codes."""

    title = _("Reset a second factor")
    template_name = "portal/home/second_factor_reset.html"
    form_class = ResetForm
    submit_label = _("Remove the application")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Refuse whoever is not the security officer before anything is typed."""
        if not queries.has_role(self.request.user, Role.SECURITY_OFFICER):
            raise Forbidden
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> Text:
        """Remove it."""
        actions.reset_second_factor(
            username=form.cleaned_data["username"], reason=form.cleaned_data["reason"],
            actor=self.request.user, at=self.at,
        )  # fmt: skip
        return _("Removed. The person sets up another application before signing again.")

    def get_success_url(self) -> str:
        """Stay on the page."""
        return self.request.path


_NEXT = "second_factor_next"


def show_codes(view: Any, codes: tuple[str, ...]) -> HttpResponse:
    """Answer with the page of the recovery codes, which nobody may keep but its reader."""
    asked = view.request.session.pop(_NEXT, "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={view.request.get_host()})
    context = view.get_context_data()
    context["codes"] = codes
    context["next_url"] = asked if asked and safe else reverse("portal:profile")
    view.template_name = "portal/home/recovery_codes.html"
    response: HttpResponse = view.render_to_response(context)
    response["Cache-Control"] = "private, no-store"
    return response


def _in_fours(text: str) -> str:
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))
