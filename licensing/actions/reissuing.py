"""
Certificates issued anew: the paper was lost, or what it says was put right.

The license stays what it is. A new version of original and duplicate takes the place of the last
one, which answers from then on that it was replaced.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts import terms as contract_terms
from core.signatures.keys import Holder, identity_of
from licensing import sealing
from licensing.actions.issuing import issue_of, titles_of
from licensing.actions.locks import ask, lock_license_with_surroundings, require_reason
from licensing.certificate import facts_of, from_data
from licensing.documents import LicenseFacts
from licensing.errors import CauseMissing, NothingToCorrect
from licensing.models import License, LicenseDocument
from workflow import transitions

REISSUE_CAUSES = (LicenseDocument.Cause.LOST, LicenseDocument.Cause.CORRECTED)


@transitions.action
def reissue_certificate(
    *, license_id: UUID, cause: str, reason: str, actor: Any, at: datetime
) -> License:
    """
    Give out original and duplicate anew, marked 补发, in the place of the present ones.

    ``cause`` is LOST, which prints what stood on the last one, or CORRECTED, which prints what the
    records say now. The day of issue stays; the new papers name the day they were made.

    :raises CauseMissing: no such cause.
    :raises ReasonMissing: no reason is stated.
    :raises NothingToCorrect: the records say what the certificate says.
    :raises UnableToSign: the key of the authority cannot be used.
    :raises NotAllowedNow: the license is not active.
    Source: docs/sources.md#license-certificate.
    """
    subject = lock_license_with_surroundings(license_id, actor=actor)
    ask(subject, "reissue", actor=actor, at=at)
    if cause not in REISSUE_CAUSES:
        raise CauseMissing(fields={"cause": CauseMissing.default_message})
    stated = require_reason(reason)
    present = {row.kind: row for row in subject.documents.filter(retired_at=None)}
    version = 1 + max(row.version for row in present.values())
    papers = _papers(subject, present, cause=cause, version=version, at=at)
    LicenseDocument.objects.filter(pk__in=[row.pk for row in present.values()]).update(
        retired_at=at
    )
    LicenseDocument.objects.bulk_create(
        LicenseDocument(
            license=subject,
            kind=kind,
            version=version,
            cause=cause,
            created_at=at,
            **paper.columns(),
        )
        for kind, paper in papers.items()
    )
    return transitions.perform(
        subject,
        "reissue",
        actor=actor,
        at=at,
        version=version,
        cause=str(cause),
        reason=stated,
        certificate_hash=papers[LicenseDocument.Kind.ORIGINAL].content_hash,
    )


def _papers(
    subject: License,
    present: dict[str, LicenseDocument],
    *,
    cause: str,
    version: int,
    at: datetime,
) -> dict[str, sealing.Paper]:
    printed = {kind: _printed(subject, row) for kind, row in present.items()}
    wanted = printed
    if cause == LicenseDocument.Cause.CORRECTED:
        wanted = {kind: _by_records(subject, kind) for kind in printed}
        if wanted == printed:
            raise NothingToCorrect
    authority = Holder(id=subject.authority.uscc, name=subject.authority.name)
    signer = identity_of(holder=authority, at=at)
    return {
        kind: sealing.paper_of(
            sealing.edition_of(facts, version=version, at=at),
            identity=signer,
            at=at,
            version=version,
        )
        for kind, facts in wanted.items()
    }


def _printed(subject: License, row: LicenseDocument) -> LicenseFacts:
    """Return what a certificate says, without the marks of an earlier reissue."""
    if not row.facts:
        # It was issued before facts were kept: the records are all there is.
        return _by_records(subject, row.kind)
    return replace(from_data(row.facts), watermark="", reissue_note="")


def _by_records(subject: License, kind: str) -> LicenseFacts:
    terms = contract_terms.parse(subject.agreement.terms)
    issue = issue_of(subject, terms=terms, titles=titles_of(subject.dataset, terms))
    return facts_of(issue, copy="ORIGINAL" if kind == "ORIGINAL" else "DUPLICATE")
