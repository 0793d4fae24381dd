"""Why a document is not issued. Nothing was written when one of these is raised."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class DocumentRefused(DomainError):
    """A document that cannot be issued as it stands."""

    code = "document_refused"
    status = 422


class MissingGlyph(DocumentRefused):
    """Characters that no embedded font can draw; a blank in a certificate would be a lie."""

    code = "missing_glyph"
    default_message: ClassVar[str | Promise] = _(
        "The document was not issued: no font has the characters %(characters)s. "
        "Correct the entry, or have the fonts extended."
    )


class InconsistentFacts(DocumentRefused):
    """Facts that contradict each other, such as lines that do not make the total."""

    code = "inconsistent_facts"
    default_message: ClassVar[str | Promise] = _(
        "The document was not issued: %(what)s. Recompute the figures, then try again."
    )


class FontsAbsent(DocumentRefused):
    """The fonts are not installed on this machine."""

    code = "fonts_absent"
    status = 500
    default_message: ClassVar[str | Promise] = _(
        "The document fonts are not installed (%(file)s is missing). Run “make setup”."
    )
