"""
The count of a panel: who is there, what carries, and why not. Pure, exact, blind to the order.

Ratios are fractions of whole numbers, never floats: two thirds of six is four, and a mean of 75.00
is 75. Source: domain §3.10.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any

POINTS_TOTAL = 100
VOTES = ("FOR", "AGAINST", "ABSTAIN")
TIE_RULES = ("REJECT", "CHAIR_DECIDES", "REVOTE")
ROLES = ("CHAIR", "VICE", "MEMBER", "EXPERT")


@dataclass(frozen=True, slots=True)
class PanelRules:
    """
    What makes a conclusion valid; ratios and the mean are exact numbers as text, e.g. "2/3", "75".

    ``criteria`` maps each scored criterion to its highest score; together 100. Below the points of
    ``reason_below`` a score needs a written reason. ``weights`` are whole votes per role of a seat;
    a role of weight 0 advises, and stands in no count. A tie goes by ``tie_rule`` whatever the
    majority asked for. With ``veto_criterion`` a mean below ``veto_below`` points there rejects.
    ``kind``, ``version`` and ``legal_basis`` say which row this was read from.
    """

    quorum_seats_min: int = 5
    presence_ratio: str = "2/3"
    pass_ratio: str = "2/3"  # noqa: S105 - a majority
    mean_score_min: str = "75"
    criteria: Mapping[str, int] = field(default_factory=dict)
    reason_below: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 1))
    tie_rule: str = "REJECT"
    abstentions_count: bool = True
    veto_criterion: str = ""
    veto_below: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    version: int = 0
    legal_basis: str = ""

    def __post_init__(self) -> None:
        """Refuse rules under which no panel could conclude."""
        if sum(self.criteria.values()) != POINTS_TOTAL:
            raise ValueError("criteria must add up to 100")
        if any(not 0 < ratio <= 1 for ratio in map(Fraction, self._ratios())):
            raise ValueError("a ratio lies above 0 and up to 1")
        if not 0 <= Fraction(self.mean_score_min) <= POINTS_TOTAL:
            raise ValueError("the mean lies between 0 and 100")
        if self.quorum_seats_min < 1 or self.tie_rule not in TIE_RULES:
            raise ValueError("a quorum and a rule for ties are needed")
        if set(self.weights) != set(ROLES) or any(w < 0 for w in self.weights.values()):
            raise ValueError("every role has a weight of 0 or more")
        for name, below in {**self.reason_below, self.veto_criterion: self.veto_below}.items():
            if name and not 0 <= below <= self.criteria.get(name, -1):
                raise ValueError(f"{name} is not a criterion with so many points")

    def _ratios(self) -> tuple[str, str]:
        return self.presence_ratio, self.pass_ratio

    def as_json(self) -> dict[str, Any]:
        """Return the rules as a round keeps them."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PanelRules:
        """Return rules that a round kept; what it did not know yet is the default."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, slots=True)
class Voice:
    """What one seat has cast: a vote per item, whole points per criterion."""

    role: str
    vote: str
    votes: Mapping[str, str]
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The count of a round; the mean is in hundredths of a point, rounded down, for people to read.

    Votes are weighted, seats are heads. ``items`` is code → for, against, abstain, passed, tie.
    ``failures`` says why the whole did not pass: quorum, majority, tie, mean, veto.
    """

    seats: int
    recused: int
    present: int
    needed: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    mean_hundredths: int
    quorate: bool
    passed: bool
    outcome: str = "REJECTED"  # PASSED | REJECTED | REVOTE
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    failures: tuple[str, ...] = ()


def needed(rules: PanelRules, *, eligible: int) -> int:
    """Return how many must be there: the quorum, and the ratio of those who are not recused."""
    share = Fraction(rules.presence_ratio) * eligible
    return max(rules.quorum_seats_min, -(-share.numerator // share.denominator))


def count(
    rules: PanelRules,
    voices: Sequence[Voice],
    *,
    seats: int,
    recused: int,
    items: Sequence[str] = (),
) -> Tally:
    """
    Count a round by its rules.

    ``seats`` and ``recused`` are heads of seats that vote; a recused one is neither present nor in
    the way. With ``items`` the whole passes when one of them does.
    """
    voting = [v for v in voices if rules.weights[v.role]]
    least = needed(rules, eligible=seats - recused)
    quorate = len(voting) >= least
    barred = _bars(rules, voting)
    whole = _majority(rules, [(v.role, v.vote) for v in voting])
    by_item = {
        code: _majority(rules, [(v.role, v.votes.get(code, v.vote)) for v in voting])
        for code in items
    }
    parts = list(by_item.values()) or [whole]
    open_ = quorate and not barred
    revote = open_ and any(p.undecided for p in parts)
    passed = open_ and not revote and any(p.carried for p in parts)
    failures = list(barred) if quorate else ["quorum"]
    if open_ and not passed:
        failures += ["tie" if any(p.tie for p in parts) else "majority"]
    return Tally(
        seats=seats,
        recused=recused,
        present=len(voting),
        needed=least,
        votes_for=whole.votes["FOR"],
        votes_against=whole.votes["AGAINST"],
        votes_abstain=whole.votes["ABSTAIN"],
        mean_hundredths=int(_mean(rules, voting) * 100),
        quorate=quorate,
        passed=passed,
        outcome="REVOTE" if revote else "PASSED" if passed else "REJECTED",
        items={
            code: {
                "for": p.votes["FOR"],
                "against": p.votes["AGAINST"],
                "abstain": p.votes["ABSTAIN"],
                "passed": open_ and not revote and p.carried,
                "tie": p.tie,
            }
            for code, p in by_item.items()
        },
        failures=tuple(failures),
    )


@dataclass(frozen=True, slots=True)
class _Majority:
    votes: Mapping[str, int]
    tie: bool
    carried: bool
    undecided: bool


def _majority(rules: PanelRules, cast: Sequence[tuple[str, str]]) -> _Majority:
    votes: Counter[str] = Counter()
    for role, vote in cast:
        votes[vote] += rules.weights[role]
    base = votes["FOR"] + votes["AGAINST"]
    tie = base > 0 and votes["FOR"] == votes["AGAINST"]
    if tie:
        chair = next((vote for role, vote in cast if role == "CHAIR"), "")
        carried = rules.tie_rule == "CHAIR_DECIDES" and chair == "FOR"
        return _Majority(votes, tie, carried, rules.tie_rule == "REVOTE")
    if rules.abstentions_count:
        base += votes["ABSTAIN"]
    carried = base > 0 and Fraction(votes["FOR"], base) >= Fraction(rules.pass_ratio)
    return _Majority(votes, tie, carried, False)


def _bars(rules: PanelRules, voices: Sequence[Voice]) -> list[str]:
    """Return what stands in the way of every item: the mean of the sheet, a vetoed criterion."""
    bars = []
    if _mean(rules, voices) < Fraction(rules.mean_score_min):
        bars.append("mean")
    if rules.veto_criterion and _mean(rules, voices, rules.veto_criterion) < rules.veto_below:
        bars.append("veto")
    return bars


def _mean(rules: PanelRules, voices: Sequence[Voice], criterion: str = "") -> Fraction:
    weight = sum(rules.weights[v.role] for v in voices)
    points = sum(
        rules.weights[v.role] * (v.scores[criterion] if criterion else sum(v.scores.values()))
        for v in voices
    )
    return Fraction(points, weight) if weight else Fraction(0)
