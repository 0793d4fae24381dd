"""
Hashes behind one door: SHA-256 for chains and documents, SM3 beside it where the rules ask.

Source: decision 12 of the architecture; GM/T 0004 for SM3.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes

_ALGORITHMS = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
# Most values of a record are one of these; they are asked for first, as every step hashes some.
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def digest(data: bytes, *, algorithm: str = "sha256") -> str:
    """Return the hex digest of bytes by one of the known algorithms."""
    hasher = hashes.Hash(_ALGORITHMS[algorithm]())
    hasher.update(data)
    return hasher.finalize().hex()


def canonical_json(value: Any) -> bytes:
    """
    Return the one byte form of a value: sorted keys, no spaces, UTF-8, exact numbers.

    Floats are refused: their text differs between machines and they never stand for money.
    """
    return _CANONICAL.encode(plain(value)).encode()


def plain(value: Any) -> Any:
    """
    Return a value as its canonical form has it: times, exact numbers and ids as text.

    :raises TypeError: a float, or something that has no canonical form.
    """
    if type(value) in _AS_IT_IS:
        return value
    if type(value) is dict:
        return {str(key): plain(item) for key, item in value.items()}
    return _plain(value)


def digest_of(value: Any, *, algorithm: str = "sha256") -> str:
    """Return the digest of a value's canonical form."""
    return digest(canonical_json(value), algorithm=algorithm)


def merkle_root(leaves: list[str]) -> str:
    """
    Return the RFC 6962 tree hash over hex leaves, in order.

    The tree of no leaves is the hash of nothing.
    """
    if not leaves:
        return digest(b"")
    level = [bytes.fromhex(digest(b"\x00" + bytes.fromhex(leaf))) for leaf in leaves]
    while len(level) > 1:
        paired = [
            bytes.fromhex(digest(b"\x01" + level[n] + level[n + 1]))
            for n in range(0, len(level) - 1, 2)
        ]
        # RFC 6962 splits at the largest power of two; carrying the odd last node up is the same.
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()


def _plain(value: Any) -> Any:
    match value:
        case float():
            raise TypeError("floats have no canonical form here")
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(plain(item) for item in value)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
