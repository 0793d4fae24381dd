"""
Who may sign: holders, their keys and certificates, behind one provider.

``settings.SIGNING_KEYS`` chooses: ``software`` keeps keys in the database, encrypted, with
certificates of the demo CA; ``pkcs11`` uses keys that never leave a device.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.sign.signers.pdf_cms import Signer

P256, RSA2048 = "P256", "RSA2048"
ALGORITHMS = (P256, RSA2048)
_P256_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who signs: ``id`` is the number under which the world knows the holder."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A holder ready to sign: the signer holds the loaded key, or the line to the device."""

    holder: Holder
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signer: Signer
    demo: bool

    @property
    def certificate_pem(self) -> str:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate, in hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def jose_algorithm(self) -> str:
        """Return the name that JOSE has for the signatures of this key."""
        return _jose_algorithm(self.certificate)

    def sign(self, *, data: bytes) -> bytes:
        """Return the bare signature over some bytes, in the form JOSE wants (RFC 7518 §3)."""
        raw = asyncio.run(self.signer.async_sign_raw(data, "sha256"))
        if self.jose_algorithm != "ES256":
            return raw
        r, s = decode_dss_signature(raw)
        return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")


class KeyProvider(Protocol):
    """A place where keys are kept."""

    def identity_of(self, *, holder: Holder, at: datetime, algorithm: str) -> Identity:
        """
        Return the identity of a holder.

        :raises KeysNotConfigured: the place is not set up, or does not open.
        :raises NoKeyOfHolder: it keeps no key of this holder.
        """
        ...

    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Return the roots this place vouches for itself."""
        ...


def provider() -> KeyProvider:
    """Return the place of keys that the settings name."""
    return _PROVIDERS[settings.SIGNING_KEYS]()


def identity_of(*, holder: Holder, at: datetime, algorithm: str = P256) -> Identity:
    """
    Return the identity of a holder from the configured place; software makes one at first use.

    :raises KeysNotConfigured: the place is not set up, or does not open.
    :raises NoKeyOfHolder: it keeps no key of this holder.
    """
    return provider().identity_of(holder=holder, at=at, algorithm=algorithm)


def trust_roots() -> tuple[x509.Certificate, ...]:
    """Return whose certificates are believed: the provider's roots and the site's own file."""
    return (*provider().trusted(), *_roots_of_site())


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return a certificate in the form pyHanko works with."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def holder_id_of(certificate: x509.Certificate) -> str:
    """Return the number of the holder that a certificate names, or nothing."""
    return _first(certificate, x509.NameOID.ORGANIZATION_IDENTIFIER)


def holder_name_of(certificate: x509.Certificate) -> str:
    """Return the name of the holder that a certificate names."""
    oids = x509.NameOID
    return _first(certificate, oids.ORGANIZATION_NAME) or _first(certificate, oids.COMMON_NAME)


def known_names(fingerprints: Collection[str]) -> dict[str, str]:
    """Return the full names of holders whose certificates were made here, by fingerprint."""
    from core.models import SigningKey

    rows = SigningKey.objects.filter(fingerprint__in=fingerprints)
    return dict(rows.values_list("fingerprint", "holder_name"))


def public_jwk(certificate: x509.Certificate) -> dict[str, str]:
    """Return the public key of a certificate as a JSON Web Key (RFC 7517) with its thumbprint."""
    from jwcrypto import jwk

    key = jwk.JWK.from_pem(certificate.public_bytes(Encoding.PEM))
    stated: dict[str, str] = key.export_public(as_dict=True)
    return {**stated, "kid": key.thumbprint(), "use": "sig", "alg": _jose_algorithm(certificate)}


def _jose_algorithm(certificate: x509.Certificate) -> str:
    return "RS256" if isinstance(certificate.public_key(), rsa.RSAPublicKey) else "ES256"


def _first(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _roots_of_site() -> list[x509.Certificate]:
    from core.signatures.errors import KeysNotConfigured

    if not settings.SIGNATURE_TRUST_FILE:
        return []
    try:
        return x509.load_pem_x509_certificates(Path(settings.SIGNATURE_TRUST_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise KeysNotConfigured(what="SIGNATURE_TRUST_FILE") from error


def _software() -> KeyProvider:
    from core.signatures.software import SoftwareKeys

    return SoftwareKeys()


def _device() -> KeyProvider:
    from core.signatures.device import DeviceKeys

    return DeviceKeys.of_settings()


_PROVIDERS: dict[str, Callable[[], KeyProvider]] = {"software": _software, "pkcs11": _device}
