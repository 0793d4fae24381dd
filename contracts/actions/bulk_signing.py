"""
Several agreements signed in one go: each by the action of its own page, in its own transaction.

What one agreement refuses is said beside it and holds up no other. Source: domain T12.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contracts.actions.signing import sign_agreement
from contracts.errors import TextChanged, TooManyAtOnce
from contracts.models import Agreement, SigningBatch, SigningBatchItem
from core.errors import DomainError, InvalidInput, NotFound
from parties import actions as parties
from workflow import policy, transitions

PROBLEM_CHARACTERS_MAX = 300
HASH_CHARACTERS_MAX = 64


def sign_several(
    *, texts: Mapping[UUID, str], proof: parties.Proof, actor: Any, at: datetime
) -> SigningBatch:
    """
    Sign several agreements for the party the actor speaks for; return what became of each.

    ``texts`` names, for each agreement, the hash of the text that was read; ``proof`` is given
    once, for all of them.

    :raises InvalidInput: nothing is chosen.
    :raises TooManyAtOnce: more than SIGN_AT_ONCE_MAX are chosen.
    :raises TextChanged: what is given as a hash is none; then nothing is signed.
    :raises SecondFactorMissing, ProofWrong, CodeUsed, TooManyAttempts: the proof is refused.
    :raises NotFound: one of them is not there for this actor; then nothing is signed.
    """
    if not texts:
        raise InvalidInput(fields={"chosen": _("Choose at least one agreement.")})
    if len(texts) > settings.SIGN_AT_ONCE_MAX:
        raise TooManyAtOnce(most=settings.SIGN_AT_ONCE_MAX)
    visible = policy.visible(actor, "contracts.see_agreement", Agreement)
    found = visible.filter(pk__in=texts).order_by("number", "pk")
    ids = list(found.values_list("pk", flat=True))
    if len(ids) < len(texts):
        raise NotFound
    if any(len(text_hash) > HASH_CHARACTERS_MAX for text_hash in texts.values()):
        raise TextChanged
    # In a transaction of its own: the code is used, whatever becomes of the agreements.
    proven = _prove(proof=proof, actor=actor, at=at)
    batch = SigningBatch.objects.create(signer=actor, signed_at=at)
    for agreement_id in ids:
        said = {"batch": batch, "agreement_id": agreement_id, "text_hash": texts[agreement_id]}
        try:
            _sign(**said, actor=actor, at=at, proven=proven)
        except DomainError as error:
            problem = str(error)[:PROBLEM_CHARACTERS_MAX]
            SigningBatchItem.objects.create(**said, signed=False, problem=problem)
    return batch


@parties.proven
def _prove(*, proof: parties.Proof, actor: Any, at: datetime) -> parties.Proven | DomainError:
    return parties.prove(person=actor, proof=proof, at=at)


@transitions.action
def _sign(
    *,
    batch: SigningBatch,
    agreement_id: UUID,
    text_hash: str,
    actor: Any,
    at: datetime,
    proven: parties.Proven,
) -> None:
    # The result is part of the commit of the signature: a kill leaves neither or both.
    sign_agreement(
        agreement_id=agreement_id, text_hash=text_hash, actor=actor, at=at, proof=proven
    )
    SigningBatchItem.objects.create(
        batch=batch, agreement_id=agreement_id, text_hash=text_hash, signed=True
    )
