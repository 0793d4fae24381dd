"""
Signing: everybody signs the hash of the same text; the last signature puts it in force.

Source: domain T12, docs/sources.md#signing.
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
    terms_of,
    void_signatures,
)
from contracts.actions.authority_to_sign import Authority, authority_of
from contracts.actions.nesting import ask_nested
from contracts.calendar import add_months
from contracts.errors import AlreadySigned, TextChanged, TextDamaged
from contracts.models import Agreement, AgreementDocument, AgreementParty, Signature
from contracts.queries.signing import turn_of
from core import clock
from core.errors import DomainError, NotAllowedNow
from parties import actions as parties
from parties.queries import system_actor
from workflow import transitions


@parties.proven
def sign_agreement(
    *,
    agreement_id: UUID,
    text_hash: str,
    proof: parties.Proof | parties.Proven,
    actor: Any,
    at: datetime,
) -> Agreement | DomainError:
    """
    Sign the text an actor has read, for the party the actor speaks for; twice is once.

    In the order of the agreement; the last one puts it in force on that day. ``text_hash`` is the
    hash shown with the text, ``proof`` password and one-time code of the signer at this moment, or
    what an act that signs several agreements at once has proved with them.

    :raises TextChanged: the text is not the one that was read; nothing is signed.
    :raises AlreadySigned: somebody else has signed this text for the party.
    :raises SecondFactorMissing, ProofWrong, CodeUsed, TooManyAttempts: the proof is refused.
    :raises TermOutlastsDataset: a dataset is not open for the whole term.
    :raises ObjectionOpen: the data user's objection to the decision waits for its answer.
    :raises UnableToSign: the keys of this installation do not sign.
    :raises NotAllowedNow: it is not this party's turn.
    :raises Forbidden: the actor signs for no party of this agreement.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    authority = authority_of(agreement=agreement, actor=actor, at=at)
    given = _signature_of(agreement, authority)
    if given is not None:
        # A second click, or a form sent again: the first one is the signature.
        if given.signer_id == actor.pk and given.text_hash == text_hash:
            return agreement
        raise AlreadySigned
    ask_turn(agreement, authority, actor=actor, at=at)
    ask_text(agreement, text_hash)
    # Nobody signs a text that could not take effect today.
    _validity(agreement, at=at)
    answer: parties.Proven | DomainError
    if isinstance(proof, parties.Proven):
        assert proof.person_id == actor.pk, "nobody signs with another's proof"
        answer = proof
    else:
        answer = parties.prove(person=actor, proof=proof, at=at)
    if isinstance(answer, DomainError):
        return answer
    validity = validity_after(agreement, authority.party.organization_id, at=at)
    document, identity = papers.add_signature(
        agreement, authority, signer=actor, at=at, validity=validity
    )
    record_signature(
        agreement, authority, actor=actor, at=at, proof=answer.method, document=document,
        certificate=(identity.holder.name, identity.fingerprint), validity=validity,
    )  # fmt: skip
    return agreement


@transitions.action
def decline_to_sign(*, agreement_id: UUID, reason: str, actor: Any, at: datetime) -> Agreement:
    """
    Decline the text; it returns to negotiation and signatures are void.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor signs for no party of this agreement.
    :raises NotAllowedNow: the text is not up for signature.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    authority_of(agreement=agreement, actor=actor, at=at)
    ask(agreement, "reopen", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(agreement, "reopen", actor=actor, at=at, reason=stated)
    void_signatures(agreement, reason=stated, at=at)
    messages.tell_returned(agreement, reason=stated, at=at)
    return agreement


def ask_turn(
    agreement: Agreement, authority: Authority, *, actor: Any, at: datetime
) -> None:
    """
    Ask whether the party of an authority may sign now; a refusal is put on record.

    :raises Forbidden: the actor may not sign for this side.
    :raises NotAllowedNow: it is another party's turn, or the text is not up for signature.
    """
    ask(agreement, authority.verb, actor=actor, at=at)
    if authority.party.organization_id not in turn_of(agreement):
        attempt = transitions.Attempt(agreement, authority.verb, actor, at)
        raise transitions.refused(NotAllowedNow(), attempt)


def ask_text(agreement: Agreement, text_hash: str) -> None:
    """
    Ask whether a hash is that of the text that stands, and the text is what its terms say.

    :raises TextChanged: it is the hash of another text.
    :raises TextDamaged: terms and hash of the agreement do not belong together.
    """
    if text_hash != agreement.text_hash:
        raise TextChanged
    actual = wording.text_hash(terms=terms_of(agreement), facts=facts_of(agreement))
    if actual != agreement.text_hash:
        raise TextDamaged


def validity_after(
    agreement: Agreement, party_id: Any, *, at: datetime
) -> tuple[date, date] | None:
    """Return the first and last day if the signature of this party is the last one; else None."""
    signed = agreement.signatures.filter(voided_at=None).values("party_id")
    others = agreement.parties.exclude(organization_id=party_id)
    if others.exclude(organization_id__in=signed).exists():
        return None
    return _validity(agreement, at=at)


def record_signature(
    agreement: Agreement,
    authority: Authority,
    *,
    actor: Any,
    at: datetime,
    proof: str,
    document: AgreementDocument,
    certificate: tuple[str, str],
    validity: tuple[date, date] | None,
) -> None:
    """Record a signature that every rule allows and that stands in a document; then go on."""
    party = authority.party
    if party.side == AgreementParty.Side.LICENSEE:
        # Signing accepts the conditions of the decision: the right to object ends with it.
        applications.accept_decision(
            application_id=agreement.application_id, actor=system_actor(), at=at
        )
    Signature.objects.create(
        agreement=agreement,
        party=party.organization,
        signer=actor,
        role=authority.role,
        mandate=authority.mandate,
        proof=proof,
        document=document,
        certificate_subject=certificate[0],
        certificate_hash=certificate[1],
        text_hash=agreement.text_hash,
        text_version=agreement.text_version,
        signed_at=at,
    )
    facts: dict[str, Any] = {"text_hash": agreement.text_hash, "proof": proof}
    if party.side == AgreementParty.Side.PROVIDER:
        facts["party"] = party.organization
    if authority.mandate is not None:
        facts["mandate"] = authority.mandate
    transitions.perform(agreement, authority.verb, actor=actor, at=at, **facts)
    messages.tell_signed(agreement, party=party, at=at)
    if validity is None:
        messages.tell_next_signers(agreement, at=at)
    else:
        _take_effect(agreement, validity, at=at)


def _signature_of(agreement: Agreement, authority: Authority) -> Signature | None:
    return agreement.signatures.filter(
        party=authority.party.organization, voided_at=None
    ).first()


def _take_effect(
    agreement: Agreement, validity: tuple[date, date], *, at: datetime
) -> None:
    valid_from, valid_to = validity
    system = system_actor()
    transitions.perform(
        agreement, "take_effect", actor=system, at=at, valid_from=valid_from, valid_to=valid_to
    )
    applications.complete_application(
        application_id=agreement.application_id, actor=system, at=at
    )
    messages.tell_effective(agreement, at=at)


def _validity(agreement: Agreement, *, at: datetime) -> tuple[date, date]:
    """Return the first and the last day: whole months from the day of effect."""
    term = terms_of(agreement).term
    months = term.months if term else None
    assert months is not None, "a closed text states its term"
    first = clock.local_date(at)
    last = add_months(first, months=months) - timedelta(days=1)
    ask_nested(agreement, valid_from=first, valid_to=last)
    return first, last
