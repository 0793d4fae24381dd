"""What the entries of the form are called, for whoever speaks of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import form

SECTION_TITLES: dict[str, str | Promise] = {
    "datasets": _("Datasets and fields"),
    "scenario": _("Scenario and purpose"),
    "usage": _("Usage and environment"),
    "security": _("Security plan"),
    "commitments": _("Commitments"),
    "answers": _("Further entries"),
}
ENTRY_TITLES: dict[str, str | Promise] = {
    "scenario_name": _("Scenario"),
    "purpose_class": _("Purpose class"),
    "purpose_text": _("Purpose in detail"),
    "expected_products": _("Expected products"),
    "benefit_statement": _("Expected benefit"),
    "delivery_mode": _("Delivery"),
    "environment": _("Environment of use"),
    "term_months": _("Term in months"),
    "monthly_quota": _("Calls a month"),
    "protection_level": _("Level of classified protection"),
    "protection_certificate": _("Certificate of classified protection"),
    "region": _("Region of storage and processing"),
    "onward_supply": _("Onward transfer"),
    "cross_border": _("Transfer abroad"),
    "commitments.codes": _("Commitments"),
    "commitments.signer": _("Signed by"),
}
ITEM_TITLES: dict[str, str | Promise] = {
    "fields": _("Requested fields"),
    "justification": _("Why they are needed"),
    "filters": _("Limits of the rows"),
}


def sections_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sections of a content, in the order of the form."""
    more = ("answers",) if content.get("answers") or content.get("files") else ()
    return (*form.SECTIONS, *more)


def with_names_of(*, content: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content that also knows what the entries of an earlier one were called."""
    known = {**(earlier.get("labels") or {}), **(content.get("labels") or {})}
    return {**content, "labels": known} if known else dict(content)


def section_title(section: str) -> str | Promise:
    """Return the title of a section."""
    return SECTION_TITLES.get(section, section)


def label_of(*, section: str, key: str, content: Mapping[str, Any]) -> str | Promise:
    """Return what an entry is called; the title of its section when ``key`` is empty."""
    if not key:
        return section_title(section)
    if key in ENTRY_TITLES:
        return ENTRY_TITLES[key]
    head, _dot, rest = key.partition(".")
    if head == "security_plan":
        return form.SECURITY_TOPICS.get(rest, rest)
    if head == "items":
        code, _dot, part = rest.rpartition(".")
        return f"{code} {ITEM_TITLES.get(part, part)}"
    labels = content.get("labels") or {}
    return str(labels.get(rest, rest))


def value_of(*, key: str, value: str) -> str | Promise:
    """Return a chosen value in words."""
    from applications.models import Application

    if key in ("onward_supply", "cross_border"):
        return _("Yes") if value == "true" else _("No")
    if key in ("purpose_class", "delivery_mode", "environment") and value:
        return dict(Application._meta.get_field(key).flatchoices).get(value, value)
    return value


def row_of(*, key: str, row: str) -> str | Promise:
    """Return one row of a list in words."""
    return form.COMMITMENTS.get(row, row) if key == "commitments.codes" else row
