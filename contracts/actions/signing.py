"""
Signing: everybody signs the hash of the same text; the last signature puts it in force.

Source: domain T12.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from applications import actions as applications
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
from contracts.actions.nesting import ask_nested
from contracts.calendar import add_months
from contracts.errors import AlreadySigned, TextChanged, TextDamaged
from contracts.models import Agreement, AgreementDocument, AgreementParty, Signature
from core import clock
from parties.queries import system_actor
from workflow import transitions

USER_SIGNER, PROVIDER_SIGNER = "APPLICANT_LEGAL_REP", "PROVIDER_LEADER"
SIGNERS = (USER_SIGNER, PROVIDER_SIGNER)


@transitions.action
def sign_agreement(
    *, agreement_id: UUID, text_hash: str, actor: Any, at: datetime
) -> Agreement:
    """
    Sign the text an actor has read, for the party the actor speaks for.

    The data user's legal representative signs first, then the leader of each provider; the last
    one puts the agreement in force on that day. ``text_hash`` is the hash shown with the text.

    :raises TextChanged: the text is not the one that was read; nothing is signed.
    :raises AlreadySigned: the party has signed this text.
    :raises TermOutlastsDataset: a dataset is not open for the whole term.
    :raises ObjectionOpen: the data user's objection to the decision waits for its answer.
    :raises NotAllowedNow: it is not this party's turn.
    :raises Forbidden: the actor signs for no party of this agreement.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    party = party_of(agreement=agreement, actor=actor, roles=SIGNERS)
    provider = party.side == AgreementParty.Side.PROVIDER
    verb = "sign_as_provider" if provider else "sign_as_user"
    if agreement.signatures.filter(party=party.organization, voided_at=None).exists():
        raise AlreadySigned
    ask(agreement, verb, actor=actor, at=at)
    _ask_text(agreement, text_hash)
    # Nobody signs a text that could not take effect today.
    _validity(agreement, at=at)
    if not provider:
        # Signing accepts the conditions of the decision: the right to object ends with it.
        applications.accept_decision(
            application_id=agreement.application_id, actor=system_actor(), at=at
        )
    Signature.objects.create(
        agreement=agreement,
        party=party.organization,
        signer=actor,
        role=PROVIDER_SIGNER if provider else USER_SIGNER,
        text_hash=agreement.text_hash,
        text_version=agreement.text_version,
        signed_at=at,
    )
    if not provider:
        transitions.perform(agreement, verb, actor=actor, at=at, text_hash=text_hash)
        messages.tell_next_signer(agreement, side=AgreementParty.Side.PROVIDER, at=at)
        return agreement
    transitions.perform(
        agreement, verb, actor=actor, at=at, party=party.organization, text_hash=text_hash
    )
    return _take_effect_when_complete(agreement, at=at)


@transitions.action
def decline_to_sign(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Decline the text; it returns to negotiation and signatures are void.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor signs for no party of this agreement.
    :raises NotAllowedNow: the text is not up for signature.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    party_of(agreement=agreement, actor=actor, roles=SIGNERS)
    ask(agreement, "reopen", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(agreement, "reopen", actor=actor, at=at, reason=stated)
    void_signatures(agreement, reason=stated, at=at)
    messages.tell_returned(agreement, reason=stated, at=at)
    return agreement


def _ask_text(agreement: Agreement, text_hash: str) -> None:
    if text_hash != agreement.text_hash:
        raise TextChanged
    actual = wording.text_hash(terms=terms_of(agreement), facts=facts_of(agreement))
    if actual != agreement.text_hash:
        raise TextDamaged


def _take_effect_when_complete(agreement: Agreement, *, at: datetime) -> Agreement:
    waiting = agreement.parties.exclude(
        organization_id__in=agreement.signatures.filter(voided_at=None).values("party_id")
    )
    if waiting.exists():
        return agreement
    valid_from, valid_to = _validity(agreement, at=at)
    system = system_actor()
    transitions.perform(
        agreement, "take_effect", actor=system, at=at, valid_from=valid_from, valid_to=valid_to
    )
    papers.store(agreement, kind=AgreementDocument.Kind.SIGNED, at=at)
    applications.complete_application(
        application_id=agreement.application_id, actor=system, at=at
    )
    messages.tell_effective(agreement, at=at)
    return agreement


def _validity(agreement: Agreement, *, at: datetime) -> tuple[date, date]:
    """Return the first and the last day: whole months from the day of effect."""
    term = terms_of(agreement).term
    months = term.months if term else None
    assert months is not None, "a closed text states its term"
    first = clock.local_date(at)
    last = add_months(first, months=months) - timedelta(days=1)
    ask_nested(agreement, valid_from=first, valid_to=last)
    return first, last
