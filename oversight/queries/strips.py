"""Where a subject stands on its way, as the strip 您在这里 shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``status`` is past, current or future."""

    label: str | Promise
    status: str
    when: str = ""
    office: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the strip and the states that belong to it."""

    label: str | Promise
    states: tuple[str, ...]
    office: str | Promise = ""


def strip(stages: Sequence[Stage], *, state: str, ended: Sequence[str] = ()) -> tuple[Step, ...]:
    """Return the strip of a state; in an end state every step is past but the last."""
    here = next((n for n, stage in enumerate(stages) if state in stage.states), len(stages) - 1)
    found = []
    for n, stage in enumerate(stages):
        status = "past" if n < here else "current" if n == here else "future"
        if n == here and state in ended:
            status = "past"
        found.append(Step(label=stage.label, status=status, office=stage.office))
    return tuple(found)


TONES: dict[str, str] = {
    "PASSED": "green",
    "FAILED": "red",
    "RECTIFICATION": "yellow",
    "SELF_REPORT_DUE": "yellow",
    "OPEN": "red",
    "ACKNOWLEDGED": "yellow",
    "CLOSED": "secondary",
    "REPORTED": "yellow",
    "DECIDED": "red",
    "ENFORCED": "red",
    "PUBLISHED": "red",
    "DISMISSED": "secondary",
    "REPAIRED": "green",
    "REJECTED": "red",
    "VERIFIED": "green",
    "DESTRUCTION_DUE": "yellow",
    "ARCHIVED": "secondary",
    "WITHDRAWN": "secondary",
    "EXPIRED": "secondary",
}
GRADE_TONES = {"I": "red", "II": "red", "III": "yellow", "IV": "blue"}


def tone(state: Any) -> str:
    """Return the tone of a state's badge; the word beside it says the same."""
    return TONES.get(str(state), "blue")
