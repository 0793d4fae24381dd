"""
What in a file would act by itself when somebody opens it. Pure.

A PDF is looked through where its actions can stand: in its objects and in its packed streams of
objects; names are read with their escapes, as a viewer reads them. What cannot be looked into is
refused like what was found. This is no virus scanner; a site adds one (``core.scanner``).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# All packed streams of objects of one file may unfold to this much.
UNFOLDED_BYTES_MAX = 64 * 1024 * 1024
# The test string of the antivirus industry, in two parts so that this file is not reported.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# How far before the word that names a packed stream its dictionary may say how it is packed.
_DICTIONARY_BYTES_MAX = 512


def _name(*words: str) -> str:
    """Return a pattern of PDF names: every sign may stand as itself or as its escape."""
    spelled = (
        "".join(f"(?:{sign}|#{ord(sign):02x}|#{ord(sign):02X})" for sign in word) for word in words
    )
    return f"/(?:{'|'.join(spelled)})(?![A-Za-z0-9_.-])"


_ACTIVE = re.compile(
    _name(
        "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData",
        "SubmitForm",
    ).encode()
    # A form with a life of its own. Three letters alone could be chance in the bytes of a picture.
    + b"|" + _name("XFA").encode() + rb"\s*(?:\[|\d+\s+\d+\s+R)"
    # An action at opening; a mere place to open at, written as a list, is harmless.
    + b"|" + _name("OpenAction").encode() + rb"(?!\s*\[)"
)  # fmt: skip
_LOCKED = re.compile(_name("Encrypt").encode())
_PACKED = re.compile(_name("ObjStm").encode())
_FILTER = re.compile(_name("Filter").encode())
_STREAM = re.compile(rb"stream\r?\n")
# Numbers of objects and where they begin: nothing else stands first in a stream of objects.
_OBJECTS = re.compile(rb"\s*\d+\s+\d+\s")


class _Opaque(Exception):
    """A stream of objects that cannot be looked into."""


def find_threat(*, content: bytes, is_pdf: bool) -> str | Promise | None:
    """Return why a file is refused, or None."""
    if _EICAR in content:
        return _("The scanner found something harmful in this file.")
    if not is_pdf:
        return None
    try:
        parts = [content, *_objects_in(content)]
    except _Opaque:
        return _("This PDF cannot be looked into. Print it to a new PDF and choose that.")
    if any(_LOCKED.search(part) for part in parts):
        return _("This PDF is encrypted. Choose a copy without password and restrictions.")
    if any(_ACTIVE.search(part) for part in parts):
        return _(
            "This PDF contains scripts, actions or embedded files. Print it to a new PDF and choose"
            " that."
        )
    return None


def _objects_in(content: bytes) -> Iterator[bytes]:
    """Yield what the packed streams of objects of a PDF say; unpacked ones stand in plain sight."""
    left = UNFOLDED_BYTES_MAX
    for named in _PACKED.finditer(content):
        begun = _STREAM.search(content, named.end())
        if begun is None:
            continue
        about = content[max(0, named.start() - _DICTIONARY_BYTES_MAX) : begun.start()]
        if _FILTER.search(about):
            unfolded = _unfolded(content, begun.end(), left)
            left -= len(unfolded)
            yield unfolded


def _unfolded(content: bytes, start: int, most: int) -> bytes:
    """
    Return what a packed stream says.

    :raises _Opaque: it is packed otherwise than by Flate, is damaged, or says more than ``most``.
    """
    folder = zlib.decompressobj()
    try:
        unfolded = folder.decompress(memoryview(content)[start:], max(most, 1))
    except zlib.error as error:
        raise _Opaque from error
    if not folder.eof or not _OBJECTS.match(unfolded):
        raise _Opaque
    return unfolded
