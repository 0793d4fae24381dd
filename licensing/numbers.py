"""
The two numbers of a license: one for people, one for machines. Pure.

Source: domain §3.6, docs/sources.md#license-certificate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core import ids

# The administrative division code of the city (GB/T 2260).
REGION_CODE = "3202"
CITY_PREFIX = "WX"
_MACHINE = re.compile(r"WX-?(\d{6})-?(\d{4})-?(\d{7})-?([0-9A-Z])")
_PEOPLE = re.compile(r"锡数许[〔\[(（](\d{4})[〕\])）](\d{1,7})号?")
SERIAL_DIGITS = 5


def number_of(*, year: int, serial: int) -> str:
    """Return the number people use, e.g. 锡数许〔2026〕00012号."""
    return f"锡数许〔{year}〕{serial:0{SERIAL_DIGITS}d}号"


def machine_number_of(*, issued_on: date, serial: int) -> str:
    """Return the machine number with its ISO 7064 MOD 37,36 check character."""
    body = f"{CITY_PREFIX}-{issued_on:%Y%m}-{REGION_CODE}-{serial:07d}"
    return f"{body}-{ids.check_character(body)}"


def read_number(text: str) -> str | None:
    """
    Return a number as it is stored, from how a person typed it; None when it cannot be one.

    Spaces, other brackets, small letters and missing hyphens are forgiven; a wrong check character
    is not.
    """
    compact = re.sub(r"\s+", "", text)
    people = _PEOPLE.fullmatch(compact)
    if people:
        return number_of(year=int(people[1]), serial=int(people[2]))
    machine = _MACHINE.fullmatch(compact.upper())
    if machine is None:
        return None
    whole = "-".join((CITY_PREFIX, *machine.groups()))
    return whole if ids.has_valid_check_character(whole) else None


# The least a status list may have, so that no entry stands alone (Bitstring Status List §7).
STATUS_ENTRIES = 131_072
_STATUS_LIST = re.compile(r"(\d{4})(?:-([1-9]\d?))?")


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where a license stands in the status lists: the list's name, and the entry from 0 on."""

    list: str
    index: int


def status_place_of(machine_number: str) -> StatusPlace:
    """
    Return where a license stands in the status lists, once and for all.

    There is a list for every year of numbers, and a further one when a year has more than it takes.
    """
    found = _MACHINE.fullmatch(machine_number)
    if found is None:
        raise ValueError(f"no machine number: {machine_number}")
    year, (part, index) = found[1][:4], divmod(int(found[3]), STATUS_ENTRIES)
    return StatusPlace(f"{year}-{part + 1}" if part else year, index)


def read_status_list(name: str) -> tuple[int, int] | None:
    """Return the year and the first serial of a status list; None when no list is named so."""
    found = _STATUS_LIST.fullmatch(name)
    if found is None or found[2] == "1":
        return None
    return int(found[1]), (int(found[2] or 1) - 1) * STATUS_ENTRIES
