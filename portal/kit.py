"""
What every page is built from: who may open it, how it names itself, how it acts.

A page is closed unless it says ``OpenToAll``. A view reads the clock once (``self.at``), calls one
query or one action, and turns the refusals of the rules into answers a person can use.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View

from core import clock
from core.errors import DomainError, InvalidInput
from portal import language, problems

logger = logging.getLogger(__name__)

Text = str | Promise
# Pages a person finds under "seen last".
RECENT_PAGES_MAX = 8


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way back; without ``url`` it is where the reader stands."""

    title: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class StripStep:
    """
    One state on the strip 您在这里.

    ``status`` is past, current or future; ``when`` a date or an expectation in words; ``office``
    who has it.
    """

    label: Text
    status: str
    when: Text = ""
    office: Text = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """
    One entry of the menu.

    ``roles`` empty means everyone who is signed in; ``public`` shows it to visitors too.
    """

    title: Text
    route: str
    icon: str
    roles: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where a list stands, as ``components/pagination.html`` reads it (its ``page``)."""

    number: int
    pages: int
    total: int


class Page(View):
    """
    The common ground of all pages: one reading of the clock, and refusals as pages.

    Subclasses set ``title`` and ``crumbs`` or override ``get_title`` and ``get_crumbs``.
    """

    area: ClassVar[str] = ""
    title: Text = ""
    crumbs: tuple[Crumb, ...] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Settle the language before anything is said."""
        language.settle(request)
        super().setup(request, *args, **kwargs)

    @cached_property
    def at(self) -> datetime:
        """The time of this request, read once."""
        return clock.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a rule's refusal with the page of its status."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # No text of ours holds a NUL, and PostgreSQL would not take it.
            return problems.page(request, 400)
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return problems.refuse(request, error)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer a reloaded address of a button with a page instead of nothing."""
        response = problems.page(request, 405)
        allowed = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        response["Allow"] = ", ".join(allowed)
        return response

    def get_title(self) -> Text:
        """Return what the page is called, with number and name of its object."""
        return self.title

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the start, nearest last."""
        return self.crumbs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what ``portal/base.html`` needs, with the page's own context."""
        inherited = getattr(super(), "get_context_data", None)
        context: dict[str, Any] = inherited(**kwargs) if inherited else kwargs
        context.setdefault("page_title", self.get_title())
        context.setdefault("crumbs", self.get_crumbs())
        context.setdefault("area", self.area or _area_of(type(self)))
        context.setdefault("at", self.at)
        return context


class SignedIn(LoginRequiredMixin, Page):
    """A page for people who have signed in."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Tell a script that nobody is signed in; a person is led to the form."""
        if self.request.headers.get("X-Requested-With") == "autosave":
            return HttpResponse(status=401)  # type: ignore[return-value]
        return super().handle_no_permission()


class OpenToAll(Page):
    """A page for everyone, signed in or not; say why in the docstring of the view."""

    is_public: ClassVar[bool] = True


class PageView(SignedIn, TemplateView):
    """A page to read; one about a single thing is remembered under "seen last"."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Draw the page and remember it when it is about one thing."""
        if self.kwargs and self.request.method == "GET":
            _remember(self.request, str(context["page_title"]))
        return super().render_to_response(context, **kwargs)


class PublicPageView(OpenToAll, TemplateView):
    """A page to read for everyone."""


class Form(forms.Form):
    """A form the server checks, so that the reader gets one summary and nothing is lost."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ActionView(SignedIn, FormView):  # type: ignore[type-arg]
    """
    A form that does one thing.

    Subclasses implement ``perform``, which calls one action and returns the sentence the person
    reads next, and ``get_success_url``.
    """

    submit_label: Text = _("Save")

    def perform(self, form: Any) -> Text:
        """Call one action with the cleaned data; return the message of what was done."""
        raise TypeError(f"{type(self).__name__} does not say what it performs")

    def form_valid(self, form: Any) -> HttpResponse:
        """Act; on a refusal show the form again with every entry kept."""
        try:
            done = self.perform(form)
        except DomainError as error:
            add_problem(form, error)
            response = self.render_to_response(self.get_context_data(form=form))
            response.status_code = error.status
            return response
        if done:
            messages.success(self.request, str(done))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; 422 says that nothing was done."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of the button."""
        context = super().get_context_data(**kwargs)
        context.setdefault("submit_label", self.submit_label)
        return context


class ReasonedAct(ActionView):
    """
    One act on one thing that needs a reason and nothing else.

    Subclasses name the ``action``, the argument by which it takes the thing (``subject``), and the
    sentence the person reads when it is ``done``; the form and the template are those of the area.
    """

    action: ClassVar[Any] = None
    subject: ClassVar[str] = ""
    done: ClassVar[Text] = ""

    def perform(self, form: Any) -> Text:
        """Do it."""
        type(self).action(
            **{self.subject: self.kwargs["pk"]},
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return self.done


class ActView(SignedIn, View):
    """
    A button: one action on POST, and back to where the person stood.

    Subclasses implement ``perform`` and ``get_success_url``.
    """

    http_method_names = ["post", "options"]

    def perform(self) -> Text:
        """Call one action; return the message of what was done."""
        raise TypeError(f"{type(self).__name__} does not say what it performs")

    def get_success_url(self) -> str:
        """Return where to go afterwards: by default back."""
        return back(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act; a refusal is told on the page the person came from."""
        try:
            done = self.perform()
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(back(request))
        if done:
            messages.success(request, str(done))
        return HttpResponseRedirect(self.get_success_url())


def _area_of(view: type) -> str:
    parts = view.__module__.split(".")
    return parts[1] if parts[0] == "portal" and len(parts) > 2 else ""


def _remember(request: HttpRequest, title: str) -> None:
    seen = [row for row in request.session.get("recent", []) if row[1] != request.path]
    row = [title, request.path, language.spoken()]
    request.session["recent"] = [row, *seen][:RECENT_PAGES_MAX]


def seen_last(request: HttpRequest, *, most: int) -> list[tuple[str, str, str]]:
    """Return title, address and, where it is not that of the page, language of what was read."""
    now = language.spoken()
    # Rows of older sessions tell no language; most people read Chinese.
    rows = [(*row, language.CHINESE)[:3] for row in request.session.get("recent", [])[:most]]
    return [(title, url, "" if spoken == now else spoken) for title, url, spoken in rows]


def add_problem(form: forms.BaseForm, error: DomainError) -> None:
    """Put a refusal on a form: on the fields it names, else on the form as a whole."""
    named = error.fields if isinstance(error, InvalidInput) else {}
    for name, text in named.items():
        form.add_error(name if name in form.fields else None, str(text))
    if not named:
        form.add_error(None, str(error))


def back(request: HttpRequest, *, otherwise: str = "portal:home") -> str:
    """Return the page the person came from when it is ours, else the work list."""
    referer = request.META.get("HTTP_REFERER", "")
    if referer and url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return referer
    return resolve_url(otherwise)


def crumb(title: Text, route: str = "", *args: Any) -> Crumb:
    """Return a crumb to a named page."""
    return Crumb(title, reverse(route, args=args) if route else "")


def document_response(
    content: bytes, filename: str, content_type: str, *, inline: bool = False
) -> HttpResponse:
    """
    Return a file to keep; with ``inline`` the browser may show it.

    The name may be Chinese (RFC 6266); it is stored content, so nobody else may keep a copy.
    """
    response = HttpResponse(content, content_type=content_type)
    kind = "inline" if inline else "attachment"
    plain = filename.encode("ascii", "ignore").decode().replace('"', "") or "document"
    response["Content-Disposition"] = (
        f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
