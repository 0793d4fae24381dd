"""
Review rounds: a panel looks at one subject, each member declares interests, scores and votes once.

The rules (seats, presence, majority, mean score) are stored with the round when it opens, so that a
later change of the rules does not change a sitting under way. Source: domain §3.10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from workflow import audit
from workflow.models import Ballot, ReviewRound, ReviewSeat


class PanelError(DomainError):
    """The panel cannot do this: not seated, recused, voted already, or the round is closed."""

    code = "panel_error"
    status = 409
    default_message = _("The panel cannot do this now.")


@dataclass(frozen=True, slots=True)
class PanelRules:
    """
    What makes a conclusion valid; ratios are exact fractions as text, e.g. "2/3".

    ``criteria`` maps each scored criterion to its highest score; together 100.
    """

    quorum_seats_min: int = 5
    presence_ratio: str = "2/3"
    pass_ratio: str = "2/3"  # noqa: S105 - a majority
    mean_score_min: int = 75
    criteria: Mapping[str, int] = ()  # type: ignore[assignment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", dict(self.criteria))
        if sum(self.criteria.values()) != 100:
            raise ValueError("criteria must add up to 100")


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of a round; the mean is in hundredths of a point so that it stays exact."""

    seats: int
    recused: int
    present: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    mean_hundredths: int
    quorate: bool
    passed: bool


def open_round(
    subject: models.Model,
    *,
    members: Sequence[Any],
    chair: Any,
    rules: PanelRules,
    actor: Any,
    at: datetime,
) -> ReviewRound:
    """
    Seat a panel on a subject; the chair is one of the members.

    :raises PanelError: too few members for a quorum, a member twice, or a round is open already.
    """
    people = list(members)
    if len(people) < rules.quorum_seats_min or len({m.pk for m in people}) != len(people):
        raise PanelError(
            _("At least %(least)s different members are needed."), least=rules.quorum_seats_min
        )
    if chair.pk not in {m.pk for m in people}:
        raise PanelError(_("The chair must be one of the members."))
    subject_type, subject_id = audit.subject_key(subject)
    earlier = ReviewRound.objects.filter(subject_type=subject_type, subject_id=subject_id)
    if earlier.filter(concluded_at=None).exists():
        raise PanelError(_("A panel is sitting on this already."))
    opened = ReviewRound.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        number=earlier.count() + 1,
        rules=asdict(rules),
        opened_at=at,
    )
    roles = ReviewSeat.Role
    ReviewSeat.objects.bulk_create(
        ReviewSeat(round=opened, member=m, role=roles.CHAIR if m.pk == chair.pk else roles.MEMBER)
        for m in people
    )
    audit.record(subject, "open_round", actor=actor, at=at, facts={"round": opened.number})
    return opened


def declare_interest(
    subject: models.Model, *, member: Any, conflict: str, at: datetime
) -> ReviewSeat:
    """
    Declare that no interest stands in the way (empty ``conflict``), or recuse oneself.

    :raises PanelError: no seat on the open round, declared before, or voted already.
    """
    seat = _seat(subject, member)
    if seat.declared_at is not None or seat.recused_at is not None:
        raise PanelError(_("You have declared already."))
    if conflict:
        seat.recused_at, seat.recusal_reason = at, conflict
    seat.declared_at = at
    seat.save()
    audit.record(
        subject,
        "recuse" if conflict else "declare_no_interest",
        actor=member,
        at=at,
        facts={"reason": conflict} if conflict else {},
    )
    return seat


