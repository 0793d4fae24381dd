"""
Check a certificate without a network: its signature, and its bits in status lists kept at hand.

Nothing is read but the file, the lists and the roots to believe. Source: W3C Bitstring Status List
v1.0 §3.2 (validation), docs/sources.md#status-lists.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from jwcrypto import jwk, jws
from jwcrypto.common import JWException

from core.signatures import checking, keys
from licensing import marks, status_list
from licensing.marks import Stated

GENUINE, ALTERED, UNKNOWN, SUPERSEDED = "GENUINE", "ALTERED", "UNKNOWN", "SUPERSEDED"
ENDED, SUSPENDED, STATUS_UNKNOWN = "ENDED", "SUSPENDED", "STATUS_UNKNOWN"
TOKEN_BYTES_MAX = 1024 * 1024
CHAIN_MAX = 5
ALGORITHMS = ("ES256", "RS256")


class UnusableList(Exception):
    """A status list that says nothing about this certificate; the text says why."""


@dataclass(frozen=True, slots=True)
class OfflineAnswer:
    """
    What can be said of a certificate from what is at hand.

    ``answer`` is GENUINE only when the signature holds and both lists, still valid, say nothing
    against it; STATUS_UNKNOWN when the signature holds and a list is missing. ``signer`` and
    ``machine_number`` come from signed bytes. ``as_of`` is when the older list was begun.
    """

    answer: str
    signer: str = ""
    machine_number: str = ""
    version: int = 0
    as_of: datetime | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    purpose: str
    bits: bytes
    versions: dict[str, int]
    begun: datetime


def check(
    *, content: bytes, lists: Sequence[bytes], roots: Sequence[x509.Certificate], at: datetime
) -> OfflineAnswer:
    """
    Return what a certificate is and how its license stands, by the lists given.

    :raises UnusableList: a list is not signed by the certificate's authority, is no longer valid,
        or is about other licenses.
    """
    report = checking.verify_pdf(content=content, at=at, roots=roots)
    signed = report.signatures[0] if report.signatures else None
    stated = marks.read_reason(signed.reason) if signed is not None else None
    if stated is None:
        claimed = marks.claimed_number(content) or marks.claimed_number(
            report.information.encode()
        )
        flaw = report.problem or (signed and signed.problem) or checking.UNSIGNED
        return OfflineAnswer(ALTERED if claimed else UNKNOWN, flaw=flaw)
    if signed is None or not report.sound:
        flaw = (signed and signed.problem) or checking.CHANGED_AFTER
        return OfflineAnswer(ALTERED, machine_number=stated.machine_number, flaw=flaw)
    read = [_read(token, stated, signed.holder_id, roots, at) for token in lists]
    return OfflineAnswer(
        _status(stated, {one.purpose: one for one in read}),
        signer=signed.signer_name,
        machine_number=stated.machine_number,
        version=stated.version,
        as_of=min((one.begun for one in read), default=None),
    )


def _status(stated: Stated, read: dict[str, _Read]) -> str:
    index = stated.place.index
    ended, stopped = read.get(status_list.REVOCATION), read.get(status_list.SUSPENSION)
    if ended is not None and status_list.is_set(ended.bits, index):
        return ENDED
    if any(one.versions.get(str(index), 1) > stated.version for one in read.values()):
        return SUPERSEDED
    if stopped is not None and status_list.is_set(stopped.bits, index):
        return SUSPENDED
    return STATUS_UNKNOWN if ended is None or stopped is None else GENUINE


def _read(
    token: bytes,
    stated: Stated,
    holder_id: str,
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> _Read:
    try:
        said, signer = _opened(token, roots, at)
        subject = said["credentialSubject"]
        begun, until = (
            datetime.fromisoformat(said[name]) for name in ("validFrom", "validUntil")
        )
        bits = status_list.decode(subject["encodedList"])
        purpose, url = str(subject["statusPurpose"]), str(said["id"])
        versions = {str(k): int(v) for k, v in said.get("certificateVersions", {}).items()}
    except (JWException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableList(f"the list cannot be read: {error}") from error
    if keys.holder_id_of(signer) != holder_id:
        raise UnusableList("the list is signed by somebody else than the certificate")
    if at > until:
        raise UnusableList(f"the list held until {until.isoformat()}; fetch a new one")
    if purpose not in status_list.PURPOSES or url.rpartition("/")[2] != stated.place.list:
        raise UnusableList(f"the list is about other licenses: {url}")
    return _Read(purpose, bits, versions, begun)


def _opened(
    token: bytes, roots: Sequence[x509.Certificate], at: datetime
) -> tuple[dict[str, Any], x509.Certificate]:
    """Return what a signed list says and who signed it, after checking the signature."""
    if len(token) > TOKEN_BYTES_MAX:
        raise ValueError("too long")
    text = token.decode("ascii").strip()
    head = text.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    chain = [
        x509.load_der_x509_certificate(base64.b64decode(one)) for one in header["x5c"][:CHAIN_MAX]
    ]
    _believe(chain, roots, at)
    opened = jws.JWS()
    opened.allowed_algs = list(ALGORITHMS)
    opened.deserialize(text)
    opened.verify(jwk.JWK.from_pem(chain[0].public_bytes(Encoding.PEM)))
    said = json.loads(opened.payload)
    if header.get("typ") != status_list.TOKEN_TYPE or not isinstance(said, dict):
        raise ValueError("no status list")
    return said, chain[0]


def _believe(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> None:
    """Refuse a chain that leads to no root believed, or a link of it that does not hold."""
    for number, one in enumerate(chain):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise ValueError("a certificate of the list is out of date")
        if any(_issued_by(one, root) for root in roots):
            return
        if number + 1 == len(chain) or not _issued_by(one, chain[number + 1]):
            break
    raise ValueError("the list is signed with a certificate that is not trusted")


def _issued_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return constraints.ca
