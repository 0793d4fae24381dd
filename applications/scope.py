"""
What the providers let through: their opinion on every field, and what remains of the request. Pure.

Source: domain T06; docs/sources.md#provider-review.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

ALLOW, DENY, TRANSFORM = "ALLOW", "DENY", "TRANSFORM"
TRANSFORM_RULES = {
    "mask": _("Mask a part"),
    "keyed_hash": _("Replace by a keyed hash"),
    "generalize": _("Generalize to a band"),
    "suppress": _("Leave empty"),
}
TEXT_CHARACTERS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Granted:
    """What remains of one requested dataset; ``denied`` are the fields that fell away."""

    fields: tuple[str, ...]
    transforms: dict[str, str]
    denied: tuple[str, ...]


def clean_opinion(
    *, opinion: Mapping[str, Any], requested: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """
    Return a provider's opinion as it is stored, one entry per requested field.

    ``opinion`` maps a dataset code to {"fields": {name: {"decision", "rule", "reason",
    "legal_basis"}}, "note"}; ``requested`` maps the provider's dataset codes to requested fields.

    :raises InvalidInput: a field is missing or unknown, a transformation has no rule, a refusal has
        no reason or no legal basis. ``fields`` is keyed "code.field".
    """
    cleaned: dict[str, Any] = {}
    problems: dict[str, str | Promise] = {
        code: _("This dataset is not part of your review.")
        for code in opinion
        if code not in requested
    }
    for code, names in requested.items():
        given = opinion.get(code) or {}
        answers = given.get("fields") or {}
        wanted = tuple(names)
        problems |= {
            f"{code}.{name}": _("This field was not asked for.")
            for name in answers
            if name not in wanted
        }
        cleaned[code] = {"fields": {}, "note": str(given.get("note", ""))[:TEXT_CHARACTERS_MAX]}
        for name in wanted:
            answer = _clean_answer(answers.get(name) or {})
            cleaned[code]["fields"][name] = answer
            problem = _problem_of(answer)
            if problem:
                problems[f"{code}.{name}"] = problem
    if problems:
        raise InvalidInput(_("Some fields have no complete opinion."), fields=problems)
    return cleaned


def merge(*, requested: Iterable[str], opinions: Iterable[Mapping[str, Any]]) -> Granted:
    """
    Return the intersection of the request with every opinion on one dataset.

    ``opinions`` map field names to answers as ``clean_opinion`` stores them. A field without answer
    is denied; of two transformations the stronger one holds.
    """
    answers = list(opinions)
    fields: list[str] = []
    transforms: dict[str, str] = {}
    denied: list[str] = []
    for name in requested:
        given = [a[name] for a in answers if name in a]
        if not given or any(a["decision"] == DENY for a in given):
            denied.append(name)
            continue
        fields.append(name)
        rules = [a["rule"] for a in given if a["decision"] == TRANSFORM]
        if rules:
            transforms[name] = max(rules, key=tuple(TRANSFORM_RULES).index)
    return Granted(tuple(fields), transforms, tuple(denied))


def _clean_answer(answer: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: str(answer.get(key) or "").strip()[:TEXT_CHARACTERS_MAX]
        for key in ("decision", "rule", "reason", "legal_basis")
    }


def _problem_of(answer: Mapping[str, str]) -> str | Promise | None:
    match answer["decision"]:
        case "ALLOW":
            return None
        case "TRANSFORM":
            known = answer["rule"] in TRANSFORM_RULES
            return None if known else _("Choose how the field is transformed.")
        case "DENY":
            complete = answer["reason"] and answer["legal_basis"]
            return None if complete else _("A refusal needs a reason and its legal basis.")
        case _:
            return _("Decide on this field.")
