"""Is this PDF an agreement as it was signed here? For everyone who has the file; it is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.models import Agreement, AgreementDocument
from core import hashing
from core.signatures import checking
from core.signatures.checking import SignatureFinding

GENUINE, INCOMPLETE, ENDED, SUPERSEDED = "GENUINE", "INCOMPLETE", "ENDED", "SUPERSEDED"
ALTERED, UNKNOWN = "ALTERED", "UNKNOWN"


@dataclass(frozen=True, slots=True)
class CopyCheck:
    """
    What a file is worth: a verdict, what it says of itself, and its signatures one by one.

    Nothing stands here that is not printed in the document that was handed in.
    """

    verdict: str
    content_hash: str
    number: str
    text_version: int | None
    signatures: tuple[SignatureFinding, ...]
    checked_at: datetime


def check_copy(*, content: bytes, at: datetime) -> CopyCheck:
    """
    Return what a PDF is worth at a moment, whatever its bytes are.

    GENUINE: signed by all here, in force. INCOMPLETE: not signed by all. ENDED: no longer in force.
    SUPERSEDED: another text or copy is what counts now. ALTERED: a signature in it does not hold.
    UNKNOWN: not from here.
    """
    digest = hashing.digest(content)
    paper = (
        AgreementDocument.objects.filter(content_hash=digest)
        .defer("file")
        .select_related("agreement")
        .first()
    )
    report = checking.verify_pdf(content=content, at=at)
    verdict = _standing(paper) if paper is not None else _stranger(report)
    return CopyCheck(
        verdict=verdict,
        content_hash=digest,
        number=paper.agreement.number if paper is not None else "",
        text_version=paper.text_version if paper is not None else None,
        signatures=report.signatures,
        checked_at=at,
    )


def _standing(paper: AgreementDocument) -> str:
    agreement, kinds = paper.agreement, AgreementDocument.Kind
    if paper.kind != kinds.SIGNED:
        later = agreement.documents.filter(kind=kinds.SIGNED).exists()
        return SUPERSEDED if later or paper.text_version != agreement.text_version else INCOMPLETE
    newest = agreement.documents.filter(kind=kinds.SIGNED).values_list("pk", flat=True).last()
    if newest != paper.pk:
        return SUPERSEDED
    in_force = (Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED)
    return GENUINE if agreement.state in in_force else ENDED


def _stranger(report: checking.SignatureReport) -> str:
    """Tell a file of ours that was altered from one that never was ours."""
    broken = any(not one.holds for one in report.signatures)
    # Bytes we do not know, signed by keys we know: something was changed or cut.
    ours = any(one.trusted or one.holder_id for one in report.signatures)
    return ALTERED if report.signatures and (broken or ours) else UNKNOWN
