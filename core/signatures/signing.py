"""
Sign a PDF: PAdES baseline B-B, or B-T when the site has a time-stamping service (RFC 3161).

The first signature certifies the document: no change but the signatures it keeps places for, or
none at all when it keeps none. Each signature is an addition to the file; what stood before stays
byte for byte.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from requests import RequestException

from core.clock import SHANGHAI
from core.signatures.errors import (
    ClosedToSignatures,
    NotSignable,
    SignedAlready,
    TimestampUnavailable,
)
from core.signatures.keys import Identity
from core.signatures.places import Place
from core.signatures.stamps import Drawing, draw

POINTS_PER_MM = 72 / 25.4
DIGEST = "sha256"
TIMESTAMP_SECONDS_MAX = 10
# Room beyond what a trial took. The tokens of a time-stamping service are not always as long.
SPARE_BYTES = 32
TIMESTAMP_SPARE_BYTES = 2 * 1024
_rooms: dict[tuple[str, str], int] = {}


def sign_pdf(
    *,
    content: bytes,
    identity: Identity,
    place: Place,
    at: datetime,
    reason: str = "",
    further: Sequence[Place] = (),
    lines: Sequence[str] = (),
) -> bytes:
    """
    Return the document with one more signature.

    The first signature keeps the ``further`` places open for the ones to come, in any order, and
    closes the document to everything else; later ones sign the place of their name. ``lines`` are
    drawn in the box; without them the box shows what the page shows there. ``at`` is aware.

    :raises NotSignable: the bytes are no PDF that can be signed.
    :raises SignedAlready: the place is signed.
    :raises ClosedToSignatures: an earlier signature keeps no such place.
    :raises TimestampUnavailable: the time-stamping service of the site does not answer.
    :raises MissingGlyph: a line cannot be drawn with the embedded fonts.
    """
    drawing = draw(lines, place.width_mm * POINTS_PER_MM, place.height_mm * POINTS_PER_MM)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        first = _prepare(writer, place, further)
    except (PdfError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise NotSignable from error
    about = PdfSignatureMetadata(
        field_name=place.name,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        name=identity.holder.name,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS if further else MDPPerm.NO_CHANGES,
    )
    signer = PdfSigner(
        about, identity.signer, timestamper=_timestamper(), stamp_style=_style(drawing)
    )
    try:
        return asyncio.run(_sign(signer, writer, identity, at))
    except (TimestampRequestError, RequestException) as error:
        raise TimestampUnavailable from error
    except SigningError as error:
        raise NotSignable from error


def _prepare(
    writer: IncrementalPdfFileWriter, place: Place, further: Sequence[Place]
) -> bool:
    """Make the fields if this is the first signature; return whether it is."""
    found = {
        name: value is not None
        for name, value, _field in fields.enumerate_sig_fields(writer.prev)
    }
    if any(found.values()):
        if place.name not in found:
            raise ClosedToSignatures
        if found[place.name]:
            raise SignedAlready
        return False
    for one in (place, *further):
        if one.name not in found:
            fields.append_signature_field(writer, field_of(one))
    return True


def field_of(place: Place) -> SigFieldSpec:
    """Return the field of a place as it stands in the file, in whole points."""
    left, bottom = place.left_mm * POINTS_PER_MM, place.bottom_mm * POINTS_PER_MM
    right = left + place.width_mm * POINTS_PER_MM
    top = bottom + place.height_mm * POINTS_PER_MM
    return SigFieldSpec(
        sig_field_name=place.name,
        on_page=place.page - 1 if place.page > 0 else place.page,
        box=(round(left), round(bottom), round(right), round(top)),
    )


def _style(drawing: Drawing | None) -> StaticStampStyle:
    return StaticStampStyle(border_width=0, background=drawing, background_opacity=1)


async def _sign(
    signer: PdfSigner, writer: IncrementalPdfFileWriter, identity: Identity, at: datetime
) -> bytes:
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at.astimezone(SHANGHAI)
    document = session.prepare_tbs_document(
        validation_info=None, bytes_reserved=await _room(session, identity)
    )
    output = io.BytesIO()
    prepared, _output = document.digest_tbs_document(output=output)
    await document.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=session.system_time),
    )
    return output.getvalue()


async def _room(session: PdfSigningSession, identity: Identity) -> int:
    """Return how much room the signature takes; for one certificate it is always the same."""
    service = settings.TIMESTAMP_URL
    known = (identity.fingerprint, service)
    if known not in _rooms:
        exact = await session.estimate_signature_container_size(None, tight=True)
        _rooms[known] = exact + 2 * (TIMESTAMP_SPARE_BYTES if service else SPARE_BYTES)
    return _rooms[known]


def _timestamper() -> TimeStamper | None:
    return _service(settings.TIMESTAMP_URL) if settings.TIMESTAMP_URL else None


@lru_cache(maxsize=4)
def _service(url: str) -> TimeStamper:
    return HTTPTimeStamper(url, timeout=TIMESTAMP_SECONDS_MAX)
