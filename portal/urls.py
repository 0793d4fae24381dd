"""Addresses of the pages: every area's own, flat under the namespace ``portal``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from portal.menu import AREAS

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"portal.{area}.urls")) for area in AREAS
]
