"""The two open pages: registering a company, accepting an invitation."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from core.errors import DomainError
from parties import actions
from portal.home.account import BACKEND
from portal.kit import OpenToAll, add_problem, crumb
from portal.parties import forms

PERSON = ("username", "full_name", "email", "phone", "password")


class OpenForm(OpenToAll, FormView):  # type: ignore[type-arg]
    """A form that somebody without an account may send, so often and no oftener."""

    attempt: str
    submit_label: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the try first: what follows tells the tries apart by nothing."""
        source = str(get_client_ip_address(request) or "")
        actions.count_attempt(kind=self.attempt, source=source, at=self.at)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Act; on a refusal show the form again with every entry kept."""
        try:
            done = self.perform(form)
        except DomainError as error:
            add_problem(form, error)
            response = self.render_to_response(self.get_context_data(form=form))
            response.status_code = error.status
            return response
        messages.success(self.request, str(done))
        return HttpResponseRedirect(self.get_success_url())

    def perform(self, form: Any) -> str:
        """Call one action; return the message of what was done."""
        raise TypeError(f"{type(self).__name__} does not say what it performs")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; 422 says that nothing was done."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of the button."""
        return {"submit_label": self.submit_label, **super().get_context_data(**kwargs)}

    def sign_in(self, username: str) -> None:
        """Sign in the person whose account was made just now."""
        user = get_user_model()._default_manager.get_by_natural_key(username.strip().lower())
        login(self.request, user, backend=BACKEND)


class Register(OpenForm):
    """Open to all: a company comes to the product by itself; the authority approves it."""

    area = "parties"
    attempt = "register"
    template_name = "portal/parties/register.html"
    title = gettext_lazy("Register a company")
    submit_label = gettext_lazy("Register the company")

    def get_form_class(self) -> Any:
        """Ask for an account only who has none."""
        if self.request.user.is_authenticated:
            return forms.RegisterForm
        return forms.RegisterWithAccountForm

    def perform(self, form: Any) -> str:
        """Register company and person."""
        data = form.cleaned_data
        person = None
        if not self.request.user.is_authenticated:
            person = {name: data[name] for name in PERSON}
        actions.register_company(
            uscc=data["uscc"],
            role=data["role"],
            entries={n: data[n] for n in ("name", "legal_representative", "address")},
            actor=self.request.user,
            person=person,
            at=self.at,
        )
        if person is not None:
            self.sign_in(person["username"])
        return _("The company is registered. Complete its profile and hand it in for approval.")

    def get_success_url(self) -> str:
        """Go on to the company."""
        return reverse("portal:company")


class Accept(OpenForm):
    """Open to all: who is invited has no account yet; the code from the mail is the key."""

    area = "parties"
    attempt = "invitation"
    template_name = "portal/parties/accept.html"
    title = gettext_lazy("Accept an invitation")
    submit_label = gettext_lazy("Take the seat")

    def get_crumbs(self) -> Any:
        """Say where this is."""
        return (crumb(self.title),)

    def get_form_class(self) -> Any:
        """Ask for an account only who has none."""
        if self.request.user.is_authenticated:
            return forms.CodeForm
        return forms.CodeWithAccountForm

    def perform(self, form: Any) -> str:
        """Take the seat; the code stays out of every answer."""
        data = form.cleaned_data
        user: Any = self.request.user
        if user.is_authenticated:
            desk = actions.accept_invitation(
                code=data["code"], actor=user, at=self.at, leave_other=data["leave_other"]
            )
        else:
            person = {n: data[n] for n in ("username", "full_name", "password")}
            desk = actions.accept_with_new_account(code=data["code"], person=person, at=self.at)
            self.sign_in(person["username"])
        told = {"company": desk.organization.name, "role": str(desk.get_role_display())}
        return _("You have the seat %(role)s in %(company)s.") % told

    def get_success_url(self) -> str:
        """Go to the company's seats."""
        return reverse("portal:company_seats")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Never write a code back into a page."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if form.is_bound:
            form.data = {name: value for name, value in form.data.items() if name != "code"}
        return context
