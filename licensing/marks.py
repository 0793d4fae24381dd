"""
Which license a file claims to be, read from its bytes. Pure.

Certificates name their license in the keywords of the file. They are looked for without reading
the file as PDF: what a stranger uploads is never interpreted, only searched.
"""

from __future__ import annotations

import re

from licensing.numbers import read_number

PDF_HEAD = b"%PDF-"
# The head of a PDF may follow other bytes, but not many (ISO 32000, annex H).
HEAD_BYTES_MAX = 1024
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
