"""
The demo CA: its certificates tell who signed inside one installation, and that they bind nobody.

Source: 电子签名法 第十三条 (what a reliable electronic signature is), which these are not.
"""

from __future__ import annotations

import stringprep
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from core.signatures.held import PrivateKey
from core.signatures.keys import P256, Holder

CA_NAME = "Datadeed demo CA 演示证书机构"
CA_WARNING_ZH = "演示用，不具有法律上可靠电子签名的效力"
CA_WARNING_EN = "Demo only: not a legally reliable electronic signature"
LEAF_WARNING = "演示证书 Demo certificate"
CA_DAYS, LEAF_DAYS = 30 * 365, 10 * 365
# Clocks of the parties differ; a certificate holds a little before it was made.
EARLY_DAYS = 366
RSA_BITS = 2048
# The bound of X.520 on names.
NAME_CHARACTERS_MAX = 64
# What Chinese printers set where a character was missing.
UNKNOWN_CHARACTER = "〓"


def make_key(*, algorithm: str) -> PrivateKey:
    """Return a fresh key of one of the known algorithms."""
    if algorithm == P256:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def make_root(*, key: PrivateKey, at: datetime) -> x509.Certificate:
    """Return the certificate of the demo CA itself."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, CA_WARNING_ZH),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, CA_WARNING_EN),
            x509.NameAttribute(NameOID.COMMON_NAME, CA_NAME),
        ]
    )
    about = _begin(name, name, key, at, CA_DAYS)
    about = about.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    about = about.add_extension(_usage(certificates=True), critical=True)
    return about.sign(key, hashes.SHA256())


def issue(
    *, holder: Holder, key: PrivateKey, root: x509.Certificate, root_key: PrivateKey, at: datetime
) -> x509.Certificate:
    """Return a certificate for the key of a holder, issued by the demo CA."""
    name = name_in_certificate(holder.name)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, holder.id),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, LEAF_WARNING),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    about = _begin(subject, root.subject, key, at, LEAF_DAYS)
    about = about.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    about = about.add_extension(_usage(certificates=False), critical=True)
    about = about.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()),  # type: ignore[arg-type]
        critical=False,
    )
    return about.sign(root_key, hashes.SHA256())


def name_in_certificate(name: str) -> str:
    """
    Return a name as a certificate can carry it: 64 characters, the rarest shown as 〓.

    Programs compare names of certificates by the Unicode of 2002 (RFC 4518, RFC 3454) and fail on
    characters that came later. Who the holder is says the number, which has none.
    """
    kept = name[:NAME_CHARACTERS_MAX]
    return "".join(UNKNOWN_CHARACTER if stringprep.in_table_a1(c) else c for c in kept)


def _begin(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=EARLY_DAYS))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
