"""Negotiation: propose, answer, close the text, open it again. Source: domain T12, T13."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts import wording
from contracts.actions import messages, papers
from contracts.actions.access import (
    ask,
    ask_reason,
    facts_of,
    lock_agreement,
    party_of,
    terms_of,
    void_signatures,
)
from contracts.errors import ProposalOpen, ProposalStale
from contracts.lattice import leaves
from contracts.models import Agreement, AgreementParty, ChangeProposal
from contracts.overrides import changed_paths, changed_terms
from contracts.queries.signing_rules import rule_in_force
from contracts.signing_rules import ORDER
from contracts.statements import CHANGE
from contracts.terms import Terms, TermsIncomplete, dump, missing, parse
from core.errors import Forbidden, NotAllowedNow, NotFound
from workflow import policy, transitions

NEGOTIATORS = ("APPLICANT_AGENT", "APPLICANT_LEGAL_REP", "PROVIDER_OFFICER", "PROVIDER_LEADER")
_S = Agreement.State
OPEN_TO_CHANGE = (_S.NEGOTIATING, _S.READY_TO_SIGN, _S.SIGNED_BY_USER)


@transitions.action
def propose_change(
    *, agreement_id: UUID, changes: Mapping[str, Any], reason: str, actor: Any, at: datetime
) -> ChangeProposal:
    """
    Put a change of terms before the other side.

    ``changes`` is a partial ``Terms`` as plain JSON; datasets are named by their code.

    :raises TooLoose: a locked entry would fall below template, profiles and decision.
    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises ProposalOpen: another proposal waits for an answer.
    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: the agreement is not open to change.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    if not policy.may(actor, "contracts.propose_change", agreement):
        raise Forbidden
    if agreement.state not in OPEN_TO_CHANGE:
        raise NotAllowedNow
    stated = ask_reason(reason)
    if _open_proposal(agreement) is not None:
        raise ProposalOpen
    _wanted(agreement, changes)
    party = party_of(agreement=agreement, actor=actor, roles=NEGOTIATORS)
    proposal = ChangeProposal(
        agreement=agreement,
        side=party.side,
        proposed_by=actor,
        party=party.organization,
        changes=dict(changes),
        reason=stated,
        text_version=agreement.text_version,
        created_at=at,
    )
    side = AgreementParty.Side
    parties = list(agreement.parties.select_related("organization"))
    transitions.create(
        proposal,
        actor=actor,
        at=at,
        facts={"agreement": agreement.number},
        licensee=[p.organization for p in parties if p.side == side.LICENSEE],
        provider=[p.organization for p in parties if p.side == side.PROVIDER],
    )
    messages.tell_proposed(proposal, at=at)
    return proposal


@transitions.action
def accept_change(*, proposal_id: UUID, actor: Any, at: datetime) -> Agreement:
    """
    Put a proposed change into the terms; signatures given so far are void.

    :raises ProposalStale: the terms have changed since it was proposed.
    :raises Forbidden: the actor's own side proposed it.
    :raises NotAllowedNow: it was answered already, or the agreement is not open to change.
    """
    agreement, proposal = _lock_proposal(proposal_id, actor)
    ask(proposal, "accept", actor=actor, at=at)
    if agreement.state not in OPEN_TO_CHANGE:
        raise NotAllowedNow
    if proposal.text_version != agreement.text_version:
        raise ProposalStale
    before, wanted = terms_of(agreement), _wanted(agreement, proposal.changes)
    transitions.perform(proposal, "accept", actor=actor, at=at, answerer=actor)
    if agreement.state != _S.NEGOTIATING:
        _reopen(agreement, reason=proposal.reason, actor=actor, at=at)
    paths = changed_paths(before=before, after=wanted)
    return transitions.perform(
        agreement,
        "change_terms",
        actor=actor,
        at=at,
        terms=dump(wanted),
        sources=_sources(agreement, wanted, paths),
        text_hash=wording.text_hash(terms=wanted, facts=facts_of(agreement)),
    )


@transitions.action
def decline_change(*, proposal_id: UUID, reason: str, actor: Any, at: datetime) -> ChangeProposal:
    """
    Decline a proposed change; the terms stay.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor's own side proposed it.
    :raises NotAllowedNow: it was answered already.
    """
    _agreement, proposal = _lock_proposal(proposal_id, actor)
    ask(proposal, "decline", actor=actor, at=at)
    return transitions.perform(
        proposal, "decline", actor=actor, at=at, answerer=actor, reason=ask_reason(reason)
    )


@transitions.action
def finalize_agreement(*, agreement_id: UUID, actor: Any, at: datetime) -> Agreement:
    """
    Close the text for signature and store it as PDF.

    :raises ProposalOpen: a proposed change waits for an answer.
    :raises TermsIncomplete: an entry the agreement needs is not stated.
    :raises NotAllowedNow: the agreement is not being negotiated.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "finalize", actor=actor, at=at)
    if _open_proposal(agreement) is not None:
        raise ProposalOpen
    absent = missing(terms_of(agreement))
    if absent:
        raise TermsIncomplete(paths=", ".join(absent))
    order = rule_in_force(ORDER, at=at).value
    transitions.perform(agreement, "finalize", actor=actor, at=at, signing_order=order)
    papers.store_text(agreement, at=at)
    messages.tell_next_signers(agreement, at=at)
    return agreement


@transitions.action
def reopen_agreement(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Return a closed text to negotiation; signatures given so far are void.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: the text is not closed, or the agreement is in force.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "reopen", actor=actor, at=at)
    return _reopen(agreement, reason=ask_reason(reason), actor=actor, at=at)


def _reopen(agreement: Agreement, *, reason: str, actor: Any, at: datetime) -> Agreement:
    transitions.perform(agreement, "reopen", actor=actor, at=at, reason=reason)
    void_signatures(agreement, reason=reason, at=at)
    messages.tell_returned(agreement, reason=reason, at=at)
    return agreement


def _lock_proposal(proposal_id: UUID, actor: Any) -> tuple[Agreement, ChangeProposal]:
    """Lock a proposal, its agreement first: everybody takes the two in this order."""
    known = ChangeProposal.objects.filter(id=proposal_id).values_list("agreement_id").first()
    if known is None:
        raise NotFound
    agreement = lock_agreement(agreement_id=known[0], actor=actor)
    proposal = ChangeProposal.objects.select_for_update(of=("self",), no_key=True).get(
        id=proposal_id
    )
    return agreement, proposal


def _open_proposal(agreement: Agreement) -> ChangeProposal | None:
    return agreement.proposals.filter(state=ChangeProposal.State.OPEN).first()


def _wanted(agreement: Agreement, changes: Mapping[str, Any]) -> Terms:
    return changed_terms(
        current=terms_of(agreement),
        floor=parse(agreement.floor),
        changes=changes,
        locked=agreement.base_template.locked,
    )


def _sources(agreement: Agreement, wanted: Terms, paths: tuple[str, ...]) -> dict[str, str]:
    stated = leaves(wanted)
    kept = {path: name for path, name in agreement.sources.items() if path in stated}
    return kept | {path: CHANGE for path in paths if path in stated}

