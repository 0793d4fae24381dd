"""Making a proposal: what it changes, where it falls, whom it asks, and who may make it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts import labels
from contracts.actions import messages
from contracts.actions.access import party_of, terms_of
from contracts.errors import ClauseTaken, ForeignDataset, TooLoose
from contracts.models import (
    Agreement,
    AgreementParty,
    ChangeProposal,
    ProposalAsk,
    ProposalClaim,
)
from contracts.overrides import changed_paths
from contracts.places import asked_groups, dataset_of, overlaps, places_of
from contracts.queries.datasets import owners_of
from contracts.reviewed import negotiated_terms
from contracts.terms import Terms, parse
from workflow import transitions

NEGOTIATORS = ("APPLICANT_AGENT", "APPLICANT_LEGAL_REP", "PROVIDER_OFFICER", "PROVIDER_LEADER")
_Side = AgreementParty.Side


def wanted_terms(agreement: Agreement, changes: Mapping[str, Any]) -> Terms:
    """
    Return the terms of an agreement with a change applied.

    :raises TooLoose: it falls below what template, profiles and decision demand.
    """
    return negotiated_terms(
        current=terms_of(agreement),
        floor=parse(agreement.floor),
        changes=changes,
        locked=agreement.base_template.locked,
    )


def prepare(
    agreement: Agreement,
    *,
    changes: Mapping[str, Any],
    reason: str,
    actor: Any,
    at: datetime,
    former: ChangeProposal | None = None,
) -> ChangeProposal:
    """
    Return a proposal that may be made, not stored yet; ``former`` is the one it answers.

    :raises TooLoose: it falls below the floor; a wider scope is on record as an attempt.
    :raises ForeignDataset: a provider names a dataset of another provider.
    :raises ClauseTaken: another proposal holds one of its clauses.
    """
    try:
        wanted = wanted_terms(agreement, changes)
    except TooLoose as error:
        attempt = transitions.Attempt(agreement, "propose_change", actor, at)
        raise transitions.refused(error, attempt) from error
    places = places_of(changed_paths(before=terms_of(agreement), after=wanted))
    party = party_of(agreement=agreement, actor=actor, roles=NEGOTIATORS)
    _ask_own_datasets(agreement, party, places)
    _ask_free(agreement, places, former)
    return ChangeProposal(
        agreement=agreement,
        side=party.side,
        proposed_by=actor,
        party=party.organization,
        changes=dict(changes),
        places=list(places),
        reason=reason,
        text_version=agreement.text_version,
        answers=former,
        created_at=at,
    )


def store(proposal: ChangeProposal, *, actor: Any, at: datetime) -> ChangeProposal:
    """Store a prepared proposal, claim its clauses, and ask those it concerns."""
    agreement = proposal.agreement
    parties = list(agreement.parties.select_related("organization"))
    transitions.create(
        proposal,
        actor=actor,
        at=at,
        facts={
            "agreement": agreement.number,
            "clauses": proposal.places,
            "answers": proposal.answers,
        },
        licensee=[p.organization for p in parties if p.side == _Side.LICENSEE],
        provider=[p.organization for p in parties if p.side == _Side.PROVIDER],
    )
    ProposalClaim.objects.bulk_create(
        ProposalClaim(proposal=proposal, agreement=agreement, place=place)
        for place in proposal.places
    )
    groups = _groups(agreement, proposal, parties)
    ProposalAsk.objects.bulk_create(
        ProposalAsk(proposal=proposal, organization_id=member, group=number)
        for number, group in enumerate(groups, 1)
        for member in group
    )
    messages.tell_proposed(proposal, at=at)
    return proposal


def _groups(
    agreement: Agreement, proposal: ChangeProposal, parties: list[AgreementParty]
) -> tuple[tuple[str, ...], ...]:
    before = terms_of(agreement)
    return asked_groups(
        before=before,
        after=wanted_terms(agreement, proposal.changes),
        owners=owners_of(before),
        licensee=next(str(p.organization_id) for p in parties if p.side == _Side.LICENSEE),
        providers=[str(p.organization_id) for p in parties if p.side == _Side.PROVIDER],
        proposer=str(proposal.party_id),
    )


def _ask_own_datasets(
    agreement: Agreement, party: AgreementParty, places: tuple[str, ...]
) -> None:
    if party.side == _Side.LICENSEE:
        return
    owners = owners_of(terms_of(agreement))
    foreign = sorted(
        {
            code
            for code in map(dataset_of, places)
            if code and owners.get(code) != str(party.organization_id)
        }
    )
    if foreign:
        raise ForeignDataset(datasets="、".join(foreign))


def _ask_free(
    agreement: Agreement, places: tuple[str, ...], former: ChangeProposal | None
) -> None:
    held = agreement.claims.filter(released_at=None)
    if former is not None:
        held = held.exclude(proposal=former)
    taken = {
        claim
        for claim in held.values_list("place", flat=True)
        if any(overlaps(claim, place) for place in places)
    }
    if taken:
        raise ClauseTaken(clauses=labels.places_text(sorted(taken)))
