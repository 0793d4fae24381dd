"""
What kind of file some bytes are, read from the bytes themselves. Pure.

A stranger's file is never interpreted: its ending and its first bytes must say the same, and it is
only ever handed out as a file to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

UPLOAD_BYTES_MAX = 5 * 1024 * 1024
NAME_CHARACTERS_MAX = 120
_HEADS = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
}
_ENDINGS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept: its plain name, its media type, its bytes and their SHA-256."""

    name: str
    media_type: str
    content: bytes
    content_hash: str


def read(*, name: str, content: bytes) -> Upload:
    """
    Return a file that may be kept.

    :raises InvalidInput: empty, over UPLOAD_BYTES_MAX, or no PDF, PNG or JPEG by ending and bytes.
    """
    plain = plain_name(name)
    media_type = _ENDINGS.get(PurePosixPath(plain).suffix.lower())
    if not content or len(content) > UPLOAD_BYTES_MAX:
        raise InvalidInput(fields={"file": _("Choose a file of at most 5 MiB that is not empty.")})
    if media_type is None or not content.startswith(_HEADS[media_type]):
        raise InvalidInput(
            fields={"file": _("Choose a PDF, PNG or JPEG file; its content must be of that kind.")}
        )
    return Upload(plain, media_type, content, sha256(content).hexdigest())


def plain_name(name: str) -> str:
    """Return the last part of a name without signs that could mean something elsewhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?;%').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return kept[:NAME_CHARACTERS_MAX]
    return f"{stem[: NAME_CHARACTERS_MAX - 10]}.{ending[:9]}"
