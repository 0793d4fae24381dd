"""
The record of a company as officials see it: every app that knows something of it registers here.

Source: clause A13, docs/sources.md#companies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry: when, what, and how grave (a color of the badges)."""

    on: date | None
    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What one app knows: a heading, how many entries there are, the newest of them."""

    name: str
    title: str | Promise
    count: int
    lines: tuple[RecordLine, ...] = ()


Provider = Callable[..., Section]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Register a provider ``(*, organization_id, at) -> Section``; in ``AppConfig.ready``."""
    if name in _providers:
        raise ValueError(f"record {name} is registered twice")
    _providers[name] = provider


def of(organization_id: UUID | Any, *, at: datetime) -> tuple[Section, ...]:
    """Return every section of the record of a company, by the name it was registered under."""
    return tuple(
        _providers[name](organization_id=organization_id, at=at) for name in sorted(_providers)
    )
