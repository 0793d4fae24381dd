"""Where each list stands in the portal."""

from __future__ import annotations

from django.urls import reverse

ROUTES = {
    "mine": "portal:applications",
    "desk": "portal:application_desk",
    "decisions": "portal:application_decisions",
    "security": "portal:application_security_queue",
    "agenda": "portal:application_agenda",
    "search": "portal:search",
}


def place(list_name: str, query: str = "") -> str:
    """Return the address of a list as a query narrows it; the search for one that is unknown."""
    url = reverse(ROUTES.get(list_name, "portal:search"))
    return f"{url}?{query}" if query else url
