"""Errors as problem documents (RFC 9457): a stable code, a status, words for the reader."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from core.errors import DomainError, Forbidden, InvalidInput, NotFound
from core.limits import TooManyRequests


class Problem(Schema):
    """What went wrong, as RFC 9457 lays it out; ``code`` is stable, ``detail`` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    request: str = ""
    fields: dict[str, str] | None = None


def install(api: NinjaAPI) -> None:
    """Answer every kind of refusal of this API with a problem document."""
    api.add_exception_handler(DomainError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(PermissionDenied, lambda r, _e: _refused(r, Forbidden()))
    api.add_exception_handler(Http404, lambda r, _e: _refused(r, NotFound()))
    api.add_exception_handler(HttpError, _http)


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, **more: Any
) -> HttpResponse:
    """Return one problem document."""
    body = {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        "request": str(getattr(request, "id", "") or ""),
        **more,
    }
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    more = {}
    if isinstance(error, InvalidInput) and error.fields:
        more["fields"] = {name: str(text) for name, text in error.fields.items()}
    told = problem(request, status=error.status, code=error.code, detail=str(error), **more)
    if isinstance(error, TooManyRequests):
        told["Retry-After"] = str(error.retry_seconds)
    return told


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {".".join(str(part) for part in e["loc"]): str(e["msg"]) for e in error.errors}
    return problem(
        request,
        status=422,
        code="invalid_input",
        detail=_("Some entries need correction."),
        fields=fields,
    )


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        request, status=401, code="not_signed_in", detail=_("Sign in and send the request again.")
    )


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, status=error.status_code, code="refused", detail=str(error))
