"""Pages for what cannot be answered: plain words, the request's number, a way on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Forbidden, NotFound
from core.limits import TooManyRequests
from portal import language


@dataclass(frozen=True, slots=True)
class Problem:
    """What a status means to a person, and what to do next."""

    heading: str | Promise
    advice: str | Promise


PROBLEMS: dict[int, Problem] = {
    400: Problem(
        _("The request could not be read"),
        _("Go back, check what you entered and send it again."),
    ),
    403: Problem(
        _("This page is not open to you"),
        _("Check which organization and role you signed in with, or ask the office in charge."),
    ),
    404: Problem(
        _("Nothing was found here"),
        _("The address may be mistyped, or the page was withdrawn. Start from the home page."),
    ),
    405: Problem(
        _("This address only takes a form"),
        _("Nothing was changed. Go back to the page the button is on."),
    ),
    409: Problem(
        _("The case has moved on"),
        _("Somebody acted in the meantime. Reload the page to see where it stands."),
    ),
    413: Problem(
        _("The file is too large"),
        _("Go back and choose a smaller file."),
    ),
    422: Problem(
        _("Some entries need correction"),
        _("Go back, correct what is named and send it again."),
    ),
    429: Problem(
        _("Too many attempts"),
        _("Wait a quarter of an hour, then try again."),
    ),
    500: Problem(
        _("Something went wrong on our side"),
        _("Nothing was changed. Go back and try again; if it persists, quote the number below."),
    ),
    503: Problem(
        _("The service is being maintained"),
        _("Please try again in a few minutes."),
    ),
}

# Django checks the form's token before any page is asked.
EXPIRED = Problem(
    _("Your sign-in has expired"),
    _(
        "Nothing was changed. Go back, reload the page and send it again; what you typed is kept"
        " by the browser."
    ),
)


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """
    Answer a refusal of the rules with the page of its status.

    What a stranger may not know of looks like what does not exist: the text is the same.
    """
    told = "" if type(error) in (Forbidden, NotFound) and error.message == (
        type(error).default_message
    ) else str(error)
    if not isinstance(error, TooManyRequests):
        return page(request, error.status, detail=told)
    answer = page(
        request, 429, detail=told, advice=_("The limit keeps this page open for everybody.")
    )
    answer["Retry-After"] = str(error.retry_seconds)
    return answer


def page(
    request: HttpRequest, status: int, *, detail: str = "", advice: str | Promise = ""
) -> HttpResponse:
    """Return the error page of a status; ``detail`` is what the rule said, ``advice`` what next."""
    language.settle(request)
    problem = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
    context = {
        "status": status,
        "problem": Problem(problem.heading, advice or problem.advice),
        "detail": detail,
        "number": request_number(request),
        "page_title": problem.heading,
    }
    return render(request, "portal/problem.html", context, status=status)


def request_number(request: HttpRequest) -> str:
    """Return the number under which the log knows this request."""
    known = getattr(request, "id", None) or request.META.get("HTTP_X_REQUEST_ID", "")
    return str(known)[:64] or str(uuid.uuid4())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not open to this person."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not there."""
    return page(request, 404)


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer too many wrong passwords: how long to wait, and nothing about the account."""
    return page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a mistake of ours without touching the database again."""
    return _bare(request, 500, PROBLEMS[500])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: mostly one that stood open while the session ended."""
    return _bare(request, 403, EXPIRED)


def _bare(request: HttpRequest, status: int, problem: Problem) -> HttpResponse:
    language.settle(request)
    context = {"status": status, "problem": problem, "number": request_number(request)}
    return render(request, "portal/problem_bare.html", context, status=status)
