"""
Registers of others that the checks look into: violations and licenses of a party.

The apps that keep them stand above this one, so they connect themselves in ``AppConfig.ready``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import clock

Lookup = Callable[..., tuple[str, ...]]
VIOLATIONS, LICENSES = "violations", "licenses"
_sources: dict[str, Lookup] = {}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Grant:
    """One license of a party; ``rows`` are the only values some fields may have, days inclusive."""

    application_id: UUID
    number: str
    dataset_code: str
    fields: tuple[str, ...]
    rows: Mapping[str, Any]
    valid_to: date
    live: bool
    active: bool
    under_measure: bool = False


GrantLookup = Callable[..., tuple[Grant, ...]]
_grants: list[GrantLookup] = []


def connect(register: str, lookup: Lookup) -> None:
    """
    Connect a register; ``lookup(*, organization_id, at)`` returns short lines.

    A line of the license register begins with the code of its dataset and a space; a line of the
    register of violations names its day as YYYY-MM-DD.

    :raises ValueError: the register is unknown or connected already.
    """
    if register not in (VIOLATIONS, LICENSES) or register in _sources:
        raise ValueError(f"register {register} cannot be connected")
    _sources[register] = lookup


def look_up(register: str, *, organization_id: UUID, at: datetime) -> tuple[str, ...] | None:
    """Return the lines about a party, or None when nothing is connected."""
    source = _sources.get(register)
    return None if source is None else source(organization_id=organization_id, at=at)


def violations_since(
    *, organization_id: UUID, at: datetime, months: int
) -> tuple[str, ...] | None:
    """Return the violations of the last months, or None when nobody keeps them; undated count."""
    lines = look_up(VIOLATIONS, organization_id=organization_id, at=at)
    if lines is None:
        return None
    day = clock.local_date(at)
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    since = f"{year:04d}-{month + 1:02d}-{day.day:02d}"
    days = [(line, _DAY.search(line)) for line in lines]
    return tuple(line for line, named in days if named is None or named.group() >= since)


def connect_grants(lookup: GrantLookup) -> None:
    """
    Connect the register of licenses as facts; ``lookup(*, organization_id, at)`` returns them.

    :raises ValueError: it is connected already.
    """
    if _grants:
        raise ValueError("the register of grants cannot be connected twice")
    _grants.append(lookup)


def grants_of(*, organization_id: UUID, at: datetime) -> tuple[Grant, ...]:
    """Return the licenses of a party; none when nothing is connected."""
    return tuple(g for lookup in _grants for g in lookup(organization_id=organization_id, at=at))
