"""What stands around every page: menu, person, language, look, demo banner, unread messages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core import clock
from notify import queries as notify
from parties import queries as parties
from portal import look, menu


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the surroundings of a page; nothing is asked of the database until it is drawn."""
    return {
        "chrome": SimpleLazyObject(lambda: _surroundings(request)),
        "look": look.read(request),
    }


def _surroundings(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    desks = parties.desks_of(user) if signed_in else ()
    roles = frozenset(str(desk.role) for desk in desks)
    return {
        "signed_in": signed_in,
        "desks": desks,
        "organization": desks[0].organization_name if desks else "",
        "menu": menu.build(request, roles=roles, signed_in=signed_in),
        "unread": notify.unread_count(actor=user) if signed_in else 0,
        "demo": settings.DEMO,
        "now": clock.now(),
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "read_only": roles == {"AUDITOR"},
    }
