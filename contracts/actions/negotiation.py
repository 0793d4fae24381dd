"""
Negotiation clause by clause: propose, accept, decline, counter, withdraw.

Every act locks the agreement first and the proposal second. Source: domain T12, T13;
docs/sources.md#negotiation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts import labels, wording
from contracts.actions import messages, proposing
from contracts.actions.access import (
    ask,
    ask_reason,
    facts_of,
    lock_agreement,
    party_of,
    terms_of,
)
from contracts.actions.closing import reopen
from contracts.actions.versions import record_version
from contracts.errors import AlreadyConsented, CounterElsewhere, InForce, ProposalStale
from contracts.lattice import leaves
from contracts.models import Agreement, ChangeProposal, ProposalAsk, TextVersion
from contracts.overrides import changed_paths
from contracts.places import differ_in, overlaps
from contracts.statements import CHANGE
from contracts.terms import Terms, dump, parse
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties.models import Organization
from workflow import policy, transitions

_S = Agreement.State
OPEN_TO_CHANGE = (_S.NEGOTIATING, _S.READY_TO_SIGN, _S.SIGNED_BY_USER)


@transitions.action
def propose_change(
    *,
    agreement_id: UUID,
    changes: Mapping[str, Any],
    reason: str,
    actor: Any,
    at: datetime,
    text_version: int | None = None,
) -> ChangeProposal:
    """
    Put a change of some clauses before those it concerns.

    ``changes`` is a partial ``Terms`` as plain JSON; datasets are named by their code.
    ``text_version`` is the text the actor has read, where a page says so.

    :raises WidensScope: data, fields, mode or quota would go beyond the decision.
    :raises ChangesPurpose: purpose or scenario would be another one.
    :raises TooLoose: a locked entry would fall below template, profiles and decision.
    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises ClauseTaken: another proposal on one of these clauses waits for an answer.
    :raises ForeignDataset: a provider names a dataset of another provider.
    :raises ProposalStale: these clauses have changed since the actor read them.
    :raises ReasonMissing: no reason is given.
    :raises InForce: the agreement is in force; an amendment is the way.
    :raises NotAllowedNow: the agreement is not open to change.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    _ask_open(agreement, actor)
    made = proposing.prepare(
        agreement, changes=changes, reason=ask_reason(reason), actor=actor, at=at
    )
    _ask_fresh(agreement, made, seen=text_version)
    return proposing.store(made, actor=actor, at=at)


@transitions.action
def counter_change(
    *,
    proposal_id: UUID,
    changes: Mapping[str, Any],
    reason: str,
    actor: Any,
    at: datetime,
    text_version: int | None = None,
) -> ChangeProposal:
    """
    Answer a proposal by another one, which takes its place; the reason is that of both.

    :raises CounterElsewhere: it leaves the clauses of the former alone.
    :raises Forbidden: the actor's organization is not asked.
    :raises NotAllowedNow: the former was answered already, or the text is not open to change.

    Beside these, what ``propose_change`` raises.
    """
    agreement, former = _lock_proposal(proposal_id, actor)
    ask(former, "counter", actor=actor, at=at)
    _ask_open(agreement, actor)
    stated = ask_reason(reason)
    made = proposing.prepare(
        agreement, changes=changes, reason=stated, actor=actor, at=at, former=former
    )
    if not any(overlaps(new, old) for new in made.places for old in former.places):
        raise CounterElsewhere(clauses=labels.places_text(former.places))
    _ask_fresh(agreement, made, seen=text_version)
    _close(former, "counter", reason=stated, actor=actor, at=at)
    return proposing.store(made, actor=actor, at=at)


@transitions.action
def accept_change(
    *, proposal_id: UUID, actor: Any, at: datetime, text_version: int | None = None
) -> Agreement:
    """
    Accept a proposed change for one's organization; the last of those asked puts it in the terms.

    Then the text has a new version, and signatures given so far are void. ``text_version`` is the
    text the actor has read, where a page says so.

    :raises ProposalStale: the clauses have changed since it was proposed, or since they were read.
    :raises AlreadyConsented: the actor's organization has accepted it.
    :raises Forbidden: the actor's organization is not asked.
    :raises NotAllowedNow: it was answered already, or the agreement is not open to change.
    """
    agreement, proposal = _lock_proposal(proposal_id, actor)
    ask(proposal, "accept", actor=actor, at=at)
    if agreement.state not in OPEN_TO_CHANGE:
        raise NotAllowedNow
    _ask_fresh(agreement, proposal, seen=text_version)
    wanted = proposing.wanted_terms(agreement, proposal.changes)
    party = _consent(agreement, proposal, actor=actor, at=at)
    if not _is_agreed(proposal):
        transitions.perform(proposal, "consent", actor=actor, at=at, party=party)
        return agreement
    _close(proposal, "accept", actor=actor, at=at)
    return _put_in(agreement, proposal, wanted, actor=actor, at=at)


