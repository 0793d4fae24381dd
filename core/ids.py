"""Identifiers: time-ordered UUIDs, check characters, the unified social credit code."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from uuid import UUID

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MOD37 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def uuid7(*, at: datetime) -> UUID:
    """Return a UUID of version 7 (RFC 9562) that sorts by the moment given."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def uscc_is_valid(code: str) -> bool:
    """Return whether an 18-character USCC carries the right check character (GB 32100-2015)."""
    if len(code) != 18 or any(c not in _USCC_ALPHABET for c in code):
        return False
    return code[17] == uscc_check_character(code[:17])


def uscc_check_character(body: str) -> str:
    """Return the check character of the first 17 characters of a USCC (GB 32100-2015)."""
    total = sum(
        _USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def check_character(body: str) -> str:
    """
    Return the ISO 7064 MOD 37,36 check character of a number; hyphens do not count.

    :raises ValueError: a character is neither a digit nor a capital letter.
    """
    p = 36
    for character in body.replace("-", ""):
        p = (p + _MOD37.index(character)) % 36 or 36
        p = p * 2 % 37
    return _MOD37[(37 - p) % 36]


def has_valid_check_character(number: str) -> bool:
    """Return whether the last character of a number is the check character of the rest."""
    compact = number.replace("-", "").upper()
    if len(compact) < 2 or any(c not in _MOD37 for c in compact):
        return False
    return check_character(compact[:-1]) == compact[-1]


def normalize_uscc(text: str) -> str:
    """Return a USCC as it is stored: half-width capitals without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in plain if not c.isspace() and c not in "-‐‑‒–—")
