"""The frozen rows of the catalog, and how they are made from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import choices
from catalog.models import Dataset, DatasetField


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """A published dataset as the list shows it."""

    id: UUID
    code: str
    title: str
    description: str
    provider_name: str
    domain: str
    domain_name: str
    openness: str
    openness_name: str
    level: str
    level_name: str
    frequency_name: str
    delivery_names: tuple[str, ...]
    row_count: int
    field_count: int
    updated_at: datetime | None
    suspended: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with the number of datasets it would leave."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """One page of a search; ``facets`` maps a facet's name to its values."""

    rows: tuple[CatalogRow, ...]
    total: int
    page: int
    pages: int
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a dataset as its page and the application form show it."""

    name: str
    title: str
    data_type: str
    data_type_name: str
    level: str
    level_name: str
    sensitivity: str
    sensitivity_name: str
    filterable: bool
    example: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A few rows of the fields that may be shown to everybody."""

    field_titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Everything the page of one dataset shows."""

    id: UUID
    code: str
    title: str
    description: str
    provider_id: UUID
    provider_name: str
    domain_name: str
    openness: str
    openness_name: str
    reason_name: str
    level: str
    level_name: str
    frequency_name: str
    conditions: str
    supervision_measures: str
    delivery_modes: tuple[str, ...]
    delivery_names: tuple[str, ...]
    requires_consent: bool
    version: int
    row_count: int
    bytes: int
    sha256: str
    updated_at: datetime | None
    published_at: datetime | None
    state: str
    state_name: str
    state_reason: str
    applicable: bool
    fields: tuple[FieldRow, ...]
    sample: Sample | None


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """A published conditional dataset as an application, an agreement and a license need it."""

    id: UUID
    code: str
    title: str
    provider_id: UUID
    provider_name: str
    openness: str
    level: str
    state: str
    delivery_modes: tuple[str, ...]
    requires_consent: bool
    update_frequency: str
    version_id: UUID
    version: int
    storage_path: str
    fields: tuple[FieldRow, ...]


def delivery_names(modes: Sequence[str]) -> tuple[str, ...]:
    """Return delivery modes as people read them."""
    return tuple(str(choices.DeliveryChoice(mode).label) for mode in modes)


def catalog_row(row: Any) -> CatalogRow:
    version = row.current_version
    return CatalogRow(
        id=row.id,
        code=row.code,
        title=row.title,
        description=row.description,
        provider_name=row.provider.name,
        domain=row.domain,
        domain_name=str(row.get_domain_display()),
        openness=row.openness,
        openness_name=str(row.get_openness_display()),
        level=row.level,
        level_name=str(row.get_level_display()),
        frequency_name=str(row.get_update_frequency_display()),
        delivery_names=delivery_names(row.delivery_modes),
        row_count=version.row_count if version else 0,
        field_count=row.field_count,
        updated_at=version.filled_at if version else None,
        suspended=row.state == Dataset.State.SUSPENDED,
    )


def field_row(one: DatasetField) -> FieldRow:
    return FieldRow(
        name=one.name,
        title=one.title,
        data_type=one.data_type,
        data_type_name=str(one.get_data_type_display()),
        level=one.level,
        level_name=str(one.get_level_display()),
        sensitivity=one.sensitivity,
        sensitivity_name=str(one.get_sensitivity_display()),
        filterable=one.filterable,
        example=one.example,
    )
