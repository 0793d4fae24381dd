"""The page of a negotiation, of one proposal, and of two texts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.queries.children import ChildOffer, family_of
from contracts import wording
from contracts.departures import Departure, departures, kinds_of
from contracts.models import Agreement, AgreementParty, ChangeProposal, TermProfile, TextVersion
from contracts.overrides import applied
from contracts.places import term_of
from contracts.queries.pages import visible_agreement
from contracts.queries.proposals import chain_of, proposal_rows, with_asks
from contracts.queries.rows import ProposalRow
from contracts.queries.threads import ThreadRow, threads_of
from contracts.queries.turns import OPEN_TO_CHANGE, Turn, turn_of
from contracts.redline import RedlinedClause, changed_clauses, compare_texts
from contracts.terms import Terms, parse
from contracts.wording import Clause, PartyFacts
from core.errors import NotFound
from parties.queries import desks_of
from workflow import glance, policy, transitions
from workflow.transitions import Offer

CLOSED_MAX = 50
VERSIONS_MAX = 200


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """
    One clause with everything said and proposed about it.

    ``against_template`` and ``against_profiles`` say how it departs (looser, other, stricter).
    """

    key: str
    clause: Clause
    locked: bool
    against_template: tuple[str, ...]
    against_profiles: tuple[tuple[str, tuple[str, ...]], ...]
    departures: tuple[Departure, ...]
    # What the clause would say with every open proposal in it; None where they leave it alone.
    redline: RedlinedClause | None
    proposals: tuple[ProposalRow, ...]
    threads: tuple[ThreadRow, ...]
    unresolved: int
    may_propose: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One text an agreement has had."""

    number: int
    cause: str
    cause_name: str
    reason: str
    made_by: str
    made_at: datetime
    text_hash: str
    proposal_id: UUID | None


