"""Closing the negotiated text for signature, and opening it again. Source: domain T12."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.actions import messages, papers
from contracts.actions.access import (
    ask,
    ask_reason,
    lock_agreement,
    terms_of,
    void_signatures,
)
from contracts.errors import ProposalOpen, TextChanged
from contracts.models import Agreement, ChangeProposal
from contracts.queries.signing_rules import rule_in_force
from contracts.signing_rules import ORDER
from contracts.terms import TermsIncomplete, missing
from workflow import transitions


@transitions.action
def finalize_agreement(
    *, agreement_id: UUID, actor: Any, at: datetime, text_version: int | None = None
) -> Agreement:
    """
    Close the text for signature and store it as PDF.

    ``text_version`` is the text the actor has read, where a page says so.

    :raises ProposalOpen: a proposed change waits for an answer.
    :raises TextChanged: the text is not the one that was read.
    :raises TermsIncomplete: an entry the agreement needs is not stated.
    :raises NotAllowedNow: the agreement is not being negotiated.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "finalize", actor=actor, at=at)
    if agreement.proposals.filter(state=ChangeProposal.State.OPEN).exists():
        raise ProposalOpen
    if text_version is not None and text_version != agreement.text_version:
        raise TextChanged
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
    return reopen(agreement, reason=ask_reason(reason), actor=actor, at=at)


def reopen(agreement: Agreement, *, reason: str, actor: Any, at: datetime) -> Agreement:
    """Return a locked agreement to negotiation, void its signatures, and tell its parties."""
    transitions.perform(agreement, "reopen", actor=actor, at=at, reason=reason)
    void_signatures(agreement, reason=reason, at=at)
    messages.tell_returned(agreement, reason=reason, at=at)
    return agreement
