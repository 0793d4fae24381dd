"""Is this file the certificate that was issued? Answered for everyone, from its bytes alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import hashing
from core.signatures import checking
from licensing import marks
from licensing.models import LicenseDocument
from licensing.queries.public import PublicLicense, verification

ORIGINAL, DUPLICATE, REPLACED = "ORIGINAL", "DUPLICATE", "REPLACED"
ALTERED, UNKNOWN = "ALTERED", "UNKNOWN"
NOT_ON_RECORD = "NOT_ON_RECORD"


@dataclass(frozen=True, slots=True)
class FileSeal:
    """
    The signature in a certificate: by whom, when, and what is wrong with it.

    ``flaw`` is None for a good one, else what ``core.signatures.checking`` names, or NOT_ON_RECORD
    when the signature is good and the register knows no such certificate.
    """

    signer: str
    signed_at: datetime | None
    demo: bool
    flaw: str | None


@dataclass(frozen=True, slots=True)
class FileCheck:
    """
    What a file is: ORIGINAL or DUPLICATE as issued, REPLACED by a later one, ALTERED, or UNKNOWN.

    ``license`` is the public answer about the license it is, or claims to be; None for UNKNOWN.
    ``answer`` is the one word for both: as of the moment asked.
    """

    verdict: str
    content_hash: str
    license: PublicLicense | None
    seal: FileSeal | None = None
    version: int | None = None

    @property
    def answer(self) -> str:
        """Return GENUINE, ALTERED, SUPERSEDED, REVOKED, SUSPENDED, EXPIRED … or UNKNOWN."""
        if self.license is None or self.verdict in (ALTERED, UNKNOWN):
            return self.verdict
        if self.verdict == REPLACED and self.license.answer == "GENUINE":
            return "SUPERSEDED"
        return self.license.answer


def file_check(*, content: bytes, at: datetime) -> FileCheck:
    """
    Return whether these bytes are a certificate as it was issued, and how its license stands.

    A file that names a license of ours, in its bytes or in its signature, and is not byte for byte
    what was issued is ALTERED; the signature tells how.
    Source: domain §3.6 (page hash and signature).
    """
    found = hashing.digest(content)
    issued = (
        LicenseDocument.objects.filter(content_hash=found)
        .values_list("kind", "version", "retired_at", "license__machine_number")
        .order_by("id")
        .first()
    )
    if issued is not None:
        kind, version, retired_at, number = issued
        verdict = str(kind) if retired_at is None else REPLACED
        seal = _seal(checking.verify_pdf(content=content, at=at))
        return FileCheck(verdict, found, verification(number, at=at), seal, version)
    return _stranger(content, found, at)


def _stranger(content: bytes, found: str, at: datetime) -> FileCheck:
    report = checking.verify_pdf(content=content, at=at)
    claimed = marks.claimed_number(content) or marks.claimed_number(report.information.encode())
    row = verification(claimed, at=at) if claimed else None
    if row is None:
        return FileCheck(UNKNOWN, found, None)
    seal = _seal(report)
    if seal.flaw is None:
        seal = FileSeal(seal.signer, seal.signed_at, seal.demo, NOT_ON_RECORD)
    return FileCheck(ALTERED, found, row, seal)


def _seal(report: checking.SignatureReport) -> FileSeal:
    if report.problem is not None:
        return FileSeal("", None, False, report.problem)
    first = report.signatures[0]
    flaw = next((one.problem for one in report.signatures if one.problem), None)
    if flaw is None and not report.complete:
        flaw = checking.CHANGED_AFTER
    # A name in a signature that does not hold says nothing about who made it.
    if flaw == checking.UNTRUSTED:
        return FileSeal("", None, first.demo, flaw)
    return FileSeal(first.signer_name, first.signed_at, first.demo, flaw)
