"""
Which license a file claims to be, read from its bytes. Pure.

Certificates name their license in the keywords of the file. They are looked for without reading
the file as PDF: what a stranger uploads is never interpreted, only searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from licensing.numbers import StatusPlace, read_number, status_place_of

PDF_HEAD = b"%PDF-"
# The head of a PDF may follow other bytes, but not many (ISO 32000, annex H).
HEAD_BYTES_MAX = 1024
_REASON = re.compile(r"License (WX-[0-9A-Z-]+) status [\d-]+#\d+ version (\d{1,4})")
_MACHINE = re.compile(rb"WX-\d{6}-\d{4}-\d{7}-[0-9A-Z]")


def is_pdf(content: bytes) -> bool:
    """Return whether the bytes begin as a PDF does."""
    return PDF_HEAD in content[:HEAD_BYTES_MAX]


def claimed_number(content: bytes) -> str | None:
    """
    Return the first number of ours that a file names, or None.

    Texts with Chinese characters stand in two bytes a character there, the zero byte written as it
    is or as \\000; both are taken away before looking. A wrong check character is no number.
    """
    plain = content.replace(b"\\000", b"").replace(b"\x00", b"")
    for found in _MACHINE.findall(plain):
        number = read_number(found.decode("ascii"))
        if number is not None:
            return number
    return None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the signature of a certificate states: license, place in the lists, version."""

    machine_number: str
    place: StatusPlace
    version: int


def reason_of(machine_number: str, *, version: int) -> str:
    """Return the words of the signature: the license, its place in the lists, the version."""
    place = status_place_of(machine_number)
    return f"License {machine_number} status {place.list}#{place.index} version {version}"


def read_reason(reason: str) -> Stated | None:
    """Return what the words of a signature state; None when they are not ours."""
    found = _REASON.fullmatch(reason)
    number = read_number(found[1]) if found else None
    if found is None or number is None:
        return None
    stated = Stated(number, status_place_of(number), int(found[2]))
    return stated if reason_of(number, version=stated.version) == reason else None
