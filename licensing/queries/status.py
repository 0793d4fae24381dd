"""The status lists of licenses as they stand now, signed by the authority."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import Max, QuerySet

from core import hashing
from core.errors import NotFound
from core.signatures.keys import (
    Holder,
    Identity,
    identity_of,
    public_jwk,
    trust_roots,
)
from licensing import status_list
from licensing.models import License, LicenseDocument
from licensing.numbers import STATUS_ENTRIES, read_status_list, status_place_of
from licensing.queries.public import ENDED, STOPPED, effective_state, standing_of
from parties import queries as parties
from parties.roles import Kind

STATUS_PATH = "/status/"
_SHOWN_BY = {status_list.REVOCATION: ENDED, status_list.SUSPENSION: STOPPED}


@dataclass(frozen=True, slots=True)
class SignedList:
    """A status list as a signed token; ``tag`` changes with what it says."""

    token: bytes
    tag: str


def status_list_token(*, purpose: str, name: str, at: datetime) -> SignedList | None:
    """
    Return a status list as it stands at a moment, signed (JWS, VC-JOSE-COSE); None for no list.

    ``purpose`` is revocation (the license has ended, by whatever) or suspension (it is not in
    force at the moment); ``name`` is the year of the numbers.

    :raises UnableToSign: the key of the authority cannot be used.
    """
    part = read_status_list(name)
    signer = _authority(at)
    if purpose not in status_list.PURPOSES or part is None or signer is None:
        return None
    rows = _rows(*part)
    if not rows.exists():
        return None
    shown = _SHOWN_BY[purpose]
    states = {_index(row): standing_of(effective_state(row, at=at)) for row in rows}
    said = status_list.credential(
        purpose=purpose,
        url=f"{settings.PUBLIC_BASE_URL}{STATUS_PATH}{purpose}/{name}",
        issuer=settings.PUBLIC_BASE_URL,
        indexes=[index for index, standing in states.items() if standing == shown],
        versions=_versions(rows),
        at=at.astimezone(UTC),
    )
    payload = hashing.canonical_json(said)
    return SignedList(_token(payload, signer), hashing.digest(payload)[:32])


def status_keys(*, at: datetime) -> dict[str, Any]:
    """Return the public keys that status lists are signed with, as a JSON Web Key Set."""
    signer = _authority(at)
    return {"keys": [public_jwk(signer.certificate)] if signer else []}


def trusted_roots_pem() -> bytes:
    """Return the certificates a checker has to believe, as PEM."""
    return b"".join(root.public_bytes(Encoding.PEM) for root in trust_roots())


def _rows(year: int, first: int) -> QuerySet[License]:
    return (
        License.objects.select_related("agreement", "dataset")
        .only(
            "machine_number",
            "serial",
            "state",
            "valid_to",
            "agreement__state",
            "dataset__state",
        )
        .filter(
            machine_number__startswith=f"WX-{year}",
            serial__gte=first,
            serial__lt=first + STATUS_ENTRIES,
        )
        .order_by("serial")
    )


def _index(row: License) -> int:
    return status_place_of(row.machine_number).index


def _versions(rows: QuerySet[License]) -> dict[int, int]:
    numbers = (
        LicenseDocument.objects.filter(license__in=rows.values("pk"), version__gt=1)
        .values("license__machine_number")
        .annotate(last=Max("version"))
        .values_list("license__machine_number", "last")
    )
    return {status_place_of(number).index: last for number, last in numbers.order_by("last")}


def _authority(at: datetime) -> Identity | None:
    try:
        found = parties.the(Kind.AUTHORITY)
    except NotFound:
        return None
    return identity_of(holder=Holder(id=found.uscc, name=found.name), at=at)


def _token(payload: bytes, signer: Identity) -> bytes:
    chain = [signer.certificate, *signer.chain]
    header = {
        "alg": signer.jose_algorithm,
        "typ": status_list.TOKEN_TYPE,
        "kid": public_jwk(signer.certificate)["kid"],
        "x5c": [base64.b64encode(c.public_bytes(Encoding.DER)).decode("ascii") for c in chain],
    }
    head = _text(json.dumps(header, separators=(",", ":"), sort_keys=True).encode())
    signed = head + b"." + _text(payload)
    return signed + b"." + _text(signer.sign(data=signed))


def _text(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
