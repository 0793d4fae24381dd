"""Benchmarks: a measurement beside its baseline, both from the same run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

RUNS_MIN = 3


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure and what it is held against; both in the same unit. ``more`` is told beside it."""

    bench: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    more: Mapping[str, int | float | str] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """Return the JSON line of this measurement."""
        return {
            "bench": self.bench,
            "value": round(self.value, 3),
            "unit": self.unit,
            "baseline": self.baseline,
            "baseline_value": round(self.baseline_value, 3),
            "ratio": round(self.value / self.baseline_value, 4),
            **self.more,
        }


def medians(
    *, measured: Callable[[], float], baseline: Callable[[], float], runs: int = RUNS_MIN
) -> tuple[float, float]:
    """
    Return the medians of two measurements taken in turn, so that drift of the machine hits both.

    Each callable does its work once and returns its figure.
    """
    pairs = [(measured(), baseline()) for _ in range(max(runs, RUNS_MIN))]
    return median(a for a, _ in pairs), median(b for _, b in pairs)
