"""The panel as its members, its chair and its secretary may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications import panel
from applications.models import Application
from applications.policies import affiliation
from applications.queries.access import visible_application
from applications.queries.case import conclusion_of
from applications.queries.rows import ConclusionRow
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import policy, rounds
from workflow.models import ReviewRound, ReviewSeat


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be seated; ``barred`` says why not."""

    id: str
    full_name: str
    is_chair: bool
    barred: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat; vote, total and reason are empty until the round is closed."""

    member_name: str
    is_chair: bool
    status: str  # waiting | declared | recused | voted
    recusal_reason: str
    vote_name: str
    total: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the score sheet with its highest score."""

    key: str
    title: str
    most: int


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The panel of one case."""

    application_id: UUID
    number: str
    scenario_name: str
    applicant_name: str
    state: str
    seated: bool
    open: bool
    seats: tuple[SeatRow, ...]
    voted: int
    eligible: int
    quorum: int
    quorate: bool
    conclusion: ConclusionRow | None
    candidates: tuple[Candidate, ...]
    criteria: tuple[Criterion, ...]
    own_status: str  # "" | waiting | declared | recused | voted
    own_barred: str
    may_seat: bool
    may_conclude: bool
    security_conditions: tuple[str, ...]


def panel_page(*, application_id: UUID, actor: Any, at: datetime) -> PanelPage:
    """
    Return the panel of a case; ballots stay hidden until the round is closed.

    :raises NotFound: there is no such case for this actor, or the panel is none of the actor's
        business.
    """
    case = visible_application(application_id=application_id, actor=actor)
    names = ("seat_panel", "vote_application", "decide_application")
    if not any(policy.holds(actor, f"applications.{name}", case) for name in names):
        raise NotFound
    sitting = rounds.latest(case)
    is_open = sitting is not None and sitting.concluded_at is None
    seats = _seats(sitting)
    may_seat = policy.may(actor, "applications.seat_panel", case)
    assessment = getattr(case, "assessment", None)
    return PanelPage(
        application_id=case.pk,
        number=case.number or "",
        scenario_name=case.scenario_name,
        applicant_name=case.applicant.name,
        state=case.state,
        seated=sitting is not None,
        open=is_open,
        seats=seats,
        voted=sum(s.status == "voted" for s in seats),
        eligible=sum(s.status != "recused" for s in seats),
        quorum=panel.RULES.quorum_seats_min,
        quorate=bool(sitting and rounds.tally(sitting).quorate),
        conclusion=conclusion_of(case),
        candidates=_free_candidates(case, sitting) if may_seat else (),
        criteria=tuple(
            Criterion(key, str(panel.CRITERION_NAMES[key]), most)
            for key, most in panel.CRITERIA.items()
        ),
        own_status=_own_status(sitting, actor),
        own_barred=str(policy.refusal(actor, "applications.vote_application", case) or ""),
        may_seat=may_seat,
        may_conclude=policy.may(actor, "applications.conclude_committee", case),
        security_conditions=tuple(assessment.conditions) if assessment else (),
    )


def panel_candidates(case: Application) -> tuple[Candidate, ...]:
    """Return the members of the committee by name, those too near to the case with the reason."""
    roles = (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.EXPERT)
    chairs = {p.pk for p in parties.people_at(case.committee, Role.COMMITTEE_CHAIR)}
    people = {p.pk: p for role in roles for p in parties.people_at(case.committee, role)}
    return tuple(
        Candidate(
            id=str(person.pk),
            full_name=person.full_name,
            is_chair=person.pk in chairs,
            barred=str(affiliation(person, case) or ""),
        )
        for person in sorted(people.values(), key=lambda p: (p.pk not in chairs, p.username))
    )


def _free_candidates(case: Application, sitting: ReviewRound | None) -> tuple[Candidate, ...]:
    seated = {str(seat.member_id) for seat in sitting.seats.all()} if sitting else set()
    return tuple(c for c in panel_candidates(case) if c.id not in seated)


def _status(seat: ReviewSeat) -> str:
    if seat.recused_at is not None:
        return "recused"
    if getattr(seat, "ballot", None) is not None:
        return "voted"
    return "waiting" if seat.declared_at is None else "declared"


def _seats(sitting: ReviewRound | None) -> tuple[SeatRow, ...]:
    if sitting is None:
        return ()
    rows = []
    for seat in sitting.seats.all():
        ballot = getattr(seat, "ballot", None)
        shown = ballot if sitting.concluded_at is not None else None
        rows.append(
            SeatRow(
                member_name=seat.member.full_name,
                is_chair=seat.role == ReviewSeat.Role.CHAIR,
                status=_status(seat),
                recusal_reason=seat.recusal_reason,
                vote_name=vote_name(shown.vote) if shown else "",
                total=shown.total if shown else None,
                reason=shown.reason if shown else "",
            )
        )
    return tuple(rows)


def vote_name(vote: str) -> str:
    """Return a vote in words."""
    return str(panel.VOTE_NAMES[vote])


def _own_status(sitting: ReviewRound | None, actor: Any) -> str:
    if sitting is None:
        return ""
    for seat in sitting.seats.all():
        if seat.member_id == actor.pk:
            return _status(seat)
    return ""
