"""
How pages look to one reader: theme, size of text, density; kept in a cookie of this browser.

Like the language it needs no account and no script: a button is a form, the answer a redirect.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
SEPARATOR = "."
# What may be chosen, by name of the control; the first is what holds unchosen.
CHOICES: dict[str, tuple[Text, tuple[tuple[str, Text], ...]]] = {
    "theme": (
        _("Theme"),
        (
            ("auto", pgettext_lazy("theme", "As the system")),
            ("light", pgettext_lazy("theme", "Light")),
            ("dark", pgettext_lazy("theme", "Dark")),
        ),
    ),
    "text": (
        _("Text size"),
        (
            ("normal", pgettext_lazy("text size", "Standard")),
            ("large", pgettext_lazy("text size", "Large")),
            ("larger", pgettext_lazy("text size", "Very large")),
        ),
    ),
    "density": (
        _("Density"),
        (
            ("normal", pgettext_lazy("density", "Standard")),
            ("compact", pgettext_lazy("density", "Compact")),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What one reader chose; every part is one of ``CHOICES``."""

    theme: str = "auto"
    text: str = "normal"
    density: str = "normal"

    # Also what the next reader of a shared computer is told: nothing about a person.
    COOKIE: ClassVar[str] = "datadeed_look"

    def with_choice(self, **chosen: str) -> Look:
        """Return this look with what was chosen; what nobody offers changes nothing."""
        known = {name: value for name, value in chosen.items() if _is_offered(name, value)}
        return replace(self, **known)

    @property
    def controls(self) -> tuple[dict[str, Any], ...]:
        """Every choice with its options and which of them holds, for the template."""
        now = asdict(self)
        return tuple(
            {
                "name": name,
                "title": title,
                "options": [
                    {"value": value, "label": label, "holds": value == now[name]}
                    for value, label in options
                ],
            }
            for name, (title, options) in CHOICES.items()
        )


def read(request: HttpRequest) -> Look:
    """Return the look this browser asks for; a cookie nobody of us wrote asks for nothing."""
    told = request.COOKIES.get(Look.COOKIE, "").split(SEPARATOR)
    names = [field.name for field in fields(Look)]
    return Look().with_choice(**dict(zip(names, told, strict=False)))


def choose(request: HttpRequest, *, fallback: str) -> HttpResponse:
    """Keep what the form asks for, for a year, and lead back to the page it stood on."""
    look = read(request).with_choice(
        **{name: request.POST[name] for name in CHOICES if name in request.POST}
    )
    response = HttpResponseRedirect(_next(request, fallback=fallback))
    response.set_cookie(
        Look.COOKIE,
        SEPARATOR.join(asdict(look).values()),
        max_age=settings.CHOICE_COOKIE_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _is_offered(name: str, value: str) -> bool:
    return name in CHOICES and value in dict(CHOICES[name][1])


def _next(request: HttpRequest, *, fallback: str) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else fallback
