"""
Keys in the database, encrypted with a secret that is not in it; certificates of the demo CA.

A copy of the database alone signs nothing. A key is decrypted once per process and stays loaded.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings
from django.db import transaction

from core.models import SigningKey
from core.signatures import demo_ca
from core.signatures.errors import KeysNotConfigured
from core.signatures.held import HeldKeySigner, PrivateKey
from core.signatures.keys import ALGORITHMS, P256, Holder, Identity, to_asn1

NONCE_BYTES = 12
# How many identities one process keeps loaded, the longest unused leaving first.
LOADED_MAX = 512
ROOT = Holder(id="demo-ca", name=demo_ca.CA_NAME)

_loaded: OrderedDict[str, Identity] = OrderedDict()
_lock = Lock()


class SoftwareKeys:
    """The keys of the platform itself: for demonstrations, tests and trials."""

    def identity_of(self, *, holder: Holder, at: datetime, algorithm: str = P256) -> Identity:
        """
        Return the identity of a holder, making key and certificate at first use.

        A holder that was renamed gets a new key under the new name.

        :raises KeysNotConfigured: the secret does not open the keys of this database.
        """
        if algorithm not in ALGORITHMS:
            raise ValueError(f"unknown algorithm: {algorithm}")
        row = _current(holder.id, SigningKey.Use.SIGN, algorithm)
        if row is None or row.holder_name != holder.name or row.valid_to <= at:
            row = _replace(holder, algorithm, at)
        with _lock:
            known = _loaded.get(row.fingerprint)
            if known is not None:
                _loaded.move_to_end(row.fingerprint)
                return known
        made = _load(row)
        with _lock:
            _loaded[row.fingerprint] = made
            while len(_loaded) > LOADED_MAX:
                _loaded.popitem(last=False)
        return made

    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Return every root this installation has had: what they vouched for stays vouched for."""
        rows = SigningKey.objects.filter(use=SigningKey.Use.CERTIFY).order_by("id")
        return tuple(_certificate(row) for row in rows)


def passing_identity(*, holder: Holder, at: datetime, algorithm: str = P256) -> Identity:
    """
    Return an identity that is kept nowhere, under a demo CA of its own, without a database.

    For measurements and tries: nobody will believe what it signs.
    """
    root_key, key = demo_ca.make_key(algorithm=P256), demo_ca.make_key(algorithm=algorithm)
    root = demo_ca.make_root(key=root_key, at=at)
    certificate = demo_ca.issue(holder=holder, key=key, root=root, root_key=root_key, at=at)
    signer = HeldKeySigner(key=key, certificate=to_asn1(certificate), chain=[to_asn1(root)])
    return Identity(
        holder=holder, certificate=certificate, chain=(root,), signer=signer, demo=True
    )


def _current(holder_id: str, use: str, algorithm: str) -> SigningKey | None:
    return SigningKey.objects.filter(
        holder_id=holder_id, use=use, algorithm=algorithm, retired_at=None
    ).first()


@transaction.atomic
def _replace(holder: Holder, algorithm: str, at: datetime) -> SigningKey:
    root, root_key = _root(at)
    rows = SigningKey.objects.filter(
        holder_id=holder.id, use=SigningKey.Use.SIGN, algorithm=algorithm, retired_at=None
    )
    for row in rows.select_for_update():
        if row.holder_name == holder.name and row.valid_to > at:
            return row
        row.retired_at = at
        row.save(update_fields=["retired_at"])
    key = demo_ca.make_key(algorithm=algorithm)
    certificate = demo_ca.issue(holder=holder, key=key, root=root, root_key=root_key, at=at)
    return _keep(holder, SigningKey.Use.SIGN, algorithm, key, certificate, at)


def _root(at: datetime) -> tuple[x509.Certificate, PrivateKey]:
    row = _current(ROOT.id, SigningKey.Use.CERTIFY, P256)
    if row is None:
        key = demo_ca.make_key(algorithm=P256)
        made = demo_ca.make_root(key=key, at=at)
        row = _keep(ROOT, SigningKey.Use.CERTIFY, P256, key, made, at)
    return _certificate(row), _unlock(row)


def _keep(
    holder: Holder,
    use: str,
    algorithm: str,
    key: PrivateKey,
    certificate: x509.Certificate,
    at: datetime,
) -> SigningKey:
    """Keep a key; when another process was faster, its key is the one."""
    row, _made = SigningKey.objects.get_or_create(
        holder_id=holder.id,
        use=use,
        algorithm=algorithm,
        retired_at=None,
        defaults={
            "holder_name": holder.name,
            "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
            "certificate": certificate.public_bytes(Encoding.PEM).decode("ascii"),
            "locked_key": _lock_up(key, holder.id),
            "valid_from": certificate.not_valid_before_utc,
            "valid_to": certificate.not_valid_after_utc,
            "created_at": at,
        },
    )
    return row


def _load(row: SigningKey) -> Identity:
    certificate = _certificate(row)
    issuers = [
        root for root in SoftwareKeys().trusted() if root.subject == certificate.issuer
    ]
    chain = tuple(root for root in issuers if _issued(root, certificate))
    signer = HeldKeySigner(
        key=_unlock(row),
        certificate=to_asn1(certificate),
        chain=[to_asn1(root) for root in chain],
    )
    return Identity(
        holder=Holder(id=row.holder_id, name=row.holder_name),
        certificate=certificate,
        chain=chain,
        signer=signer,
        demo=True,
    )


def _issued(root: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _certificate(row: SigningKey) -> x509.Certificate:
    return x509.load_pem_x509_certificate(row.certificate.encode("ascii"))


def _cipher() -> AESGCM:
    secret = settings.SIGNING_KEY_SECRET.encode()
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"datadeed signing keys 1")
    return AESGCM(derive.derive(secret))


def _lock_up(key: PrivateKey, holder_id: str) -> bytes:
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(NONCE_BYTES)
    # The holder is bound in: a key moved to the row of another holder does not open.
    return nonce + _cipher().encrypt(nonce, plain, holder_id.encode())


def _unlock(row: SigningKey) -> PrivateKey:
    locked = bytes(row.locked_key)
    try:
        plain = _cipher().decrypt(
            locked[:NONCE_BYTES], locked[NONCE_BYTES:], row.holder_id.encode()
        )
    except InvalidTag as error:
        raise KeysNotConfigured(what="SIGNING_KEY_SECRET") from error
    key = load_der_private_key(plain, password=None)
    assert isinstance(key, PrivateKey)
    return key
