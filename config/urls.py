"""Addresses: pages for people at the root, machines under /api/v1."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from api.urls import api


def health(_request: HttpRequest) -> HttpResponse:
    """Answer that this process serves; the database is asked by the pages themselves."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    # Browsers ask for it beside a file, which names no icon of its own.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}datadeed/seal.svg")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("portal.urls")),
]

handler400 = "portal.problems.bad_request"
handler403 = "portal.problems.forbidden"
handler404 = "portal.problems.not_found"
handler500 = "portal.problems.server_error"
