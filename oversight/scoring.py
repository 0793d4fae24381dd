"""
From points to a result. Pure.

Source: domain §3.10 (compliance 40, security 25, utilization 20, benefit 10, reporting 5; from 80
passed, 60-79 rectification, below 60 failed; V2 and V3 veto); docs/sources.md#b19.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from oversight.errors import PointsInvalid

WEIGHTS = {"compliance": 40, "security": 25, "utilization": 20, "benefit": 10, "reporting": 5}
PASS_SCORE, FAIL_SCORE = 80, 60
PASS, RECTIFY, FAIL = "PASS", "RECTIFY", "FAIL"
VETO_CODES = frozenset({"V2", "V3"})


@dataclass(frozen=True, slots=True)
class Scale:
    """The weights of the indicators and the two borders, as the agreement states them."""

    weights: Mapping[str, int]
    pass_score: int = PASS_SCORE
    fail_score: int = FAIL_SCORE

    @classmethod
    def of_terms(cls, terms: Mapping[str, Any]) -> Scale:
        """Return the scale an evaluation term states; what it leaves unsaid is the default."""
        stated = dict(terms.get("weights") or WEIGHTS)
        # JSON keeps no order: the known indicators come in theirs.
        order = [name for name in WEIGHTS if name in stated]
        order += sorted(set(stated) - set(WEIGHTS))
        return cls(
            weights={name: int(stated[name]) for name in order},
            pass_score=int(terms.get("pass_score") or PASS_SCORE),
            fail_score=int(terms.get("fail_score") or FAIL_SCORE),
        )


@dataclass(frozen=True, slots=True)
class Judgment:
    """The total of whole points, the result, and the violation that vetoed it."""

    total: int
    result: str
    veto: str


def judge(
    *, points: Mapping[str, Any], scale: Scale, veto: str = "", second_round: bool = False
) -> Judgment:
    """
    Return the result of points given for every indicator.

    A veto fails whatever the points; a second round passes or fails, there is no third.

    :raises PointsInvalid: an indicator is missing or unknown, or its points do not fit.
    """
    wrong: dict[str, Any] = {
        name: _("There is no such indicator.") for name in points if name not in scale.weights
    }
    for name, limit in scale.weights.items():
        given = points.get(name)
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= limit:
            wrong[name] = _("Give whole points from 0 to the limit of the indicator.")
    if veto and veto not in VETO_CODES:
        wrong["veto"] = _("Only V2 and V3 veto an evaluation.")
    if wrong:
        raise PointsInvalid(fields=wrong)
    total = sum(points[name] for name in scale.weights)
    if veto or total < scale.fail_score:
        return Judgment(total, FAIL, veto)
    if total >= scale.pass_score:
        return Judgment(total, PASS, "")
    return Judgment(total, FAIL if second_round else RECTIFY, "")
