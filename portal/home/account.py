"""Signing in, signing out, and what a person may change about the own account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from core.errors import NotFound
from parties import queries as parties
from parties.roles import Kind
from portal import look
from portal.home import forms
from portal.kit import OpenToAll, PageView, SignedIn, back, crumb
from portal.templatetags.datadeed import cn_datetime

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(OpenToAll, views.LoginView):
    """Open to all: one signs in here. In a demonstration the logins stand beside the form."""

    form_class = forms.SignIn
    template_name = "portal/home/sign_in.html"
    redirect_authenticated_user = True
    title = _("Sign in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in and say when this account was used before."""
        before = form.get_user().last_login
        response = super().form_valid(form)
        if before is not None:
            told = _("Last signed in: %(when)s.") % {"when": cn_datetime(before)}
            messages.success(self.request, told)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Refuse with a status that says so; after too many the guard answers instead."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo logins, by kind of organization; none outside a demonstration."""
        context = super().get_context_data(**kwargs)
        context["groups"] = _demo_groups() if settings.DEMO else ()
        return context


class DemoSignIn(OpenToAll, View):
    """Open to all in a demonstration only: signs in as the login chosen from the list."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in as a login of the list."""
        username = request.POST.get("username", "")
        if not settings.DEMO or username not in {row.username for row in parties.logins()}:
            raise NotFound
        user = get_user_model()._default_manager.get_by_natural_key(username)
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(str(reverse_lazy("portal:home")))


class SignOut(SignedIn, View):
    """Leave; on POST only, so that no link elsewhere can sign anybody out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the session."""
        return views.LogoutView.as_view(next_page="portal:sign_in")(request)


class ChooseLook(OpenToAll, View):
    """Open to all: theme, size of text and density are the browser's own, as the language is."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice and lead back."""
        return look.choose(request, fallback=back(request, otherwise="portal:front"))


class Profile(PageView):
    """Who I am here: name, desks, language."""

    template_name = "portal/home/profile.html"
    title = _("Profile")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the desks of this person."""
        context = super().get_context_data(**kwargs)
        user: Any = self.request.user
        context["desks"] = parties.desks_of(user)
        context["factor"] = parties.second_factor_of(actor=user)
        context["facts"] = (
            (_("Full name"), user.get_full_name()),
            (_("User name"), user.get_username()),
            (_("E-mail"), getattr(user, "email", "")),
            (_("Phone"), getattr(user, "phone", "")),
            (_("Signed in since"), cn_datetime(user.last_login)),
        )
        return context


class Password(SignedIn, views.PasswordChangeView):
    """Choose a new password."""

    form_class = forms.Password
    template_name = "portal/home/password.html"
    success_url = reverse_lazy("portal:profile")
    title = _("Change the password")

    def get_crumbs(self) -> Any:
        """Return the way back to the profile."""
        return (crumb(_("Profile"), "portal:profile"), crumb(self.title))

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the new password; this session stays open, others end."""
        messages.success(self.request, _("The new password holds from now on."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong; nothing was changed."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


def _demo_groups() -> tuple[tuple[str, tuple[parties.LoginRow, ...]], ...]:
    rows = parties.logins()
    found = (
        (str(kind.label), tuple(r for r in rows if r.organization_kind == kind.value))
        for kind in Kind
    )
    return tuple((label, several) for label, several in found if several)
