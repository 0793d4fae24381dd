"""
Natural persons in what the public reads. Pure.

An organization is named in full; of a person only the surname stays, numbers lose their middle.
Source: clause A15 and 个人信息保护法; docs/sources.md#a15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Identity numbers first: they contain what would pass for a mobile number.
_ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![\dA-Za-z])")
_BANK_CARD = re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐")


def mask_name(name: str) -> str:
    """Return a person's name with the surname only, e.g. 张某某."""
    name = name.strip()
    surname = name[:2] if name.startswith(_COMPOUND) else name[:1]
    return surname + "某" * max(1, len(name) - len(surname))


def mask_text(text: str, *, persons: Iterable[str]) -> str:
    """Return a text with the named persons and every personal number masked."""
    # Longer names first: one may be the beginning of another.
    for person in sorted({p.strip() for p in persons if p.strip()}, key=len, reverse=True):
        text = text.replace(person, mask_name(person))
    text = _ID_NUMBER.sub(r"\1********\2", text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _BANK_CARD.sub(r"\1********\2", text)
    return _EMAIL.sub(r"\1***@\2", text)
