"""The panel as its members, its chair and its secretary may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from applications import panel
from applications.models import Application, Minutes
from applications.queries.case import conclusion_row
from applications.queries.roster import in_office, rule_in_force, rules_of
from applications.queries.rows import ConclusionRow
from applications.states import ApplicationState
from core import clock
from core.errors import NotFound
from workflow import ballots, glance, policy, rounds, tallying, transitions
from workflow.models import ReviewRound, ReviewSeat
from workflow.tallying import PanelRules

DRAFT_LOG_ROWS = 20
_FIRST = _("This person sat on the first panel of this case.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person in office who may be seated; ``barred`` says why not."""

    id: str
    full_name: str
    role_name: str
    is_chair: bool
    barred: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat; what was cast is empty until the round is closed."""

    member_id: str
    member_name: str
    role_name: str
    is_chair: bool
    status: str  # waiting | declared | recused | voted | left
    recusal_reason: str
    vote_name: str
    total: int | None
    reason: str
    dissent: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the score sheet: its highest score, and below what it needs a reason."""

    key: str
    title: str
    most: int
    reason_below: int


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """One dataset that is voted on."""

    code: str
    title: str
    provider_name: str


@dataclass(frozen=True, slots=True)
class SheetVersion:
    """One kept version of the reader's own unfinished sheet."""

    version: int
    saved_at: datetime
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature under the minutes."""

    capacity: str
    capacity_name: str
    name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """The minutes of the panel: the hash to sign, who has signed."""

    id: int
    number: str
    content_hash: str
    signatures: tuple[SignatureRow, ...]
    concluded: bool


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The panel of one case; numbers of heads count seats that vote."""

    application_id: UUID
    number: str
    scenario_name: str
    applicant_name: str
    state: str
    purpose: str
    seated: bool
    open: bool
    sitting: int
    adjourned: str
    revote: bool
    seats: tuple[SeatRow, ...]
    voted: int
    eligible: int
    needed: int
    quorate: bool
    rules: PanelRules
    conclusion: ConclusionRow | None
    minutes: MinutesRow | None
    candidates: tuple[Candidate, ...]
    criteria: tuple[Criterion, ...]
    datasets: tuple[DatasetRow, ...]
    own_status: str  # "" | waiting | declared | recused | voted | left
    own_barred: str
    own_drafts: tuple[SheetVersion, ...]
    may_seat: bool
    presides: bool
    may_sign: bool
    security_conditions: tuple[str, ...]


def panel_page(*, application_id: UUID, actor: Any, at: datetime) -> PanelPage:
    """
    Return the panel of a case; ballots and counts stay hidden until the round is closed.

    :raises NotFound: there is no such case for this actor, or the panel is none of the actor's
        business.
    """
    case = case_of_panel(application_id=application_id, actor=actor)
    sitting = rounds.latest(case, purpose=_purpose(case))
    rules = PanelRules.from_json(sitting.rules) if sitting else _rules(case, at)
    is_open = sitting is not None and sitting.concluded_at is None
    heads = _heads(sitting, rules)
    found = (sitting.conclusion if sitting else None) or {}
    may_seat = policy.may(actor, "applications.seat_panel", case)
    own = _own_seat(sitting, actor)
    return PanelPage(
        application_id=case.pk,
        number=case.number or "",
        scenario_name=case.scenario_name,
        applicant_name=case.applicant.name,
        state=case.state,
        purpose=_purpose(case),
        seated=sitting is not None,
        open=is_open,
        sitting=sitting.number if sitting else 0,
        adjourned=_before(case, sitting, "ADJOURNED"),
        revote=bool(_before(case, sitting, "REVOTE")),
        seats=_seats(sitting),
        voted=heads[0],
        eligible=heads[1],
        needed=tallying.needed(rules, eligible=heads[1]),
        quorate=heads[0] >= tallying.needed(rules, eligible=heads[1]),
        rules=rules,
        conclusion=conclusion_row(found) if "passed" in found else None,
        minutes=_minutes(case, sitting),
        candidates=_free_candidates(case, sitting, at=at) if may_seat else (),
        criteria=tuple(
            Criterion(key, _title(key, rules), most, rules.reason_below.get(key, 0))
            for key, most in rules.criteria.items()
        ),
        datasets=_datasets(case),
        own_status=_status(own) if own else _standing_status(sitting, actor),
        own_barred=str(policy.refusal(actor, "applications.vote_application", case) or ""),
        own_drafts=tuple(
            SheetVersion(d.version, d.saved_at, d.content)
            for d in ballots.drafts_of(case, member=actor)[:DRAFT_LOG_ROWS]
        ),
        may_seat=may_seat,
        presides=bool(own and own.role == "CHAIR" and own.recused_at is None)
        and policy.may(actor, "applications.conclude_committee", case),
        may_sign=any(
            "sign_" in o.name and not o.barred for o in transitions.offers(case, actor=actor)
        ),
        security_conditions=tuple(case.assessment.conditions) if case.assessment else (),
    )


