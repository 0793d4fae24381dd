"""The filters of a list, said in words."""

from __future__ import annotations

from django import template

from applications.states import ApplicationState
from portal.applications.forms import PURPOSES

register = template.Library()


@register.filter
def state_word(code: str) -> str:
    """Return the name of a state of an application."""
    return str(ApplicationState(code).label) if code in ApplicationState.values else code


@register.filter
def purpose_word(code: str) -> str:
    """Return the name of a class of purposes."""
    return str(dict(PURPOSES).get(code, code))
