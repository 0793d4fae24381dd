"""Who is in office on a day, and by which rules a panel counts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from applications.models import CommitteeTerm, PanelRule, Roster
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import policy, transitions
from workflow.models import ReviewRound, ReviewSeat
from workflow.tallying import PanelRules

RULE_READERS = (
    Role.COMMITTEE_SECRETARY,
    Role.COMMITTEE_CHAIR,
    Role.COMMITTEE_MEMBER,
    Role.EXPERT,
    Role.AUTHORITY_DECIDER,
)


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of office as a page shows it; ``in_office`` as of today."""

    id: int
    member_id: str
    member_name: str
    role: str
    role_name: str
    from_on: date
    until_on: date | None
    basis: str
    appointed_by: str
    ended_reason: str
    in_office: bool


@dataclass(frozen=True, slots=True)
class RosterPage:
    """One roster with its terms, those in office first."""

    id: UUID
    name: str
    state: str
    state_name: str
    terms: tuple[TermRow, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One version of the rules of a panel."""

    id: UUID
    kind: str
    kind_name: str
    version: int
    state: str
    state_name: str
    rules: PanelRules
    tie_name: str
    panel_needed: bool
    effective_on: date
    proposed_by: str
    settled_by: str
    offers: tuple[transitions.Offer, ...]


@dataclass(frozen=True, slots=True)
class Dissolution:
    """What would end with a roster: terms, open seats, ballots that lapse, panels they leave."""

    name: str
    terms: int
    seats: int
    panels: int
    ballots: int


def in_office(*, on: date) -> QuerySet[CommitteeTerm]:
    """Return the terms that run on a day, of rosters not dissolved."""
    return CommitteeTerm.objects.filter(
        Q(until_on=None) | Q(until_on__gte=on),
        roster__state=Roster.State.IN_OFFICE,
        from_on__lte=on,
        ended_at=None,
    )


def term_of(person: Any, *, committee_id: Any, on: date) -> CommitteeTerm | None:
    """Return the term of a person on a committee on a day, or None."""
    rows = in_office(on=on).filter(roster__committee=committee_id, member=person)
    return rows.order_by("id").first()


def rule_in_force(*, kind: str, on: date) -> PanelRule:
    """
    Return the version of the rules of a kind of panel that holds on a day.

    :raises NotFound: none is in force; the baseline is not installed.
    """
    rows = PanelRule.objects.filter(
        kind=kind, state=PanelRule.State.IN_FORCE, effective_on__lte=on
    )
    found = rows.order_by("-version").first()
    if found is None:
        raise NotFound
    return found


def rules_of(rule: PanelRule) -> PanelRules:
    """Return a version as a round keeps it."""
    return PanelRules(
        quorum_seats_min=rule.quorum_seats_min,
        presence_ratio=rule.presence_ratio,
        pass_ratio=rule.pass_ratio,
        mean_score_min=str(rule.mean_score_min),
        criteria={c["key"]: c["most"] for c in rule.criteria},
        reason_below={c["key"]: c["reason_below"] for c in rule.criteria},
        weights=rule.weights,
        tie_rule=rule.tie_rule,
        abstentions_count=rule.abstentions_count,
        veto_criterion=rule.veto_criterion,
        veto_below=rule.veto_below,
        titles={c["key"]: c["title"] for c in rule.criteria},
        kind=rule.kind,
        version=rule.version,
        legal_basis=rule.legal_basis,
    )


def rosters(*, actor: Any, at: datetime) -> tuple[RosterPage, ...]:
    """Return the rosters an actor may see with their terms, the newest roster first."""
    on = clock.local_date(at)
    found = (
        policy.visible(actor, "applications.see_roster", Roster)
        .prefetch_related("terms__member", "terms__appointed_by")
        .order_by("-opened_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(
        RosterPage(
            id=roster.pk,
            name=roster.name,
            state=roster.state,
            state_name=str(roster.get_state_display()),  # type: ignore[attr-defined]
            terms=tuple(
                sorted(
                    (_term_row(term, on=on) for term in roster.terms.all()),
                    key=lambda t: (not t.in_office, CommitteeTerm.Role.values.index(t.role), t.id),
                )
            ),
            may_edit=roster.state == Roster.State.IN_OFFICE
            and policy.may(actor, "applications.edit_roster", roster),
        )
        for roster in found
    )


def dissolution(*, roster_id: UUID, actor: Any, at: datetime) -> Dissolution:
    """
    Return what would end with a roster, for whoever may dissolve it.

    :raises NotFound: there is no such roster in office, or it is none of the actor's business.
    """
    rows = policy.visible(actor, "applications.edit_roster", Roster)
    roster = rows.filter(id=roster_id, state=Roster.State.IN_OFFICE).first()
    if roster is None:
        raise NotFound
    terms = roster.terms.filter(ended_at=None)
    people = terms.values("member")
    # As ``rounds.vacate`` has it: seats by this roster, and seats given by name.
    seats = ReviewSeat.objects.filter(
        Q(round__standing=roster.group) | Q(round__standing=None),
        member__in=people,
        round__concluded_at=None,
        left_at=None,
    )
    standing = ReviewRound.objects.filter(standing=roster.group, concluded_at=None)
    panels = ReviewRound.objects.filter(
        Q(pk__in=seats.values("round")) | Q(pk__in=standing.values("pk"))
    )
    return Dissolution(
        name=roster.name,
        terms=terms.count(),
        seats=seats.count(),
        panels=panels.count(),
        ballots=seats.filter(ballot__isnull=False).count(),
    )


def panel_rules(*, actor: Any) -> tuple[RuleRow, ...]:
    """
    Return every version of the rules, newest first, for whoever keeps, approves or sits by them.

    :raises NotFound: the actor has no such desk.
    """
    if not any(parties.has_role(actor, role) for role in RULE_READERS):
        raise NotFound
    shown = PanelRule.objects.all()
    rows = shown.select_related("proposed_by", "settled_by").order_by("kind", "-version")
    return tuple(
        RuleRow(
            id=row.pk,
            kind=row.kind,
            kind_name=str(row.get_kind_display()),
            version=row.version,
            state=row.state,
            state_name=str(row.get_state_display()),  # type: ignore[attr-defined]
            rules=rules_of(row),
            tie_name=str(row.get_tie_rule_display()),
            panel_needed=row.panel_needed,
            effective_on=row.effective_on,
            proposed_by=row.proposed_by.full_name if row.proposed_by else "",
            settled_by=row.settled_by.full_name if row.settled_by else "",
            offers=transitions.offers(row, actor=actor),
        )
        for row in rows[: settings.PAGE_ROWS_MAX]
    )


def _term_row(term: CommitteeTerm, *, on: date) -> TermRow:
    runs = term.from_on <= on and (term.until_on is None or term.until_on >= on)
    return TermRow(
        id=term.pk,
        member_id=str(term.member_id),
        member_name=term.member.full_name,
        role=term.role,
        role_name=str(term.get_role_display()),
        from_on=term.from_on,
        until_on=term.until_on,
        basis=term.basis,
        appointed_by=term.appointed_by.full_name,
        ended_reason=term.ended_reason,
        in_office=runs and term.ended_at is None,
    )