def case_of_panel(*, application_id: UUID, actor: Any) -> Application:
    """
    Return a case for somebody who seats its panel, sits on it, or decides on it.

    :raises NotFound: there is none, or it is none of the actor's business.
    """
    case = (
        Application.objects.select_related("applicant", "committee")
        .filter(id=application_id)
        .first()
    )
    names = ("seat_panel", "vote_application", "decide_application")
    if case is None or not any(policy.holds(actor, f"applications.{n}", case) for n in names):
        raise NotFound
    return case


def minutes_draft(*, minutes_id: int, actor: Any) -> tuple[str, bytes]:
    """
    Return number and file of drafted minutes, for the panel and its secretary.

    :raises NotFound: there are none for this actor.
    """
    found = Minutes.objects.filter(id=minutes_id).first()
    if found is None:
        raise NotFound
    case_of_panel(application_id=found.application_id, actor=actor)
    return found.number, bytes(found.draft)


def panel_candidates(case: Application, *, at: datetime) -> tuple[Candidate, ...]:
    """Return who is in office today by rank, those too near to the case with the reason."""
    terms = (
        in_office(on=clock.local_date(at))
        .filter(roster__committee=case.committee_id, member__is_active=True)
        .select_related("member")
        .order_by("member__username")[: settings.PAGE_ROWS_MAX]
    )
    first: frozenset[Any] = frozenset()
    if _purpose(case) == panel.OBJECTION:
        first = rounds.sat_before(case, purpose=panel.REVIEW)
    ranks = tallying.ROLES
    # The barriers look at the same rows of the case for each of them.
    prefetch_related_objects([case], "items__dataset", "holdings", "branches", "decisions")
    with glance.glancing():
        return tuple(
            Candidate(
                id=str(term.member_id),
                full_name=term.member.full_name,
                role_name=str(term.get_role_display()),
                is_chair=term.role in ("CHAIR", "VICE"),
                barred=str(
                    policy.refusal(term.member, "applications.vote_application", case)
                    or (_FIRST if term.member_id in first else "")
                ),
            )
            for term in sorted(terms, key=lambda t: (ranks.index(t.role), t.member.username))
        )


def vote_name(vote: str) -> str:
    """Return a vote in words."""
    return str(panel.VOTE_NAMES[vote])


def _purpose(case: Application) -> str:
    if case.state == ApplicationState.OBJECTION:
        return panel.OBJECTION
    # Once answered, the panel to read about is the last one there was.
    last = rounds.latest(case) if hasattr(case, "objection") else None
    return last.purpose if last else panel.REVIEW


def _rules(case: Application, at: datetime) -> PanelRules:
    return rules_of(rule_in_force(kind=_purpose(case), on=clock.local_date(at)))


