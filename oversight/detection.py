"""
When is the volume of an hour suspicious? Pure.

Source: domain §3.11 (volume above three times the mean of the same hour over 30 days; calls outside
the hours of work); docs/sources.md#a10.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BASELINE_DAYS = 30
RATIO_MIN = 3
# Below this many calls an hour nothing is bulk, whatever the mean.
CALLS_MIN = 200
NIGHT_FROM, NIGHT_TO = 22, 6
GRAVE_RATIO = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What is suspicious about one hour of one license; ``ratio`` is times the mean."""

    rule: str
    grade: str
    calls: int
    mean: Decimal
    ratio: Decimal | None


def is_night(hour: int) -> bool:
    """Return whether an hour of the day in Asia/Shanghai lies outside the hours of work."""
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def judge_hour(*, calls: int, calls_before: int, hour: int) -> Finding | None:
    """
    Return what is suspicious about an hour, or None.

    ``calls_before`` are those in the same hour of the BASELINE_DAYS days before, all together.
    A license without any calls in that hour before has no mean: bulk at night is then enough.
    """
    if calls < CALLS_MIN:
        return None
    mean = (Decimal(calls_before) / BASELINE_DAYS).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not calls_before:
        return Finding("OFF_HOURS", "II", calls, mean, None) if is_night(hour) else None
    # Compared in whole numbers: a rounded mean must not decide.
    if calls * BASELINE_DAYS <= RATIO_MIN * calls_before:
        return None
    ratio = (Decimal(calls * BASELINE_DAYS) / calls_before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if is_night(hour):
        return Finding("OFF_HOURS", "II", calls, mean, ratio)
    return Finding("VOLUME", "II" if ratio >= GRAVE_RATIO else "III", calls, mean, ratio)
