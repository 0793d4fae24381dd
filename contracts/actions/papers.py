"""The agreement as PDF, stored with its hash in the transaction that issues it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from contracts.actions.access import facts_of, terms_of
from contracts.documents import render_agreement
from contracts.models import Agreement, AgreementDocument
from contracts.paper_facts import Signed, agreement_facts
from core import hashing


def store(agreement: Agreement, *, kind: str, at: datetime) -> AgreementDocument:
    """
    Render the present text and keep it; same facts, same bytes.

    :raises MissingGlyph: a character cannot be drawn; the act that needs the paper fails with it.
    """
    rows = agreement.signatures.filter(voided_at=None).select_related("signer")
    first, last = agreement.valid_from, agreement.valid_to
    content = render_agreement(
        agreement_facts(
            terms=terms_of(agreement),
            facts=facts_of(agreement),
            text_hash=agreement.text_hash,
            text_version=agreement.text_version,
            issued_at=at,
            signed=[
                Signed(
                    organization_id=str(row.party_id),
                    signer=row.signer.full_name,
                    signed_at=row.signed_at,
                    text_hash=row.text_hash,
                )
                for row in rows
            ],
            validity=(first, last) if first and last else None,
            demo=settings.DEMO,
        )
    )
    return AgreementDocument.objects.create(
        agreement=agreement,
        kind=kind,
        text_version=agreement.text_version,
        content_hash=hashing.digest(content),
        file=content,
        created_at=at,
    )
