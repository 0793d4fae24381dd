"""
The form: its sections, what each must say before submission, what a draft may hold. Pure.

A draft may be incomplete in any way; only values that mean nothing at all are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

Problems = dict[str, str | Promise]

SECTIONS = ("datasets", "scenario", "usage", "security", "commitments")
SECTION_FIELDS: dict[str, tuple[str, ...]] = {
    "datasets": ("items",),
    "scenario": (
        "scenario_name",
        "purpose_class",
        "purpose_text",
        "expected_products",
        "benefit_statement",
    ),
    "usage": (
        "delivery_mode",
        "environment",
        "term_months",
        "monthly_quota",
        "protection_level",
        "protection_certificate",
        "region",
        "onward_supply",
        "cross_border",
    ),
    "security": ("security_plan",),
    "commitments": ("commitments",),
}
SECURITY_TOPICS = {
    "storage": _("Storage and backup"),
    "access": _("Accounts and access control"),
    "logging": _("Logs and audit"),
    "personnel": _("Personnel and training"),
    "incident": _("Incident response and contact"),
}
COMMITMENTS = {
    "TRUE_MATERIAL": _("All material handed in is true and complete."),
    "SCENARIO_ONLY": _("The data are used for the stated scenario only."),
    "NO_ONWARD": _("The data are not passed on to others without consent."),
    "NO_REIDENTIFICATION": _("No attempt is made to identify persons from the data."),
    "DESTROY_ON_EXIT": _("The data are destroyed at the end, and the destruction is proved."),
    "ACCEPT_SUPERVISION": _("Supervision, inspection and audit are accepted."),
}
CHOICES: dict[str, frozenset[str]] = {
    "purpose_class": frozenset({"PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT", "INDUSTRY", "SECTOR"}),
    "delivery_mode": frozenset({"API", "FILE", "SANDBOX", "VERIFY_ONLY"}),
    "environment": frozenset({"RAW_EXPORT", "API", "SANDBOX", "VERIFY_ONLY"}),
}
TEXT_CHARACTERS_MAX = {
    "scenario_name": 120,
    "purpose_text": 4_000,
    "expected_products": 4_000,
    "benefit_statement": 4_000,
    "protection_certificate": 80,
    "region": 120,
}
NUMBERS = {
    "term_months": (1, 12),
    "monthly_quota": (1, 100_000_000),
    "protection_level": (1, 4),
}
FLAGS = ("onward_supply", "cross_border")
PLAN_CHARACTERS_MAX = 2_000
ITEMS_MAX = 15
JUSTIFICATION_CHARACTERS_MIN = 10
PURPOSE_CHARACTERS_MIN = 20

_EMPTY: Any = ("", None)
_FILL_IN = _("Fill this in before you submit.")


def clean_changes(*, changes: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the changes of a draft as they are stored.

    Empty values are allowed; values of a wrong kind are not.

    :raises InvalidInput: an unknown field, or a value that the field cannot hold.
    """
    cleaned: dict[str, Any] = {}
    problems: Problems = {}
    for name, value in changes.items():
        problem = _problem_of(name, value)
        if problem:
            problems[name] = problem
        else:
            cleaned[name] = value.strip() if isinstance(value, str) else value
    if problems:
        raise InvalidInput(fields=problems)
    return cleaned


def find_gaps(*, content: Mapping[str, Any]) -> dict[str, Problems]:
    """
    Return what each section still lacks: section → field → what to do.

    A section without an entry is complete.
    """
    found: dict[str, Problems] = {
        "datasets": _gaps_in_items(content.get("items", ())),
        "scenario": _gaps_in_scenario(content),
        "usage": _gaps_in_usage(content),
        "security": _gaps_in_plan(content["security_plan"]),
        "commitments": _gaps_in_commitments(content.get("commitments") or {}),
    }
    return {section: problems for section, problems in found.items() if problems}


def find_warnings(*, content: Mapping[str, Any]) -> dict[str, Problems]:
    """
    Return what is written but wrong: section → field → what to do.

    What is merely empty, or not signed yet, is no mistake while drafting.
    """
    written = {name for name, value in content.items() if value not in (*_EMPTY, False, [], {})}
    written |= {item["code"] for item in content.get("items", ()) if item["justification"]}
    found = {
        section: {name: text for name, text in problems.items() if name in written}
        for section, problems in find_gaps(content=content).items()
    }
    return {section: problems for section, problems in found.items() if problems}


def touched_sections(*, content: Mapping[str, Any]) -> frozenset[str]:
    """Return the sections in which something has been written."""
    return frozenset(
        section
        for section, names in SECTION_FIELDS.items()
        if any(content.get(name) not in (*_EMPTY, False, {}, (), []) for name in names)
    )


def _problem_of(name: str, value: Any) -> str | Promise | None:
    if name in TEXT_CHARACTERS_MAX:
        most = TEXT_CHARACTERS_MAX[name]
        ok = isinstance(value, str) and len(value) <= most
        return None if ok else _("Enter a text that is not too long.")
    if name in CHOICES:
        return None if value in CHOICES[name] or value == "" else _("Choose one of the options.")
    if name in NUMBERS:
        least, most = NUMBERS[name]
        ok = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if value is None or ok else _("Enter a number within the limits.")
    if name in FLAGS:
        return None if isinstance(value, bool) else _("Answer yes or no.")
    if name == "security_plan":
        return None if _is_plan(value) else _("Describe each topic of the security plan in words.")
    return _("The form has no such entry.")


def _is_plan(value: Any) -> bool:
    return isinstance(value, dict) and all(
        topic in SECURITY_TOPICS and isinstance(text, str) and len(text) <= PLAN_CHARACTERS_MAX
        for topic, text in value.items()
    )


def _gaps_in_items(items: Iterable[Mapping[str, Any]]) -> Problems:
    rows = list(items)
    if not rows:
        return {"items": _("Choose at least one dataset.")}
    problems: Problems = {}
    for row in rows:
        if not row["fields"]:
            problems[row["code"]] = _("Choose the fields you need.")
        elif len(row["justification"]) < JUSTIFICATION_CHARACTERS_MIN:
            problems[row["code"]] = _("Say in a sentence why these fields are needed.")
    return problems


def _gaps_in_scenario(content: Mapping[str, Any]) -> Problems:
    problems: Problems = {
        name: _FILL_IN for name in SECTION_FIELDS["scenario"] if content[name] in _EMPTY
    }
    if 0 < len(content["purpose_text"]) < PURPOSE_CHARACTERS_MIN:
        problems["purpose_text"] = _("Describe the purpose in at least 20 characters.")
    return problems


def _gaps_in_usage(content: Mapping[str, Any]) -> Problems:
    needed = ("delivery_mode", "environment", "term_months", "monthly_quota", "region")
    problems: Problems = {name: _FILL_IN for name in needed if content[name] in _EMPTY}
    if content["cross_border"]:
        problems["cross_border"] = _("Conditional public data may not leave the mainland.")
    return problems


def _gaps_in_plan(plan: Mapping[str, str]) -> Problems:
    return {topic: _FILL_IN for topic in SECURITY_TOPICS if not plan.get(topic)}


def _gaps_in_commitments(commitments: Mapping[str, Any]) -> Problems:
    signed = set(commitments.get("codes", ()))
    problems: Problems = {
        code: _("This commitment is not signed.") for code in COMMITMENTS if code not in signed
    }
    if not problems and not commitments.get("signer"):
        problems["signer"] = _("The commitments need the name of the signer.")
    return problems
