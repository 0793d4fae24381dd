"""
Keys in a device (PKCS#11): a smart card, a security module, or a cloud service with such a library.

The key of a holder is found by its label; ``settings.PKCS11_LABEL`` says how a label is made from
the holder's number. Key and certificate carry the same label. One session stays open per process.
"""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from core.signatures.errors import KeysNotConfigured, NoKeyOfHolder
from core.signatures.keys import Holder, Identity, holder_id_of

_lock = Lock()
_opened: dict[tuple[int, str, str], Any] = {}
_identities: dict[tuple[int, str, str, str], Identity] = {}


class DeviceKeys:
    """The keys of a device; this software never sees them."""

    def __init__(self, *, module: str, token: str, pin: str, label: str) -> None:
        self.module, self.token, self.pin, self.label = module, token, pin, label

    @classmethod
    def of_settings(cls) -> DeviceKeys:
        """
        Return the device that the settings name.

        :raises KeysNotConfigured: a setting is missing.
        """
        needed = {"PKCS11_MODULE": settings.PKCS11_MODULE, "PKCS11_TOKEN": settings.PKCS11_TOKEN}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise KeysNotConfigured(what=", ".join(missing))
        return cls(
            module=settings.PKCS11_MODULE,
            token=settings.PKCS11_TOKEN,
            pin=settings.PKCS11_PIN,
            label=settings.PKCS11_LABEL,
        )

    def identity_of(self, *, holder: Holder, at: datetime, algorithm: str = "") -> Identity:
        """
        Return the identity of a holder; the device says of what kind its key is.

        :raises KeysNotConfigured: package or library is missing, or the token does not open.
        :raises NoKeyOfHolder: the token has no key and certificate of the holder's label.
        """
        label = self.label.format(id=holder.id)
        with _lock:
            place = (os.getpid(), self.module, self.token, label)
            if place not in _identities:
                _identities[place] = self._find(holder, label)
            return _identities[place]

    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Return nothing: whom to believe says the file SIGNATURE_TRUST_FILE."""
        return ()

    def _find(self, holder: Holder, label: str) -> Identity:
        try:
            from pkcs11 import PKCS11Error
            from pyhanko.sign.general import SigningError
        except ImportError as error:
            raise KeysNotConfigured(what="pip install 'pyHanko[pkcs11]'") from error
        signer = _signer_class()(
            self._session(), cert_label=label, key_label=label, other_certs_to_pull=None
        )
        try:
            asyncio.run(signer.ensure_objects_loaded())
        except (PKCS11Error, SigningError) as error:
            raise NoKeyOfHolder(holder=holder.name) from error
        assert signer.signing_cert is not None
        certificate = x509.load_der_x509_certificate(signer.signing_cert.dump())
        # Every device signs a digest with ECDSA; hashing as well is what many do not do.
        signer.use_raw_mechanism = isinstance(
            certificate.public_key(), ec.EllipticCurvePublicKey
        )
        if holder_id_of(certificate) not in {"", holder.id}:
            raise NoKeyOfHolder(holder=holder.name)
        return Identity(
            holder=holder, certificate=certificate, chain=(), signer=signer, demo=False
        )

    def _session(self) -> Any:
        """Return the open session; the caller holds the lock."""
        from pkcs11 import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import open_pkcs11_session

        place = (os.getpid(), self.module, self.token)
        if place not in _opened:
            try:
                _opened[place] = open_pkcs11_session(
                    self.module,
                    token_criteria=TokenCriteria(label=self.token),
                    user_pin=self.pin or None,
                )
            except (PKCS11Error, OSError, RuntimeError) as error:
                what = f"PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN ({type(error).__name__})"
                raise KeysNotConfigured(what=what) from error
        return _opened[place]


def forget() -> None:
    """Let every session go: the next signature opens the device anew."""
    with _lock:
        _opened.clear()
        _identities.clear()


@cache
def _signer_class() -> Any:
    from pkcs11 import PKCS11Error
    from pyhanko.sign.pkcs11 import PKCS11Signer

    class DeviceSigner(PKCS11Signer):
        """Tells of a device that was pulled out or restarted, and opens it anew next time."""

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            """Return the signature of the device."""
            try:
                raw = await super().async_sign_raw(data, digest_algorithm, dry_run)
            except PKCS11Error as error:
                forget()
                what = f"PKCS11_MODULE ({type(error).__name__})"
                raise KeysNotConfigured(what=what) from error
            return bytes(raw)

    return DeviceSigner
