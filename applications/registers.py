"""
Registers of others that the checks look into: violations and licenses of a party.

The apps that keep them stand above this one, so they connect themselves in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Lookup = Callable[..., tuple[str, ...]]
VIOLATIONS, LICENSES = "violations", "licenses"
_sources: dict[str, Lookup] = {}


def connect(register: str, lookup: Lookup) -> None:
    """
    Connect a register; ``lookup(*, organization_id, at)`` returns short lines.

    A line of the license register begins with the code of its dataset and a space.

    :raises ValueError: the register is unknown or connected already.
    """
    if register not in (VIOLATIONS, LICENSES) or register in _sources:
        raise ValueError(f"register {register} cannot be connected")
    _sources[register] = lookup


def look_up(register: str, *, organization_id: UUID, at: datetime) -> tuple[str, ...] | None:
    """Return the lines about a party, or None when nothing is connected."""
    source = _sources.get(register)
    return None if source is None else source(organization_id=organization_id, at=at)
