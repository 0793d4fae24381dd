"""
The agreement as PDF: the text closed for signature, and each party's signature added to it.

The text is rendered once; a signature is an addition to those bytes, so that everybody signs the
same document and nothing of it changes afterwards. Source: docs/sources.md#signing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings

from contracts.actions.access import facts_of, terms_of
from contracts.actions.authority_to_sign import Authority
from contracts.documents import render_agreement
from contracts.models import Agreement, AgreementDocument
from contracts.paper_facts import Signed, agreement_facts
from contracts.signature_places import with_places
from core import hashing
from core.documents.chinese import long_date, long_moment
from core.signatures import keys, signing
from core.signatures.keys import Holder, Identity
from core.signatures.places import Place

DEMO_LINE = "演示证书签署，不构成可靠的电子签名"


def store_text(agreement: Agreement, *, at: datetime) -> AgreementDocument:
    """
    Render the present text with empty places for the signatures and keep it.

    Same facts, same bytes.

    :raises MissingGlyph: a character cannot be drawn; the act that needs the paper fails with it.
    """
    places: dict[str, Place] = {}
    facts = agreement_facts(
        terms=terms_of(agreement),
        facts=facts_of(agreement),
        text_hash=agreement.text_hash,
        text_version=agreement.text_version,
        issued_at=at,
        demo=settings.DEMO,
    )
    content = with_places(render_agreement(facts, places=places), places.values())
    return _keep(
        agreement, AgreementDocument.Kind.TEXT, content, at=at,
        places=[asdict(place) for place in places.values()],
    )  # fmt: skip


def store(agreement: Agreement, *, kind: str, at: datetime) -> AgreementDocument:
    """
    Render the present text with its signatures as they stand in the rows, and keep it.

    For the next version of an agreement in force, whose signatures are not put into the file.
    """
    rows = agreement.signatures.filter(voided_at=None).select_related("signer")
    first, last = agreement.valid_from, agreement.valid_to
    facts = agreement_facts(
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
    return _keep(agreement, kind, render_agreement(facts), at=at)


def text_of(agreement: Agreement) -> AgreementDocument:
    """Return the text that is up for signature; one stored before there were places is renewed."""
    found = agreement.documents.filter(
        kind=AgreementDocument.Kind.TEXT, text_version=agreement.text_version
    ).last()
    if found is None or not found.places:
        return store_text(agreement, at=agreement.finalized_at or agreement.drafted_at)
    return found


def copy_to_sign(agreement: Agreement) -> AgreementDocument:
    """Return the document the next party signs: the text with the signatures that stand."""
    given = agreement.signatures.filter(voided_at=None, document__isnull=False)
    last = given.select_related("document").order_by("-document_id").first()
    return last.document if last is not None and last.document else text_of(agreement)


def add_signature(
    agreement: Agreement,
    authority: Authority,
    *,
    signer: Any,
    at: datetime,
    validity: tuple[date, date] | None,
) -> tuple[AgreementDocument, Identity]:
    """
    Add the signature of a party to the document and keep the result.

    The first signature certifies the document and keeps places for the others. ``validity`` are
    the first and last day of the agreement, known with its last signature.

    :raises UnableToSign: the keys of this installation do not sign.
    :raises MissingGlyph: a name cannot be drawn.
    """
    party = authority.party.organization
    identity = keys.identity_of(holder=Holder(id=party.uscc, name=party.name), at=at)
    places = {one["name"]: Place(**one) for one in text_of(agreement).places}
    mine = places.pop(party.uscc)
    content = signing.sign_pdf(
        content=bytes(copy_to_sign(agreement).file),
        identity=identity,
        place=mine,
        further=tuple(places.values()),
        at=at,
        reason=f"签署{agreement.number}第{agreement.text_version}版",
        lines=_lines(agreement, authority, signer, at, validity, demo=identity.demo),
    )
    return keep_signed(agreement, content, at=at, complete=validity is not None), identity


def keep_signed(
    agreement: Agreement, content: bytes, *, at: datetime, complete: bool
) -> AgreementDocument:
    """Keep the document with one more signature; it is the signed agreement with the last."""
    kind = AgreementDocument.Kind.SIGNED if complete else AgreementDocument.Kind.PART
    return _keep(agreement, kind, content, at=at)


def _lines(
    agreement: Agreement,
    authority: Authority,
    signer: Any,
    at: datetime,
    validity: tuple[date, date] | None,
    *,
    demo: bool,
) -> list[str]:
    """Word what a signature shows in its box; content of the document, so Chinese."""
    capacity = "授权代表" if authority.mandate else "法定代表人或者负责人"
    lines = [
        authority.party.organization.name,
        f"{capacity}：{signer.full_name}　签署时间：{long_moment(at)}",
        "签署的条款校验值（SHA-256）：",
        agreement.text_hash,
    ]
    if authority.mandate:
        lines.append(f"授权委托书校验值：{authority.mandate.content_hash}")
    if validity is not None:
        lines.append(f"各方签署完毕，协议期限：{long_date(validity[0])}至{long_date(validity[1])}")
    return [*lines, DEMO_LINE] if demo else lines


def _keep(
    agreement: Agreement, kind: str, content: bytes, *, at: datetime, places: Any = ()
) -> AgreementDocument:
    return AgreementDocument.objects.create(
        agreement=agreement,
        kind=kind,
        text_version=agreement.text_version,
        content_hash=hashing.digest(content),
        file=content,
        places=list(places),
        created_at=at,
    )
