"""Which pages there are to look at, and with what they are opened."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern

from tests.portal.test_pages import portal_patterns

# Pages that say nothing without a query.
QUERIES = {
    "exports_new": "?list=mine",
    "form_field_new": "?type=TEXT",
    "saved_views_new": "?list=mine",
    "search": "?q=场景",
}
# Their GET only leads a reloaded address back to where the form is.
LEADS_ELSEWHERE = {"several", "verify_file", "second_factor_confirm"}


def can_be_opened(pattern: URLPattern) -> bool:
    """Say whether an address answers to GET at all."""
    view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
    return "get" in view.http_method_names and hasattr(view, "get")


def routes_of(*areas: str) -> list[str]:
    """Return the names of the pages whose views live in these areas; with "-", in the others."""
    found = []
    for pattern in portal_patterns():
        area = pattern.callback.__module__.split(".")[1]
        named = {one.lstrip("-") for one in areas}
        if can_be_opened(pattern) and (area in named) != areas[0].startswith("-"):
            found.append(str(pattern.name))
    return [name for name in found if name not in LEADS_ELSEWHERE]
