"""The menu: every area names its entries, a person sees those of the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from portal.kit import MenuItem

# The order of the areas is the order of a case's life; what everyone may read stands last.
AREAS = (
    "home",
    "parties",
    "applications",
    "lists",
    "contracts",
    "licensing",
    "usage",
    "catalog",
    "settlement",
    "oversight",
    "audit",
    "public",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu as drawn."""

    title: str | Promise
    url: str
    icon: str
    current: bool


@cache
def registered() -> tuple[tuple[str, MenuItem], ...]:
    """Return every entry with its area."""
    found: list[tuple[str, MenuItem]] = []
    for area in AREAS:
        name = f"portal.{area}.menu"
        if find_spec(name) is not None:
            found += [(area, item) for item in import_module(name).ITEMS]
    return tuple(found)


def build(request: HttpRequest, *, roles: frozenset[str], signed_in: bool) -> tuple[Entry, ...]:
    """Return the entries open to these roles, the one of the present page marked."""
    shown = [(area, item) for area, item in registered() if _is_shown(item, roles, signed_in)]
    current = _current(request, shown)
    return tuple(
        Entry(item.title, url, item.icon, item is current)
        for _, item in shown
        if (url := _url(item.route))
    )


def _is_shown(item: MenuItem, roles: frozenset[str], signed_in: bool) -> bool:
    if not signed_in:
        return item.public
    return not item.roles or not roles.isdisjoint(str(role) for role in item.roles)


def _current(request: HttpRequest, shown: list[tuple[str, MenuItem]]) -> MenuItem | None:
    match = request.resolver_match
    if match is None:
        return None
    for _, item in shown:
        if item.route == match.view_name:
            return item
    above = [item for _, item in shown if _is_above(_url(item.route), request.path)]
    if above:
        return max(above, key=lambda item: len(_url(item.route)))
    if not match.kwargs:
        return None
    # A page about one thing, reached from a desk: its area's first entry is where it belongs.
    module = str(getattr(getattr(match.func, "view_class", None), "__module__", "")).split(".")
    area = module[1] if module[0] == "portal" and module[1:] else ""
    return next((item for owner, item in shown if owner == area), None)


def _is_above(url: str, path: str) -> bool:
    return len(url) > 1 and path.startswith(url)


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        # An entry whose page is not there is left out; tests name it.
        return ""
