"""
The empty places for signatures in the text of an agreement, so that any program can sign it. Pure.

Same text, same bytes: nothing of the moment or of chance goes into the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from hashlib import sha256

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from core.signatures.places import Place
from core.signatures.signing import field_of

ID_BYTES = 16


class _Timeless(IncrementalPdfFileWriter):
    """Adds to a file without noting when."""

    def _update_meta(self) -> None:
        """Leave what the file says about itself as it is."""


def with_places(content: bytes, places: Iterable[Place]) -> bytes:
    """Return a PDF with an empty signature field for each party, named by the party's code."""
    writer = _Timeless(io.BytesIO(content))
    # The second half of the number names the version; here it follows from the content.
    first = writer._document_id[0]
    version = generic.ByteStringObject(sha256(content).digest()[:ID_BYTES])
    writer._document_id = generic.ArrayObject([first, version])
    for place in places:
        fields.append_signature_field(writer, field_of(place))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
