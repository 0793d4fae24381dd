"""
One-time codes by time (RFC 6238) and how their secrets are kept. Knows no database.

The algorithm is django-otp's; the time is a parameter, so that a demonstration and a test run on
their own clock. A secret is stored sealed: whoever reads the database alone cannot make codes.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django_otp.oath import TOTP

SECRET_BYTES = 20
STEP_SECONDS = 30
DIGITS = 6
# How many steps a telephone may be early or late.
STEPS_ASIDE = 1
ISSUER = "Datadeed"
RECOVERY_CODES = 10
RECOVERY_BYTES = 10


class SecretUnreadable(Exception):
    """A sealed secret that the key of this site does not open."""


def new_secret() -> bytes:
    """Return a secret as long as the algorithm's own hash."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(*, secret: bytes) -> bytes:
    """Return a secret as it is stored."""
    return _box().encrypt(secret)


def unseal(*, sealed: bytes | memoryview[int]) -> bytes:
    """
    Return a stored secret.

    :raises SecretUnreadable: it was sealed with another key.
    """
    try:
        return _box().decrypt(bytes(sealed))
    except InvalidToken as error:
        raise SecretUnreadable from error


def code_at(*, secret: bytes, at: datetime, aside: int = 0) -> str:
    """Return the code of the step of ``at``, or of the step so many before or after."""
    found = TOTP(secret, step=STEP_SECONDS, digits=DIGITS, drift=aside)
    found.time = at.timestamp()
    return f"{found.token():0{DIGITS}d}"


def step_of(*, secret: bytes, code: str, at: datetime) -> int | None:
    """Return the step whose code this is, if it lies within STEPS_ASIDE of ``at``; else None."""
    plain = plain_code(code)
    if not (plain.isascii() and plain.isdigit() and len(plain) == DIGITS):
        return None
    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    # Every step is compared, so that the time taken tells nothing.
    for aside in range(-STEPS_ASIDE, STEPS_ASIDE + 1):
        expected = code_at(secret=secret, at=at, aside=aside)
        if secrets.compare_digest(expected, plain) and found is None:
            found = present + aside
    return found


def unused_code(*, secret: bytes, at: datetime, used: Collection[int]) -> str:
    """Return a code that holds at ``at`` and was not used yet; the present one if possible."""
    present = int(at.timestamp()) // STEP_SECONDS
    order = (0, 1, -1)
    aside = next((a for a in order if present + a not in used), 0)
    return code_at(secret=secret, at=at, aside=aside)


def address(*, secret: bytes, username: str) -> str:
    """Return the otpauth address that an authenticator application reads from the picture."""
    label = quote(f"{ISSUER}:{username}")
    words = urlencode(
        {
            "secret": text_of(secret=secret),
            "issuer": ISSUER,
            "digits": DIGITS,
            "period": STEP_SECONDS,
        }
    )
    return f"otpauth://totp/{label}?{words}"


def text_of(*, secret: bytes) -> str:
    """Return a secret as one types it into an application."""
    return base64.b32encode(secret).decode().rstrip("=")


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes for a lost telephone; each can be used once."""
    found = []
    for _number in range(RECOVERY_CODES):
        plain = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
        found.append("-".join(plain[n : n + 4] for n in range(0, len(plain), 4)))
    return tuple(found)


def hash_of_recovery_code(*, code: str) -> str:
    """Return what is stored of a recovery code; 80 random bits need no slow hash."""
    return sha256(plain_code(code).lower().replace("-", "").encode()).hexdigest()


def plain_code(code: str) -> str:
    """Return a code without the blanks people type."""
    return "".join(code.split())


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"datadeed second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
