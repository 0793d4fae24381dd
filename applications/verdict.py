"""
The decision dataset by dataset, and what it comes to for the case. Pure.

Source: domain T09, docs/decisions/0008-decisions-per-dataset.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import conditions as attached
from core.errors import InvalidInput

APPROVED, CONDITIONAL, REJECTED = "APPROVED", "APPROVED_WITH_CONDITIONS", "REJECTED"
RESULTS = (APPROVED, CONDITIONAL, REJECTED)
REASONS_CHARACTERS_MAX = 4_000
# Why a dataset cannot be approved although nobody decided against it.
NOTHING_LEFT = "数据提供单位未准予任何字段。"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided on one dataset; ``conditions`` are cleaned ones."""

    result: str
    reasons: str
    conditions: tuple[str, ...] = ()
    departure_reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to for the case; ``partial``: some datasets approved, not all."""

    result: str
    partial: bool


def overall(results: Iterable[str]) -> Outcome:
    """
    Return what the results of all datasets come to: the only place where that is decided.

    All refused is a refusal. Some refused, or any condition, is an approval with conditions in
    the sense of the procedure: the applicant got less than was asked for and may object.
    """
    found = tuple(results)
    refused = found.count(REJECTED)
    if not found or refused == len(found):
        return Outcome(REJECTED, partial=False)
    if refused or CONDITIONAL in found:
        return Outcome(CONDITIONAL, partial=bool(refused))
    return Outcome(APPROVED, partial=False)


def same_for_all(
    *, codes: Mapping[str, bool], verdict: Verdict
) -> dict[str, Verdict]:
    """
    Return one verdict for every dataset; one of which no field is left is refused.

    ``codes`` maps each dataset to whether the providers left anything of it.
    """
    refused = Verdict(REJECTED, NOTHING_LEFT)
    return {
        code: verdict if left or verdict.result == REJECTED else refused
        for code, left in codes.items()
    }


def clean_items(
    *,
    items: Mapping[str, Mapping[str, Any]],
    codes: Mapping[str, bool],
    reasons: str,
    conditions: tuple[str, ...],
    departure_reason: str,
) -> dict[str, Verdict]:
    """
    Return what is decided on each dataset; reasons and departure default to those of the case.

    ``conditions`` are attached to every approved dataset.

    :raises InvalidInput: a dataset is missing or unknown, a result is unknown or does not fit its
        conditions; keyed "code.result" and "code.conditions".
    """
    problems: dict[str, str | Promise] = {
        f"{code}.result": _("This dataset was not asked for.")
        for code in items
        if code not in codes
    }
    found: dict[str, Verdict] = {}
    for code, left in codes.items():
        entry = items.get(code) or {}
        result = str(entry.get("result") or "")
        own = attached.clean(entry.get("conditions") or ())
        everyone = () if result == REJECTED else conditions
        both = tuple(dict.fromkeys((*everyone, *own)))
        if result == APPROVED and everyone:
            result = CONDITIONAL
        problem = _problem(result, own=own, both=both, left=left)
        if problem is not None:
            problems[f"{code}.{problem[0]}"] = problem[1]
        found[code] = Verdict(
            result,
            (str(entry.get("reasons") or "").strip() or reasons)[:REASONS_CHARACTERS_MAX],
            both,
            str(entry.get("departure_reason") or "").strip() or departure_reason,
        )
    if problems:
        raise InvalidInput(_("The decision on each dataset is not complete."), fields=problems)
    return found


def departures(
    *,
    verdicts: Mapping[str, Verdict],
    conclusion: Mapping[str, Any],
    codes: Mapping[str, bool],
) -> list[str]:
    """
    Return the datasets whose result differs from what the committee concluded.

    ``conclusion["items"]`` maps a dataset to its own count; without it the case-wide ``passed``
    holds. A dataset of which the providers left nothing (``codes``) is no departure: nobody could
    grant it.
    """
    own = conclusion.get("items") or {}
    everyone = bool(conclusion.get("passed"))
    return [
        code
        for code, verdict in verdicts.items()
        if codes[code]
        and bool((own.get(code) or {}).get("passed", everyone)) != (verdict.result != REJECTED)
    ]


def _problem(
    result: str, *, own: tuple[str, ...], both: tuple[str, ...], left: bool
) -> tuple[str, str | Promise] | None:
    if result not in RESULTS:
        return "result", _("Choose one of the results.")
    if result != REJECTED and not left:
        return "result", _("The providers have refused every field of it, so it is rejected.")
    if result == CONDITIONAL and not both:
        return "conditions", _("State the conditions, one a line.")
    if result != CONDITIONAL and own:
        return "conditions", _("Conditions belong to an approval with conditions only.")
    return None
