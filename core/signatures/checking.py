"""
Tell everything about the signatures of a PDF, and never fail on its bytes.

A stranger's file is looked through before it is read as PDF (``core.hostile``), then read strictly
and within limits; whatever goes wrong in it is a named problem of the report, not an error.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core import hostile
from core.signatures import keys
from core.uploads import UPLOAD_BYTES_MAX

logger = logging.getLogger(__name__)

TOO_LARGE, NOT_PDF, HOSTILE, UNREADABLE = "TOO_LARGE", "NOT_PDF", "HOSTILE", "UNREADABLE"
TOO_MANY, UNSIGNED = "TOO_MANY", "UNSIGNED"
BROKEN, UNTRUSTED, CHANGED_AFTER = "BROKEN", "UNTRUSTED", "CHANGED_AFTER"
UNREADABLE_SIGNATURE = "UNREADABLE_SIGNATURE"
# More signatures, or more additions to a file, than any document of ours has.
SIGNATURES_MAX = 40
REVISIONS_MAX = 100
HEAD_BYTES_MAX = 1024
INFORMATION_CHARACTERS_MAX = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFinding:
    """
    What was found out about one signature.

    ``intact``: the bytes it covers are what was signed. ``trusted``: its certificate leads to a
    root believed here and was valid at the moment asked. ``covers_document``: nothing follows it.
    ``modification`` is what was added after it: NONE, LTA_UPDATES, FORM_FILLING, ANNOTATIONS or
    OTHER; ``permitted`` whether the document allows that. ``signed_at`` is what the signer says,
    ``timestamped_at`` what a time-stamping service says. ``problem`` names what is wrong first.
    """

    field: str
    signer_name: str
    holder_id: str
    issuer_name: str
    fingerprint: str
    signed_at: datetime | None
    timestamped_at: datetime | None
    intact: bool
    trusted: bool
    covers_document: bool
    modification: str
    permitted: bool
    demo: bool
    reason: str
    problem: str | None

    @property
    def holds(self) -> bool:
        """Return whether nothing is wrong with it."""
        return self.problem is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """
    What was found out about a file; ``problem`` says why nothing could be, or that none is there.

    ``complete``: the last signature covers the file to its end.
    """

    problem: str | None
    signatures: tuple[SignatureFinding, ...] = field(default=())
    complete: bool = False
    # What the file says about itself and in the reasons of its signatures; whoever made it.
    information: str = ""

    @property
    def sound(self) -> bool:
        """Return whether every signature holds and nothing was added after the last."""
        return self.problem is None and self.complete and all(s.holds for s in self.signatures)

    def signed_by(self, holder_id: str) -> bool:
        """Return whether a holder's signature is there and holds."""
        return any(s.holds and s.holder_id == holder_id for s in self.signatures)


def verify_pdf(
    *, content: bytes, at: datetime, roots: Iterable[x509.Certificate] | None = None
) -> SignatureReport:
    """
    Return what the signatures of a PDF are worth at a moment, whatever the bytes are.

    ``roots`` are the certificates to believe, by default those of this installation.
    """
    problem = _obstacle(content)
    if problem is not None:
        return SignatureReport(problem=problem)
    believed = [keys.to_asn1(r) for r in (keys.trust_roots() if roots is None else roots)]
    try:
        reader = PdfFileReader(io.BytesIO(content))
        if reader.xrefs.total_revisions > REVISIONS_MAX:
            return SignatureReport(problem=TOO_MANY)
        embedded, information = reader.embedded_signatures, _information(reader)
    except Exception:
        # Bytes of strangers break readers in every way there is; which way is for the log.
        logger.info("A PDF cannot be read", exc_info=True)
        return SignatureReport(problem=UNREADABLE)
    if not embedded:
        return SignatureReport(problem=UNSIGNED, information=information)
    if len(embedded) > SIGNATURES_MAX:
        return SignatureReport(problem=TOO_MANY)
    report = replace(asyncio.run(_report(embedded, believed, at)), information=information)
    return _named(report) if roots is None else report


