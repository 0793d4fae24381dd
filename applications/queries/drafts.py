"""The content of the form."""

from __future__ import annotations

from typing import Any

from applications import form
from applications.models import Application


def content_of(application: Application) -> dict[str, Any]:
    """Return the answers of the form as plain values, the items with dataset code and title."""
    names = [n for section in form.SECTIONS for n in form.SECTION_FIELDS[section] if n != "items"]
    content: dict[str, Any] = {name: getattr(application, name) for name in names}
    content["items"] = [
        {
            "code": item.dataset.code,
            "title": item.dataset.title,
            "fields": list(item.fields),
            "filters": dict(item.filters),
            "justification": item.justification,
        }
        for item in application.items.select_related("dataset").order_by("dataset__code", "id")
    ]
    return content
