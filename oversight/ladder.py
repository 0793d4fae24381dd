"""
The ladder of measures: what a violation leads to, the first time and on repetition. Pure.

Source: domain §3.11; clauses A12, A14; docs/sources.md#measure-ladder.
"""

from __future__ import annotations

from dataclasses import dataclass

WARN, RESTRICT, SUSPEND, CLOSE = "WARN", "RESTRICT", "SUSPEND", "CLOSE"
# From the mildest to the gravest.
ORDER = (WARN, RESTRICT, SUSPEND, CLOSE)
MINOR, SERIOUS = "MINOR", "SERIOUS"
# These two go beyond what an agreement provides.
BEYOND_AGREEMENT = frozenset({"V2", "V3"})
CLOSE_MONTHS = 12
V3_REPEATED_MONTHS = 24

_FIRST: dict[tuple[str, str], tuple[str, ...]] = {
    ("V1", MINOR): (WARN,),
    ("V1", SERIOUS): (SUSPEND,),
    ("V2", MINOR): (CLOSE,),
    ("V2", SERIOUS): (CLOSE,),
    ("V3", MINOR): (CLOSE,),
    ("V3", SERIOUS): (CLOSE,),
    ("V4", MINOR): (RESTRICT, SUSPEND),
    ("V4", SERIOUS): (CLOSE, SUSPEND),
    ("V5", MINOR): (WARN,),
    ("V5", SERIOUS): (SUSPEND,),
}
_REPEATED: dict[tuple[str, str], tuple[str, ...]] = {
    ("V1", MINOR): (RESTRICT,),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """The party is barred from new data for whole months; None is for good."""

    months: int | None


def allowed(*, code: str, severity: str, repeated: bool) -> tuple[str, ...]:
    """Return the measures the ladder provides; the first one is the one it proposes."""
    if repeated:
        return _REPEATED.get((code, severity), (CLOSE,))
    return _FIRST[(code, severity)]


def bar_of(*, code: str, measure: str, repeated: bool) -> Bar | None:
    """
    Return the bar a measure brings with it, or None.

    A party whose access was closed gets nothing new while the closing is published.
    """
    if measure != CLOSE:
        return None
    if code == "V2" and repeated:
        return Bar(None)
    if code == "V3" and repeated:
        return Bar(V3_REPEATED_MONTHS)
    return Bar(CLOSE_MONTHS)


def is_milder(measure: str, than: str) -> bool:
    """Return whether one measure is milder than another."""
    return ORDER.index(measure) < ORDER.index(than)
