"""
The clause library as it is installed first, and the order of the clauses in each form. Pure.

Own wording. The model contracts GF-2025-2615 to 2618 were a list of what to think of, not a text
to copy. Agreements drafted before clauses were pinned read these versions, so they never change: a
new wording is a new version in the library, not an edit here.
"""

from __future__ import annotations

from contracts.clauses import library_duties, library_ending, library_forms, library_use
from contracts.clauses.first import First

FIRST: dict[str, First] = {
    first.code: first
    for part in (library_use, library_duties, library_ending, library_forms)
    for first in part.FIRST
}
PROVISION = (
    "definitions", "scope", "purpose", "rights", "delivery", "quota", "environment", "region",
    "onward_transfer", "retention", "desensitization", "security", "audit", "consent",
    "quality_sla", "fee", "derived_ip", "reporting", "evaluation", "breach", "change", "exit",
    "dispute", "term", "closing",
)  # fmt: skip
# What a form adds, and after which clause.
_MORE = {
    "PROCESSING": (("purpose", "processing_order"), ("exit", "processing_return")),
    "FUSION": (("purpose", "fusion_inputs"), ("derived_ip", "fusion_benefits")),
    "INTERMEDIARY": (("purpose", "listing"), ("fee", "commission")),
}


def order_of(form: str) -> tuple[str, ...]:
    """Return the codes of the clauses of a form of contract, in the order of its text."""
    more = dict(_MORE.get(form, ()))
    return tuple(
        code for own in PROVISION for code in (own, *((more[own],) if own in more else ()))
    )
