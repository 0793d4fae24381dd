"""
Status lists: one bit per license, so that a checker without a network knows what ended. Pure.

Source: W3C Bitstring Status List v1.0 (§4, §5) and VC-JOSE-COSE; docs/sources.md#status-lists.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from licensing.numbers import STATUS_ENTRIES

REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = (REVOCATION, SUSPENSION)
TOKEN_TYPE = "vc+jwt"  # noqa: S105 - a media type
MEDIA_TYPE = f"application/{TOKEN_TYPE}"
# A list holds for a day; it is begun anew every few minutes, so that its tag holds that long.
VALID_HOURS = 24
BEGUN_SECONDS = 300
# The text of a list is this long at most; the specification's own bound is 16 MB unfolded.
ENCODED_CHARACTERS_MAX = 64 * 1024
MULTIBASE_BASE64URL = "u"


class UnreadableList(ValueError):
    """A status list that is not what the specification says."""


def encode(indexes: Collection[int]) -> str:
    """
    Return the bitstring with the bits of some entries set, packed and written as text.

    The first entry is the leftmost bit; same entries, same text.
    """
    bits = bytearray(STATUS_ENTRIES // 8)
    for index in indexes:
        if not 0 <= index < STATUS_ENTRIES:
            raise ValueError(f"no entry {index}")
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return MULTIBASE_BASE64URL + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """
    Return the bits of a written list.

    :raises UnreadableList: it is not written so, or is too short or too long to be one.
    """
    if not text.startswith(MULTIBASE_BASE64URL) or len(text) > ENCODED_CHARACTERS_MAX:
        raise UnreadableList("not base64url of multibase")
    try:
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
        folder = zlib.decompressobj(wbits=31)
        bits = folder.decompress(packed, 16 * STATUS_ENTRIES)
    except (ValueError, zlib.error) as error:
        raise UnreadableList("not gzip") from error
    if not folder.eof or len(bits) * 8 < STATUS_ENTRIES:
        raise UnreadableList("cut off")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """
    Return whether the bit of an entry is set.

    :raises UnreadableList: the list has no such entry.
    """
    if not 0 <= index < len(bits) * 8:
        raise UnreadableList(f"no entry {index}")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def credential(
    *,
    purpose: str,
    url: str,
    issuer: str,
    indexes: Collection[int],
    versions: Mapping[int, int],
    at: datetime,
) -> dict[str, Any]:
    """
    Return the status list as a verifiable credential, not signed yet.

    ``versions`` are the entries whose certificate was issued anew, with the present version; it
    stands beside the credential's subject as a claim of our own.
    """
    begun = datetime.fromtimestamp(
        int(at.timestamp()) // BEGUN_SECONDS * BEGUN_SECONDS, at.tzinfo
    )
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": begun.isoformat(),
        "validUntil": (begun + timedelta(hours=VALID_HOURS)).isoformat(),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(indexes),
        },
        "certificateVersions": {str(index): versions[index] for index in sorted(versions)},
    }
