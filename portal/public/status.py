"""Status lists for checkers without a network: signed, cacheable, about numbers only."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import path

from core.errors import NotFound
from licensing import queries
from portal.kit import OpenToAll

MEDIA_TYPE = "application/vc+jwt"
# A list is made at most so often, whoever asks; and may be kept by others for so long.
MADE_SECONDS = 10
KEPT_SECONDS = 60
KEYS_KEPT_SECONDS = 3600
ANY_ORIGIN = "*"


class StatusList(OpenToAll):
    """Open to all: which licenses ended or stand still, as bits, signed by the authority."""

    def get(self, request: HttpRequest, purpose: str, name: str) -> HttpResponse:
        """Answer the list, or that it is what the asker has."""
        key = f"status-list:{purpose}:{name}:{int(self.at.timestamp()) // MADE_SECONDS}"
        found = cache.get(key)
        if found is None:
            found = queries.status_list_token(purpose=purpose, name=name, at=self.at)
            if found is None:
                raise NotFound
            cache.set(key, found, MADE_SECONDS)
        # Two processes sign the same list with different bytes: the tag is of what it says.
        tag = f'W/"{found.tag}"'
        if tag in request.headers.get("If-None-Match", ""):
            return _kept(HttpResponseNotModified(), KEPT_SECONDS, tag)
        answer = HttpResponse(found.token, content_type=MEDIA_TYPE)
        return _kept(answer, KEPT_SECONDS, tag)


class StatusKeys(OpenToAll):
    """Open to all: the public keys of the lists, as a JSON Web Key Set (RFC 7517)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the keys."""
        body = json.dumps(queries.status_keys(at=self.at))
        return _kept(
            HttpResponse(body, content_type="application/jwk-set+json"), KEYS_KEPT_SECONDS
        )


class TrustedRoots(OpenToAll):
    """Open to all: the certificates that signatures of this platform lead to, as PEM."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the certificates."""
        answer = HttpResponse(
            queries.trusted_roots_pem(), content_type="application/x-pem-file"
        )
        return _kept(answer, KEYS_KEPT_SECONDS)


def _kept(answer: HttpResponse, seconds: int, tag: str = "") -> Any:
    answer["Cache-Control"] = f"public, max-age={seconds}"
    # What is public to people is public to programs of other sites.
    answer["Access-Control-Allow-Origin"] = ANY_ORIGIN
    if tag:
        answer["ETag"] = tag
    return answer


urlpatterns = [
    path("status/keys.json", StatusKeys.as_view(), name="status_keys"),
    path("status/roots.pem", TrustedRoots.as_view(), name="status_roots"),
    path("status/<slug:purpose>/<slug:name>", StatusList.as_view(), name="status_list"),
]
