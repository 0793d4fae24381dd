"""
Certificates as papers: drawn from their facts, then signed with the key of the authority.

``seal`` is the whole of signing one drawn certificate. Benchmarks call it with the identity of
``core.signatures.software.passing_identity`` (P256 or RSA2048), which needs no database. The drawn
page is the beginning of the signed file, byte for byte.
Source: domain §3.6 (page hash and signature), docs/sources.md#signatures-of-documents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core import hashing
from core.documents.chinese import long_date
from core.signatures.keys import Holder, Identity, identity_of
from core.signatures.places import Place
from core.signatures.signing import sign_pdf
from licensing import marks
from licensing.certificate import Issue, facts_of, to_data
from licensing.documents import LicenseFacts, render_license

# Over the drawn seal, at the lower right of the first page.
SEAL_PLACE = Place(
    name="authority-seal", page=1, left_mm=134, bottom_mm=23, width_mm=40, height_mm=40
)
WATERMARKS = {"ORIGINAL": "补发", "DUPLICATE": "副本 补发"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed certificate, the hash of what was drawn, and the facts it was drawn from."""

    content: bytes
    content_hash: str
    render_hash: str
    facts: dict[str, Any]

    def columns(self) -> dict[str, Any]:
        """Return what a stored document keeps of it."""
        return {
            "file": self.content,
            "content_hash": self.content_hash,
            "render_hash": self.render_hash,
            "facts": self.facts,
        }


def papers_of(issue: Issue, *, at: datetime) -> dict[str, Paper]:
    """
    Return original and duplicate of a license about to be issued, signed at a moment.

    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    :raises UnableToSign: the key of the authority cannot be used; says why.
    """
    authority = Holder(id=issue.authority_uscc, name=issue.authority)
    signer = identity_of(holder=authority, at=at)
    return {
        "ORIGINAL": paper_of(facts_of(issue, copy="ORIGINAL"), identity=signer, at=at),
        "DUPLICATE": paper_of(facts_of(issue, copy="DUPLICATE"), identity=signer, at=at),
    }


def paper_of(
    facts: LicenseFacts, *, identity: Identity, at: datetime, version: int = 1
) -> Paper:
    """Return the signed certificate of some facts."""
    drawn = render_license(facts)
    content = seal(
        content=drawn,
        machine_number=facts.machine_id,
        version=version,
        identity=identity,
        at=at,
    )
    return Paper(content, hashing.digest(content), hashing.digest(drawn), to_data(facts))


def seal(
    *, content: bytes, machine_number: str, identity: Identity, at: datetime, version: int = 1
) -> bytes:
    """
    Return a drawn certificate with the authority's signature: PAdES, no change allowed after.

    The reason of the signature names the license and its place in the status lists, so that a
    checker without a network reads both from signed bytes.

    :raises UnableToSign: the key cannot be used, or the service for time stamps is silent.
    """
    return sign_pdf(
        content=content,
        identity=identity,
        place=SEAL_PLACE,
        at=at,
        reason=marks.reason_of(machine_number, version=version),
    )


def edition_of(facts: LicenseFacts, *, version: int, at: datetime) -> LicenseFacts:
    """Return the facts of a certificate that takes the place of an earlier version."""
    note = f"本证于{long_date(at)}补发（第{version}版），\n此前版本作废。"
    return replace(facts, watermark=WATERMARKS[facts.copy], reissue_note=note)