@dataclass(frozen=True, slots=True)
class NegotiationPage:
    """Everything the page of a negotiation shows to one reader."""

    id: UUID
    number: str
    scenario: str
    state: str
    state_name: str
    application_id: UUID
    application_number: str
    template: str
    text_version: int
    text_hash: str
    parties: tuple[tuple[str, PartyFacts], ...]
    recitals: tuple[str, ...]
    clauses: tuple[ClauseRow, ...]
    open_proposals: tuple[ProposalRow, ...]
    closed_proposals: tuple[ProposalRow, ...]
    versions: tuple[VersionRow, ...]
    turn: Turn
    offers: tuple[Offer, ...]
    unresolved: int
    may_propose: bool
    may_comment: bool
    # Who reads a note of the reader's own side.
    own_side: tuple[str, ...]
    # The way to more data once the agreement is in force; None for who cannot go it.
    amendment: ChildOffer | None


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two texts of an agreement, clause by clause."""

    id: UUID
    number: str
    scenario: str
    state: str
    old: VersionRow
    new: VersionRow
    clauses: tuple[RedlinedClause, ...]
    versions: tuple[VersionRow, ...]


def negotiation_page(*, agreement_id: UUID, actor: Any, at: datetime) -> NegotiationPage:
    """
    Return the text of an agreement with what is proposed and said at each clause.

    :raises NotFound: there is none, or the actor may not see it.
    """
    with glance.glancing():
        return _page(visible_agreement(agreement_id, actor), actor, at)


def proposal_page(*, proposal_id: UUID, actor: Any) -> tuple[ProposalRow, ...]:
    """
    Return the chain of a proposal: the one asked for, with those it answers and that answer it.

    :raises NotFound: there is none, or the actor may not see its agreement.
    """
    found = ChangeProposal.objects.filter(id=proposal_id).values_list("agreement_id").first()
    if found is None:
        raise NotFound
    row = visible_agreement(found[0], actor)
    return proposal_rows(row, chain_of(row, proposal_id), actor=actor)


def compare_versions(
    *, agreement_id: UUID, actor: Any, old: int | None = None, new: int | None = None
) -> ComparisonPage:
    """
    Return two texts of an agreement compared; without numbers the present one with the one before.

    :raises NotFound: there is no such agreement or text, or the actor may not see it.
    """
    row = visible_agreement(agreement_id, actor)
    versions = _versions(row)
    by_number = {one.number: one for one in versions}
    if not by_number:
        raise NotFound
    newest = max(by_number)
    right = newest if new is None else new
    earlier = [number for number in by_number if number < right]
    left = (max(earlier) if earlier else right) if old is None else old
    if left not in by_number or right not in by_number:
        raise NotFound
    texts = {
        number: (parse(terms), wording.TextFacts.load(facts))
        for number, terms, facts in TextVersion.objects.filter(
            agreement=row, number__in={left, right}
        ).values_list("number", "terms", "facts")
    }
    return ComparisonPage(
        id=row.pk,
        number=row.number,
        scenario=row.terms.get("purpose", {}).get("scenario_name", ""),
        state=row.state,
        old=by_number[left],
        new=by_number[right],
        clauses=compare_texts(old=texts[left], new=texts[right]),
        versions=versions,
    )


def _page(row: Agreement, actor: Any, at: datetime) -> NegotiationPage:
    terms, facts = parse(row.terms), wording.TextFacts.load(row.facts)
    is_open = row.state in OPEN_TO_CHANGE
    state = ChangeProposal.State.OPEN
    open_ones = list(with_asks(row.proposals.filter(state=state).order_by("created_at", "id")))
    closed = list(with_asks(row.proposals.exclude(state=state))[:CLOSED_MAX])
    shown = proposal_rows(row, [*open_ones, *closed], actor=actor)
    threads = threads_of(row, actor=actor)
    may_propose = is_open and policy.may(actor, "contracts.propose_change", row)
    waiting = shown[: len(open_ones)]
    return NegotiationPage(
        id=row.pk,
        number=row.number,
        scenario=row.terms.get("purpose", {}).get("scenario_name", ""),
        state=row.state,
        state_name=str(row.get_state_display()),
        application_id=row.application_id,
        application_number=facts.application_number,
        template=facts.template,
        text_version=row.text_version,
        text_hash=row.text_hash,
        parties=wording.parties(facts=facts),
        recitals=wording.recitals(facts=facts),
        clauses=_clauses(
            row, terms, facts, waiting, threads, may_propose, _redlines(row, open_ones, waiting)
        ),
        open_proposals=waiting,
        closed_proposals=shown[len(open_ones) :],
        versions=_versions(row),
        turn=turn_of(row, actor=actor, at=at),
        offers=transitions.offers(row, actor=actor),
        unresolved=sum(1 for one in threads if one.is_open),
        may_propose=may_propose,
        may_comment=is_open and policy.may(actor, "contracts.comment_agreement", row),
        own_side=_own_side(row, actor),
        amendment=_amendment(row, actor, at),
    )


def _clauses(
    row: Agreement,
    terms: Terms,
    facts: wording.TextFacts,
    waiting: Sequence[ProposalRow],
    threads: Sequence[ThreadRow],
    may_propose: bool,
    redlines: dict[str, RedlinedClause],
) -> tuple[ClauseRow, ...]:
    template, profiles = parse(row.base_template.terms), _profiles(row)
    away = departures(terms=terms, template=template, profiles=profiles)
    found = []
    for clause in wording.render_text(terms=terms, facts=facts):
        key = wording.key_of(clause)
        here = tuple(one for one in waiting if clause.term in one.terms)
        said = tuple(one for one in threads if one.clause == key)
        taken = any(clause.term in one.places for one in here)
        of_profiles = (
            (code, kinds_of(term=key, found=away, against=code)) for code in sorted(profiles)
        )
        found.append(
            ClauseRow(
                key=key,
                clause=clause,
                locked=clause.term in row.base_template.locked,
                against_template=kinds_of(term=key, found=away, against="template"),
                against_profiles=tuple((code, kinds) for code, kinds in of_profiles if kinds),
                departures=tuple(one for one in away if term_of(one.path) == key),
                redline=redlines.get(key),
                proposals=here,
                threads=said,
                unresolved=sum(1 for one in said if one.is_open),
                may_propose=may_propose and bool(clause.term) and not taken,
            )
        )
    return tuple(found)


def _redlines(
    row: Agreement, proposals: Sequence[ChangeProposal], shown: Sequence[ProposalRow]
) -> dict[str, RedlinedClause]:
    """Return the clauses that the open proposals would change, all of them put in together."""
    stale = {one.id for one in shown if one.stale}
    present, facts = parse(row.terms), wording.TextFacts.load(row.facts)
    together = present
    for one in proposals:
        if one.pk not in stale:
            together = applied(current=together, changes=one.changes)
    changed = changed_clauses(
        old=wording.render_text(terms=present, facts=facts),
        new=wording.render_text(terms=together, facts=facts),
    )
    return {clause.key: clause for clause in changed}


def _profiles(row: Agreement) -> dict[str, Terms]:
    """Return the profiles the agreement was merged from, by the code of their dataset."""
    wanted = row.profile_versions
    rows = TermProfile.objects.filter(dataset__code__in=list(wanted)).values_list(
        "dataset__code", "version", "terms"
    )
    return {code: parse(terms) for code, version, terms in rows if wanted[code] == version}


def _versions(row: Agreement) -> tuple[VersionRow, ...]:
    rows = row.versions.select_related("made_by").defer("terms", "facts")[:VERSIONS_MAX]
    return tuple(
        VersionRow(
            number=one.number,
            cause=one.cause,
            cause_name=str(one.get_cause_display()),
            reason=one.reason,
            made_by=one.made_by.full_name if one.made_by else "",
            made_at=one.made_at,
            text_hash=one.text_hash,
            proposal_id=one.proposal_id,
        )
        for one in rows
    )


def _amendment(row: Agreement, actor: Any, at: datetime) -> ChildOffer | None:
    if row.state != Agreement.State.EFFECTIVE:
        return None
    offers = family_of(row.application, actor=actor, at=at).offers
    return next((one for one in offers if one.kind == "AMENDMENT"), None)


def _own_side(row: Agreement, actor: Any) -> tuple[str, ...]:
    parties = list(row.parties.select_related("organization"))
    own = {desk.organization_id for desk in desks_of(actor)}
    sides = {party.side for party in parties if party.organization_id in own}
    side = AgreementParty.Side.LICENSEE
    mine = side if side in sides else next(iter(sides), "")
    return tuple(party.organization.name for party in parties if party.side == mine)