@transitions.action
def decline_change(*, proposal_id: UUID, reason: str, actor: Any, at: datetime) -> ChangeProposal:
    """
    Decline a proposed change; the terms stay.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor's organization is not asked.
    :raises NotAllowedNow: it was answered already.
    """
    _agreement, proposal = _lock_proposal(proposal_id, actor)
    ask(proposal, "decline", actor=actor, at=at)
    return _close(proposal, "decline", reason=ask_reason(reason), actor=actor, at=at)


@transitions.action
def withdraw_change(
    *, proposal_id: UUID, actor: Any, at: datetime, reason: str = ""
) -> ChangeProposal:
    """
    Take back a change one's own organization proposed; the terms stay.

    :raises Forbidden: another organization proposed it.
    :raises NotAllowedNow: it was answered already.
    """
    _agreement, proposal = _lock_proposal(proposal_id, actor)
    ask(proposal, "withdraw", actor=actor, at=at)
    return _close(proposal, "withdraw", reason=reason.strip()[:2_000], actor=actor, at=at)


@transitions.action
def lapse_changes(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> int:
    """Let the open proposals of a text that is in force or given up fall; return how many."""
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    if agreement.state in OPEN_TO_CHANGE:
        return 0
    return close_open(agreement, "lapse", reason=reason, actor=actor, at=at)


def close_open(agreement: Agreement, verb: str, *, reason: str, actor: Any, at: datetime) -> int:
    """Close every open proposal of a locked agreement in one way; return how many there were."""
    rows = list(
        agreement.proposals.select_for_update(of=("self",), no_key=True)
        .filter(state=ChangeProposal.State.OPEN)
        .order_by("id")
    )
    for proposal in rows:
        _close(proposal, verb, reason=reason, actor=actor, at=at)
    return len(rows)


def _close(
    proposal: ChangeProposal, verb: str, *, actor: Any, at: datetime, reason: str | None = None
) -> ChangeProposal:
    stated = {} if reason is None else {"reason": reason}
    transitions.perform(proposal, verb, actor=actor, at=at, answerer=actor, **stated)
    proposal.claims.filter(released_at=None).update(released_at=at)
    messages.tell_answered(proposal, at=at)
    return proposal


def _put_in(
    agreement: Agreement, proposal: ChangeProposal, wanted: Terms, *, actor: Any, at: datetime
) -> Agreement:
    """Put accepted terms in the place of the present ones."""
    paths = changed_paths(before=terms_of(agreement), after=wanted)
    if agreement.state != _S.NEGOTIATING:
        reopen(agreement, reason=proposal.reason, actor=actor, at=at)
    transitions.perform(
        agreement,
        "change_terms",
        actor=actor,
        at=at,
        terms=dump(wanted),
        sources=_sources(agreement, wanted, paths),
        text_hash=wording.text_hash(terms=wanted, facts=facts_of(agreement)),
    )
    record_version(
        agreement,
        cause=TextVersion.Cause.CHANGE,
        proposal=proposal,
        reason=proposal.reason,
        actor=actor,
        at=at,
    )
    return agreement


def _consent(
    agreement: Agreement, proposal: ChangeProposal, *, actor: Any, at: datetime
) -> Organization:
    """Record the consent of the actor's organization wherever it is asked; return it."""
    rows = list(proposal.asks.all())
    party = party_of(
        agreement=agreement,
        actor=actor,
        roles=proposing.NEGOTIATORS,
        among={row.organization_id for row in rows},
    )
    own = [row for row in rows if row.organization_id == party.organization_id]
    if all(row.consented_at for row in own):
        raise AlreadyConsented
    ProposalAsk.objects.filter(id__in=[row.pk for row in own], consented_at=None).update(
        consented_by=actor, consented_at=at
    )
    return party.organization


def _is_agreed(proposal: ChangeProposal) -> bool:
    rows = list(ProposalAsk.objects.filter(proposal=proposal))
    return {row.group for row in rows if row.consented_at} == {row.group for row in rows}


def _ask_open(agreement: Agreement, actor: Any) -> None:
    if not policy.may(actor, "contracts.propose_change", agreement):
        raise Forbidden
    if agreement.state in (_S.EFFECTIVE, _S.SUSPENDED):
        raise InForce
    if agreement.state not in OPEN_TO_CHANGE:
        raise NotAllowedNow


def _ask_fresh(agreement: Agreement, proposal: ChangeProposal, *, seen: int | None) -> None:
    """
    Ask that the clauses of a proposal say today what they said when it was made and when read.

    Another clause may have changed meanwhile: that is what clauses are for.
    """
    present = terms_of(agreement)
    read = proposal.text_version if seen is None else seen
    for number in {proposal.text_version, read} - {agreement.text_version}:
        version = agreement.versions.filter(number=number).first()
        if version is None or differ_in(
            places=proposal.places, before=parse(version.terms), after=present
        ):
            raise ProposalStale


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


def _sources(agreement: Agreement, wanted: Terms, paths: tuple[str, ...]) -> dict[str, str]:
    stated = leaves(wanted)
    kept = {path: name for path, name in agreement.sources.items() if path in stated}
    return kept | {path: CHANGE for path in paths if path in stated}
