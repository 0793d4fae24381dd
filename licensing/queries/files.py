"""Is this file the certificate that was issued? Answered for everyone, from its bytes alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import hashing
from licensing import marks
from licensing.models import LicenseDocument
from licensing.queries.public import PublicLicense, verification

ORIGINAL, DUPLICATE, ALTERED, UNKNOWN = "ORIGINAL", "DUPLICATE", "ALTERED", "UNKNOWN"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """
    What a file is: ORIGINAL or DUPLICATE as issued, ALTERED, or UNKNOWN here.

    ``license`` is the public answer about the license it is, or claims to be; None for UNKNOWN.
    """

    verdict: str
    content_hash: str
    license: PublicLicense | None


def file_check(*, content: bytes, at: datetime) -> FileCheck:
    """
    Return whether these bytes are a certificate as it was issued, and how its license stands.

    A file that names a license of ours and is not byte for byte what was issued is ALTERED.
    Source: domain §3.6 (identical terms give identical bytes).
    """
    found = hashing.digest(content)
    issued = (
        LicenseDocument.objects.filter(content_hash=found)
        .values_list("kind", "license__machine_number")
        .order_by("id")
        .first()
    )
    if issued is not None:
        kind, number = issued
        return FileCheck(str(kind), found, verification(number, at=at))
    claimed = marks.claimed_number(content)
    row = verification(claimed, at=at) if claimed else None
    return FileCheck(ALTERED if row else UNKNOWN, found, row)
