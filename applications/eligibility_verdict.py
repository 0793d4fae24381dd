"""
What the checks say as a whole: approve, abstain or deny, with reasons. Pure.

The verdict informs; it moves no case. What keeps a case from going on are the blocking checks, and
who decides is a person. Source: docs/sources.md#eligibility.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from applications.eligibility_rules import CODES

APPROVE, ABSTAIN, DENY = "APPROVE", "ABSTAIN", "DENY"
RESULTS = ("PASS", "FAIL", "ABSTAIN")
# The check that reports a term which no rule knows.
TERMS = "terms"


class Found(Protocol):
    """The finding of one rule: PASS, ABSTAIN or FAIL, the last two with a reason."""

    @property
    def code(self) -> str: ...
    @property
    def result(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Overall:
    """
    The verdict; ``reasons`` are the codes of the findings behind it, the weightiest first.

    ``unknown`` are those whose code or result no rule knows.
    """

    verdict: str
    reasons: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def overall(findings: Iterable[Found]) -> Overall:
    """
    Return the verdict over all findings, whatever their order.

    Approve only if every rule approves. An unknown term denies, for no rule has understood the
    case; so does a finding of a check, or with a result, that no rule knows. Otherwise one
    abstention is enough to abstain; denials stand among its reasons, so that nobody overlooks
    them. What is left denies. Nothing found at all is an abstention.
    """
    rows = tuple(findings)
    abstained = tuple(f.code for f in rows if f.result == "ABSTAIN")
    failed = tuple(f.code for f in rows if f.result == "FAIL")
    unknown = tuple(f.code for f in rows if f.code not in CODES or f.result not in RESULTS)
    if unknown or TERMS in failed:
        first = (*unknown, *(code for code in failed if code == TERMS and code not in unknown))
        return Overall(DENY, (*first, *(c for c in failed if c not in first)), unknown)
    if abstained or not rows:
        return Overall(ABSTAIN, (*abstained, *failed))
    if failed:
        return Overall(DENY, failed)
    return Overall(APPROVE)
