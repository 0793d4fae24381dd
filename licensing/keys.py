"""Keys: how they are made, what of them is kept. Pure but for the random source."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

PREFIX_CHARACTERS = 8
SECRET_BYTES = 32
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
KEY_SHAPE = re.compile(r"dd_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Key:
    """A new key; ``text`` is for its holder's eyes and never printed by accident."""

    prefix: str
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the whole key: all that is stored of it."""
        return digest(self.text)


def make() -> Key:
    """Return a new key of 256 random bits; the prefix names it in lists and in logs."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(PREFIX_CHARACTERS))
    return Key(prefix, f"dd_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def digest(text: str) -> bytes:
    """
    Return the SHA-256 of a key.

    A slow hash protects guessable passwords; a key of 256 random bits needs none, and the gate
    must check one on every call.
    """
    return hashlib.sha256(text.encode()).digest()
