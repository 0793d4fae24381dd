"""
The one gate for a stranger's file: what it is, how large, and whether something acts inside it.

A file is never interpreted. Its ending and its first bytes must say the same, nothing in it may act
by itself, and it is only ever handed out as a file to keep.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from core import hostile, scanner
from core.errors import InvalidInput

MEGABYTE = 1024 * 1024
# The ceiling of the product; a place that takes files may ask for less.
UPLOAD_BYTES_MAX = 10 * MEGABYTE
NAME_CHARACTERS_MAX = 120
ENDING_CHARACTERS_MAX = 9


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may be kept: how its name ends and how its bytes begin."""

    media_type: str
    endings: tuple[str, ...]
    head: bytes


KINDS = {
    "PDF": Kind("application/pdf", (".pdf",), b"%PDF-"),
    "PNG": Kind("image/png", (".png",), b"\x89PNG\r\n\x1a\n"),
    "JPEG": Kind("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept: its plain name, its media type, its bytes and their SHA-256."""

    name: str
    media_type: str
    content: bytes
    content_hash: str


def read(
    *,
    name: str,
    content: bytes,
    kinds: Collection[str] = tuple(KINDS),
    bytes_max: int = UPLOAD_BYTES_MAX,
    entry: str = "file",
) -> Upload:
    """
    Return a file that may be kept.

    ``kinds`` are keys of KINDS; ``entry`` is the entry of the form that a refusal is told at.

    :raises InvalidInput: empty, too large, of no such kind by ending and bytes, or with something
        in it that acts by itself; ``fields`` is by ``entry``.
    :raises ScannerSilent: a scanner is configured and does not answer.
    """
    plain = plain_name(name)
    most = min(bytes_max, UPLOAD_BYTES_MAX)
    if not 0 < len(content) <= most:
        said = _("Choose a file of at most %(size)s MB that is not empty.")
        raise InvalidInput(fields={entry: said % {"size": most // MEGABYTE}})
    found = _kind_of(plain, content)
    if found is None or found not in kinds:
        said = _("Choose a file of these kinds: %(kinds)s. Its content must be what its name says.")
        named = ", ".join(kind for kind in KINDS if kind in kinds)
        raise InvalidInput(fields={entry: said % {"kinds": named}})
    problem = hostile.find_threat(content=content, is_pdf=found == "PDF")
    if problem is None and scanner.finds_threat(content=content):
        problem = _("The scanner found something harmful in this file.")
    if problem is not None:
        raise InvalidInput(fields={entry: problem})
    return Upload(plain, KINDS[found].media_type, content, sha256(content).hexdigest())


def endings_of(kinds: Collection[str]) -> tuple[str, ...]:
    """Return how the names of some kinds may end, for the file chooser of a browser."""
    return tuple(e for kind in KINDS if kind in kinds for e in KINDS[kind].endings)


def plain_name(name: str) -> str:
    """Return the last part of a name without signs that could mean something elsewhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?;%').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return kept[:NAME_CHARACTERS_MAX]
    ending = ending[:ENDING_CHARACTERS_MAX]
    return f"{stem[: NAME_CHARACTERS_MAX - 1 - len(ending)]}.{ending}"


def _kind_of(name: str, content: bytes) -> str | None:
    ending = PurePosixPath(name).suffix.lower()
    for key, kind in KINDS.items():
        if ending in kind.endings:
            return key if content.startswith(kind.head) else None
    return None
