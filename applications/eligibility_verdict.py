"""
What the checks say as a whole: approve, abstain or deny, with reasons. Pure.

The verdict informs; it moves no case. What keeps a case from going on are the blocking checks, and
who decides is a person. Source: docs/sources.md#eligibility.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

APPROVE, ABSTAIN, DENY = "APPROVE", "ABSTAIN", "DENY"
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
    """The verdict; ``reasons`` are the codes of the findings behind it, the weightiest first."""

    verdict: str
    reasons: tuple[str, ...] = ()


def overall(findings: Iterable[Found]) -> Overall:
    """
    Return the verdict over all findings, whatever their order.

    Approve only if every rule approves. An unknown term denies, for no rule has understood the
    case. Otherwise one abstention is enough to abstain; denials stand among its reasons, so that
    nobody overlooks them. What is left denies. Nothing found at all is an abstention.
    """
    rows = tuple(findings)
    abstained = tuple(f.code for f in rows if f.result == "ABSTAIN")
    failed = tuple(f.code for f in rows if f.result == "FAIL")
    if TERMS in failed:
        return Overall(DENY, (TERMS, *(code for code in failed if code != TERMS)))
    if abstained or not rows:
        return Overall(ABSTAIN, (*abstained, *failed))
    if failed:
        return Overall(DENY, failed)
    return Overall(APPROVE)
