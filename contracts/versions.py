"""
Terms written under an older version of the schema, brought to the present one. Pure.

One step a version, applied in order. What an agreement was signed over is never written anew: the
stored values stay, and they are read through these steps. Source: domain §3.5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts.shapes import SCHEMA_VERSION
from core.errors import InvalidInput

Plain = dict[str, Any]
Step = Callable[[Plain], Plain]


class SchemaUnknown(InvalidInput):
    """Terms of a version of the schema that this program does not know."""

    code = "schema_unknown"
    default_message = _(
        "These terms are written in version %(schema)s of the schema, which is not known here."
    )


def _from_1(plain: Plain) -> Plain:
    """
    Read version 1: the present version added entries, and took none away or gave it a new meaning.

    An entry that version 1 could not state stays unsaid, so that terms keep the hash they were
    signed under.
    """
    return plain


# The step from each older version to the next.
STEPS: dict[int, Step] = {1: _from_1}


def upgraded(data: Mapping[str, Any], *, schema: int) -> Plain:
    """
    Return plain terms of a version of the schema as the present one states them.

    :raises SchemaUnknown: there was never such a version, or it is newer than this program.
    """
    if not 1 <= schema <= SCHEMA_VERSION:
        raise SchemaUnknown(schema=schema)
    plain = dict(data)
    for version in range(schema, SCHEMA_VERSION):
        plain = STEPS[version](plain)
    return plain
