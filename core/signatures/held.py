"""A signer of pyHanko that holds its key loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.attributes import CMSAttributeProvider, SigningCertificateV2Provider
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# The longest DER form of an ECDSA signature over P-256.
_P256_DER_BYTES_MAX = 72
_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class _NamedCertificate(CMSAttributeProvider):
    """
    The attribute that names the certificate by its SHA-256 (RFC 5035), made once.

    Built from its parts it is encoded anew, part by part and over and over, for every signature.
    Issuer and number are optional here; they stand beside the signature already.
    """

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        named = {"cert_hash": hashlib.sha256(certificate.dump()).digest()}
        self._encoded = tsp.SigningCertificateV2({"certs": [named]}).dump()

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        """Return the attribute as it was encoded."""
        return tsp.SigningCertificateV2.load(self._encoded)


class HeldKeySigner(Signer):
    """
    Signs with a key object that stays loaded.

    pyHanko's own signer reads the key from its bytes for every signature, which for RSA costs a
    hundred times what the signature does.
    """

    def __init__(
        self,
        *,
        key: PrivateKey,
        certificate: asn1_x509.Certificate,
        chain: Iterable[asn1_x509.Certificate],
    ) -> None:
        # The certificate goes into the file by itself, and whoever checks has the root already.
        store = SimpleCertificateStore.from_certs(chain)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self._key = key
        self._named = _NamedCertificate(certificate)

    def _signed_attr_providers(
        self, *args: Any, **settings: Any
    ) -> Iterable[CMSAttributeProvider]:
        for provider in super()._signed_attr_providers(*args, **settings):
            made = isinstance(provider, SigningCertificateV2Provider)
            yield self._named if made else provider

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the signature; a dry run only tells how long it will be at most."""
        key, digest = self._key, _HASHES[digest_algorithm]()
        if isinstance(key, rsa.RSAPrivateKey):
            return b"\0" * (key.key_size // 8) if dry_run else key.sign(
                data, padding.PKCS1v15(), digest
            )
        return b"\0" * _P256_DER_BYTES_MAX if dry_run else key.sign(data, ec.ECDSA(digest))