def _information(reader: PdfFileReader) -> str:
    stated: Any = {}
    if "/Info" in reader.trailer_view:
        # Asked by its key, an entry is what it refers to.
        stated = reader.trailer_view["/Info"]
    said = [str(stated[name]) for name in ("/Title", "/Subject", "/Keywords") if name in stated]
    said += [str(one.sig_object.get("/Reason", "")) for one in reader.embedded_signatures]
    return "\n".join(said)[:INFORMATION_CHARACTERS_MAX]


def _named(report: SignatureReport) -> SignatureReport:
    """Give holders known here their full names: a certificate cannot carry every character."""
    names = keys.known_names({found.fingerprint for found in report.signatures})
    return replace(
        report,
        signatures=tuple(
            replace(found, signer_name=names.get(found.fingerprint, found.signer_name))
            for found in report.signatures
        ),
    )


def _obstacle(content: bytes) -> str | None:
    if len(content) > UPLOAD_BYTES_MAX:
        return TOO_LARGE
    if b"%PDF-" not in content[:HEAD_BYTES_MAX]:
        return NOT_PDF
    if hostile.find_threat(content=content, is_pdf=True) is not None:
        return HOSTILE
    if content.count(b"startxref") > REVISIONS_MAX or content.count(b"/ByteRange") > (
        SIGNATURES_MAX
    ):
        return TOO_MANY
    return None


async def _report(
    embedded: list[EmbeddedPdfSignature], believed: list[Any], at: datetime
) -> SignatureReport:
    found, complete = [], False
    for one in embedded:
        stamp = one.sig_object_type == "/DocTimeStamp"
        try:
            status = await (_stamped(one, believed, at) if stamp else _signed(one, believed, at))
            whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
            complete = complete or (whole and status.intact and status.valid)
            if not stamp:
                found.append(_finding(one, status))
        except Exception:
            logger.info("A signature cannot be read", exc_info=True)
            found.append(_unreadable(one))
    if not found:
        return SignatureReport(problem=UNSIGNED)
    return SignatureReport(problem=None, signatures=tuple(found), complete=complete)


async def _signed(one: EmbeddedPdfSignature, believed: list[Any], at: datetime) -> Any:
    return await async_validate_pdf_signature(
        one, _context(believed, at), ts_validation_context=_context(believed, at)
    )


async def _stamped(one: EmbeddedPdfSignature, believed: list[Any], at: datetime) -> Any:
    return await async_validate_pdf_timestamp(one, _context(believed, at))


def _context(believed: list[Any], at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=believed, moment=at, allow_fetching=False, revocation_mode="soft-fail"
    )


def _finding(one: EmbeddedPdfSignature, status: Any) -> SignatureFinding:
    certificate = x509.load_der_x509_certificate(one.signer_cert.dump())
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.trusted
    level = status.modification_level
    intact, permitted = status.intact and status.valid, bool(status.docmdp_ok)
    return SignatureFinding(
        field=one.field_name,
        signer_name=keys.holder_name_of(certificate),
        holder_id=keys.holder_id_of(certificate),
        issuer_name=certificate.issuer.rfc4514_string(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        signed_at=one.self_reported_timestamp,
        timestamped_at=stamp.timestamp if stamped else None,
        intact=intact,
        trusted=bool(status.trusted),
        covers_document=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        modification=(level or ModificationLevel.OTHER).name,
        permitted=permitted,
        demo=_is_demo(certificate),
        reason=str(one.sig_object.get("/Reason", "")),
        problem=_problem(intact, permitted, status),
    )


def _problem(intact: bool, permitted: bool, status: Any) -> str | None:
    if not intact or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return BROKEN
    if not permitted:
        return CHANGED_AFTER
    return None if status.trusted and status.seed_value_ok else UNTRUSTED


def _is_demo(certificate: x509.Certificate) -> bool:
    from core.signatures.demo_ca import LEAF_WARNING

    units = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(unit.value == LEAF_WARNING for unit in units)


def _unreadable(one: EmbeddedPdfSignature) -> SignatureFinding:
    return SignatureFinding(
        field=str(one.field_name),
        signer_name="",
        holder_id="",
        issuer_name="",
        fingerprint="",
        signed_at=None,
        timestamped_at=None,
        intact=False,
        trusted=False,
        covers_document=False,
        modification=ModificationLevel.OTHER.name,
        permitted=False,
        demo=False,
        reason="",
        problem=UNREADABLE_SIGNATURE,
    )
