"""
Levels, openness and what one allows of the other. Pure.

Source: clauses A22-A24 and domain §3.9, docs/sources.md#levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """How much harm disclosure could do, from none to the core of the state."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    IMPORTANT = "IMPORTANT"
    CORE = "CORE"


class Sensitivity(StrEnum):
    """Whether a field speaks of persons."""

    NONE = "NONE"
    PI = "PI"
    SENSITIVE_PI = "SENSITIVE_PI"


class Openness(StrEnum):
    """The three opening classes, the most open first."""

    UNCONDITIONAL = "UNCONDITIONAL"
    CONDITIONAL = "CONDITIONAL"
    NON_OPEN = "NON_OPEN"


# The reasons clause A23 knows for each class.
REASONS: dict[str, tuple[str, ...]] = {
    Openness.UNCONDITIONAL: ("OTHER",),
    Openness.CONDITIONAL: ("HIGH_SECURITY", "TIMELINESS", "CONTINUOUS_ACCESS"),
    Openness.NON_OPEN: ("TRADE_SECRET", "PRIVACY", "LAW"),
}
NEVER_OPEN = (Level.L4, Level.IMPORTANT, Level.CORE)

_LEVELS = tuple(Level)
_CLASSES = tuple(Openness)


def highest(levels: Iterable[str]) -> Level:
    """
    Return the highest of several field levels, which is the level of their dataset.

    :raises ValueError: there is no field, or an unknown level.
    """
    return max((Level(level) for level in levels), key=_LEVELS.index)


def widest_openness(*, level: str, sensitivities: Iterable[str], cleared: bool = False) -> Openness:
    """
    Return the most open class a dataset may have.

    ``cleared`` says that a desensitization report or the consent of the right-holders answers for
    the fields that speak of persons.
    """
    if Level(level) in NEVER_OPEN:
        return Openness.NON_OPEN
    if not cleared and any(Sensitivity(s) is not Sensitivity.NONE for s in sensitivities):
        return Openness.NON_OPEN
    return Openness.UNCONDITIONAL if Level(level) is Level.L1 else Openness.CONDITIONAL


def is_wider(first: str, second: str) -> bool:
    """Return whether the first class is more open than the second."""
    return _CLASSES.index(Openness(first)) < _CLASSES.index(Openness(second))