def cast(
    subject: models.Model,
    *,
    member: Any,
    vote: str,
    scores: Mapping[str, int],
    reason: str,
    at: datetime,
) -> Ballot:
    """
    Cast one ballot with its scores and a written reason.

    ``scores`` are whole points per criterion of the round's rules.

    :raises PanelError: no seat, not declared, recused, voted already, scores or reason missing.
    """
    seat = _seat(subject, member)
    if seat.recused_at is not None:
        raise PanelError(_("You are recused from this case."))
    if seat.declared_at is None:
        raise PanelError(_("Declare your interests first."))
    if Ballot.objects.filter(seat=seat).exists():
        raise PanelError(_("You have voted already."))
    criteria: dict[str, int] = seat.round.rules["criteria"]
    if set(scores) != set(criteria) or any(
        not 0 <= scores[name] <= most for name, most in criteria.items()
    ):
        raise PanelError(_("Score every criterion within its limits."))
    if vote not in Ballot.Vote.values or not reason.strip():
        raise PanelError(_("A vote needs a written reason."))
    ballot = Ballot.objects.create(
        seat=seat,
        vote=vote,
        scores=dict(scores),
        total=sum(scores.values()),
        reason=reason.strip(),
        cast_at=at,
    )
    # The record shows that somebody voted; what they voted stays hidden until the round closes.
    audit.record(subject, "cast_ballot", actor=member, at=at, facts={"round": seat.round.number})
    return ballot


def tally(opened: ReviewRound) -> Tally:
    """Count a round by its own rules; a recused seat is neither present nor in the way."""
    seats = list(opened.seats.select_related("ballot"))
    ballots = [s.ballot for s in seats if hasattr(s, "ballot")]
    eligible = [s for s in seats if s.recused_at is None]
    count = {v: sum(b.vote == v for b in ballots) for v in Ballot.Vote.values}
    mean = Fraction(sum(b.total for b in ballots), len(ballots)) if ballots else Fraction(0)
    quorate = len(ballots) >= opened.rules["quorum_seats_min"] and Fraction(
        len(ballots), max(len(eligible), 1)
    ) >= Fraction(opened.rules["presence_ratio"])
    passed = (
        quorate
        and Fraction(count["FOR"], len(ballots)) >= Fraction(opened.rules["pass_ratio"])
        and mean >= opened.rules["mean_score_min"]
    )
    return Tally(
        seats=len(seats),
        recused=len(seats) - len(eligible),
        present=len(ballots),
        votes_for=count["FOR"],
        votes_against=count["AGAINST"],
        votes_abstain=count["ABSTAIN"],
        mean_hundredths=int(mean * 100),
        quorate=quorate,
        passed=passed,
    )


def conclude(subject: models.Model, *, actor: Any, at: datetime) -> Tally:
    """
    Close the open round and freeze its count.

    :raises PanelError: no round is open, or the quorum is not reached.
    """
    opened = current(subject, lock=True)
    if opened is None:
        raise PanelError(_("No panel is sitting on this."))
    count = tally(opened)
    if not count.quorate:
        raise PanelError(
            _("The quorum is not reached: %(present)s of %(seats)s have voted."),
            present=count.present,
            seats=count.seats,
        )
    opened.concluded_at, opened.conclusion = at, asdict(count)
    opened.save()
    audit.record(subject, "conclude_round", actor=actor, at=at, facts=asdict(count))
    return count


def current(subject: models.Model, *, lock: bool = False) -> ReviewRound | None:
    """Return the open round of a subject, locked on demand, or None."""
    subject_type, subject_id = audit.subject_key(subject)
    rows = ReviewRound.objects.filter(
        subject_type=subject_type, subject_id=subject_id, concluded_at=None
    )
    return (rows.select_for_update() if lock else rows).first()


def latest(subject: models.Model) -> ReviewRound | None:
    """Return the last round of a subject with its seats and ballots, open or closed."""
    subject_type, subject_id = audit.subject_key(subject)
    return (
        ReviewRound.objects.filter(subject_type=subject_type, subject_id=subject_id)
        .prefetch_related("seats__member", "seats__ballot")
        .order_by("-number")
        .first()
    )


def _seat(subject: models.Model, member: Any) -> ReviewSeat:
    opened = current(subject, lock=True)
    seat = (
        opened.seats.select_for_update(of=("self",)).filter(member=member).first()
        if opened
        else None
    )
    if seat is None:
        raise PanelError(_("You have no seat on this panel."))
    return seat
