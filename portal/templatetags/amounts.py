"""Numbers of statements as people read them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def grouped(number: Decimal | int | None) -> str:
    """Return an exact number with its thousands apart: 312,400 or 8,187.1680."""
    if number is None:
        return "—"
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
