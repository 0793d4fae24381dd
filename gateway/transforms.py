"""
What is done to a value before it leaves: mask, generalize, keyed hash, suppress. Pure.

Source: domain §3.5 (desensitization), docs/sources.md#desensitization.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

MASK_HEAD, MASK_TAIL = 3, 4
_YES = frozenset({"Y", "YES", "TRUE", "T", "1", "是", "有"})
_NO = frozenset({"N", "NO", "FALSE", "F", "0", "否", "无"})

Transform = Callable[[Any], Any]


def transform_of(rule: str, *, key: bytes) -> Transform:
    """Return the function of a rule; an unknown rule withholds the value."""
    if rule == "MASK":
        return mask
    if rule == "GENERALIZE":
        return generalize
    if rule == "HASH":
        return lambda value: keyed_hash(value, key=key)
    return suppress


def hash_key(*, secret: str, license_id: UUID) -> bytes:
    """Return the key of one license: two licensees cannot match their hashes with each other."""
    return hmac.new(secret.encode(), f"delivery:{license_id}".encode(), hashlib.sha256).digest()


def mask(value: Any) -> str | None:
    """Return a value with its middle covered; a short one is covered whole."""
    if value is None:
        return None
    text = str(value)
    if len(text) <= MASK_HEAD + MASK_TAIL:
        return "*" * len(text)
    covered = "*" * (len(text) - MASK_HEAD - MASK_TAIL)
    return text[:MASK_HEAD] + covered + text[-MASK_TAIL:]


def generalize(value: Any) -> str | None:
    """Return the band of a number, the month of a date, the first third of a text."""
    match value:
        case None | bool():
            return None
        case int() | float() | Decimal():
            return _band(Decimal(str(value)))
        case datetime() | date():
            return f"{value:%Y-%m}"
        case _:
            text = str(value)
            return text[: len(text) // 3] + "*"


def keyed_hash(value: Any, *, key: bytes) -> str | None:
    """Return the HMAC-SHA-256 of a value: equal values stay equal, nothing can be looked up."""
    if value is None:
        return None
    return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()


def suppress(_value: Any) -> None:
    """Return nothing."""


def yes_or_no(value: Any) -> bool | None:
    """Return a flag as yes or no; anything that is not a flag does not leave."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().upper()
    if text in _YES:
        return True
    return False if text in _NO else None


def _band(value: Decimal) -> str | None:
    if not value.is_finite():
        return None
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    width = Decimal(10) ** abs(value).adjusted()
    low = (abs(value) // width) * width
    return f"{sign}{low:f}~{sign}{low + width:f}"
