"""
A copy signed elsewhere, with the party's own certificate, handed in and taken over.

It is taken only when it is the very document that is up for signature with one signature added:
same text, every signature intact, the new one that of the party. What does not fit is named.
Source: docs/sources.md#signing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.actions import papers
from contracts.actions.access import lock_agreement
from contracts.actions.authority_to_sign import authority_of
from contracts.actions.signing import ask_text, ask_turn, record_signature, validity_after
from contracts.errors import AlreadySigned, CopyRefused
from contracts.models import Agreement, Signature
from core import uploads
from core.errors import DomainError
from core.signatures import checking
from core.signatures.checking import SignatureFinding
from parties import actions as parties

COPY_BYTES_MAX = uploads.UPLOAD_BYTES_MAX


@parties.proven
def hand_in_signed_copy(
    *,
    agreement_id: UUID,
    name: str,
    content: bytes,
    proof: parties.Proof,
    actor: Any,
    at: datetime,
) -> Agreement | DomainError:
    """
    Take over the signature that a party gave outside, in the copy it was offered.

    :raises CopyRefused: another text, a broken signature, a change beside it, or another signer;
        ``code`` says which.
    :raises InvalidInput: the file is not one that may be kept.
    :raises AlreadySigned: the party has signed this text.
    :raises SecondFactorMissing, ProofWrong, CodeUsed, TooManyAttempts: the proof is refused.
    :raises NotAllowedNow: it is not this party's turn.
    :raises Forbidden: the actor signs for no party of this agreement.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    authority = authority_of(agreement=agreement, actor=actor, at=at)
    party = authority.party.organization
    if agreement.signatures.filter(party=party, voided_at=None).exists():
        raise AlreadySigned
    ask_turn(agreement, authority, actor=actor, at=at)
    ask_text(agreement, agreement.text_hash)
    file = uploads.read(name=name, content=content, kinds=("PDF",), bytes_max=COPY_BYTES_MAX)
    added = _added_signature(agreement, file.content, uscc=party.uscc, at=at)
    answer = parties.prove(person=actor, proof=proof, at=at)
    if isinstance(answer, DomainError):
        return answer
    validity = validity_after(agreement, party.pk, at=at)
    document = papers.keep_signed(agreement, file.content, at=at, complete=validity is not None)
    record_signature(
        agreement, authority, actor=actor, at=at, validity=validity,
        proof=Signature.Proof.UPLOAD, document=document,
        certificate=(added.signer_name, added.fingerprint),
    )  # fmt: skip
    return agreement


def _added_signature(
    agreement: Agreement, content: bytes, *, uscc: str, at: datetime
) -> SignatureFinding:
    """Return the one signature that a copy adds to the document up for signature."""
    offered = bytes(papers.copy_to_sign(agreement).file)
    # An addition leaves every byte before it: the same text, and the same hash of it.
    if not content.startswith(offered):
        raise CopyRefused("TEXT")
    if content == offered:
        raise CopyRefused("UNSIGNED")
    report = checking.verify_pdf(content=content, at=at)
    if report.problem is not None:
        raise CopyRefused("UNSIGNED" if report.problem == checking.UNSIGNED else "UNREADABLE")
    known = agreement.signatures.filter(voided_at=None).count()
    for finding in report.signatures:
        if not finding.intact:
            raise CopyRefused("BROKEN")
        if not finding.permitted:
            raise CopyRefused("CHANGED")
        if not finding.trusted:
            raise CopyRefused("UNTRUSTED")
    if not report.complete:
        raise CopyRefused("CHANGED")
    if len(report.signatures) != known + 1:
        raise CopyRefused("COUNT")
    added = report.signatures[-1]
    if added.holder_id != uscc or added.field != uscc:
        raise CopyRefused("SIGNER")
    return added