def _title(key: str, rules: PanelRules) -> str:
    known = panel.CRITERION_NAMES.get(key)
    return str(known) if known else rules.titles.get(key, key)


def _heads(sitting: ReviewRound | None, rules: PanelRules) -> tuple[int, int]:
    """Return how many have voted and how many could, as the count will take them."""
    if sitting is None:
        return 0, 0
    there = [s for s in sitting.seats.all() if s.left_at is None and rules.weights[s.role]]
    eligible = sum(s.recused_at is None for s in there)
    if sitting.concluded_at is None:
        eligible += sum(1 for _person in rounds.standing_members(sitting))
    return sum(hasattr(s, "ballot") for s in there), eligible


def _before(case: Application, sitting: ReviewRound | None, outcome: str) -> str:
    """Return why the sitting before this one ended without minutes, if it ended that way."""
    if sitting is None or sitting.number == 1:
        return ""
    earlier = rounds.of_subject(case, purpose=sitting.purpose).filter(number=sitting.number - 1)
    found = (row.conclusion or {} for row in earlier)
    return next((c.get("reason") or outcome for c in found if c.get("outcome") == outcome), "")


def _minutes(case: Application, sitting: ReviewRound | None) -> MinutesRow | None:
    found = Minutes.objects.filter(round=sitting).first() if sitting else None
    if found is None:
        return None
    return MinutesRow(
        id=found.pk,
        number=found.number,
        content_hash=found.content_hash,
        signatures=tuple(
            SignatureRow(
                s.capacity, str(s.get_capacity_display()), s.signer.full_name, s.signed_at
            )
            for s in found.signatures.select_related("signer")
        ),
        concluded=found.concluded_at is not None,
    )


def _datasets(case: Application) -> tuple[DatasetRow, ...]:
    items = case.items.select_related("dataset__provider").order_by("dataset__code")
    return tuple(
        DatasetRow(i.dataset.code, i.dataset.title, i.dataset.provider.name) for i in items
    )


def _free_candidates(
    case: Application, sitting: ReviewRound | None, *, at: datetime
) -> tuple[Candidate, ...]:
    seated = {str(seat.member_id) for seat in sitting.seats.all()} if sitting else set()
    return tuple(c for c in panel_candidates(case, at=at) if c.id not in seated)


def _status(seat: ReviewSeat) -> str:
    if seat.left_at is not None:
        return "left"
    if seat.recused_at is not None:
        return "recused"
    if getattr(seat, "ballot", None) is not None:
        return "voted"
    return "waiting" if seat.declared_at is None else "declared"


def _seats(sitting: ReviewRound | None) -> tuple[SeatRow, ...]:
    if sitting is None:
        return ()
    # An adjourned sitting has no count: what was voted in it stays sealed.
    shows = "passed" in (sitting.conclusion or {})
    rows = []
    for seat in sitting.seats.all():
        shown = getattr(seat, "ballot", None) if shows else None
        rows.append(
            SeatRow(
                member_id=str(seat.member_id),
                member_name=seat.member.full_name,
                role_name=str(panel.SEAT_NAMES[seat.role]),
                is_chair=seat.role == ReviewSeat.Role.CHAIR,
                status=_status(seat),
                recusal_reason=seat.recusal_reason,
                vote_name=vote_name(shown.vote) if shown else "",
                total=shown.total if shown else None,
                reason=shown.reason if shown else "",
                dissent=shown.dissent if shown else "",
            )
        )
    return tuple(rows)


def _own_seat(sitting: ReviewRound | None, actor: Any) -> ReviewSeat | None:
    if sitting is None:
        return None
    return next((s for s in sitting.seats.all() if s.member_id == actor.pk), None)


def _standing_status(sitting: ReviewRound | None, actor: Any) -> str:
    if sitting is None or sitting.standing_id is None or sitting.concluded_at is not None:
        return ""
    return "waiting" if actor.groups.filter(pk=sitting.standing_id).exists() else ""
