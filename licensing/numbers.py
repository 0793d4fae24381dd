"""
The two numbers of a license: one for people, one for machines. Pure.

Source: domain §3.6, docs/sources.md#license-certificate.
"""

from __future__ import annotations

import re
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
