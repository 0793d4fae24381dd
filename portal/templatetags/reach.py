"""Links that are only drawn for those who can follow them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow import policy

register = template.Library()

# A page about one thing → the permission its reader needs.
NEEDED = {
    "portal:agreement": "contracts.see_agreement",
    "portal:application": "applications.see_application",
    "portal:evaluation": "oversight.see_evaluation",
    "portal:license": "licensing.see_license",
}


@register.simple_tag(takes_context=True)
def reach(context: template.Context, route: str, key: Any, text: Any) -> SafeString:
    """
    Return a link to a page about one thing, or its text alone for roles that never see that page.

    The page itself still asks whether this person may see this one thing.
    """
    roles = {str(desk.role) for desk in context["chrome"]["desks"]}
    readers = {str(role) for _holder, role in policy.rule_of(NEEDED[route]).desks}
    if roles.isdisjoint(readers):
        return format_html("{}", text)
    return format_html('<a href="{}">{}</a>', reverse(route, args=[key]), text)
