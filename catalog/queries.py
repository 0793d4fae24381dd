"""
The catalog as the public and the applications read it.

Published datasets are public knowledge; what is not published yet is for those around it only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from catalog import choices, sample
from catalog.models import Dataset, DatasetField, DatasetVersion
from core.errors import NotFound
from parties import queries as parties
from parties.models import Organization
from parties.roles import Role
from workflow import policy

CATALOG_PAGE_ROWS = 20
TEXT_CHARACTERS_MAX = 60
# The levels whose rows may be shown as a sample, if they speak of nobody.
SAMPLE_LEVELS = ("L1", "L2")
FACETS = ("domain", "openness", "level", "provider", "frequency")
_State = Dataset.State


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


def search(
    *, text: str = "", filters: dict[str, Sequence[str]] | None = None, page: int = 1
) -> CatalogPage:
    """
    Return one page of the published datasets that contain a text and pass the filters.

    ``text`` is looked for in code, title, description, provider and field titles, each word on its
    own; ``filters`` maps names in FACETS to wanted values (any of them); unknown names and values
    match nothing. Ordered by code. A facet counts what its values would leave with the others kept.
    """
    chosen = {name: list(values) for name, values in (filters or {}).items() if values}
    if set(chosen) - set(FACETS):
        return CatalogPage((), 0, 1, 1, _facets(Dataset.objects.none(), {}))
    found = _matching(text)
    rows = _filtered(found, chosen)
    total = rows.count()
    pages = max(1, -(-total // CATALOG_PAGE_ROWS))
    page = min(max(1, page), pages)
    start = (page - 1) * CATALOG_PAGE_ROWS
    shown = (
        rows.select_related("provider", "current_version")
        .annotate(field_count=Count("current_version__fields", distinct=True))
        .order_by("code")[start : start + CATALOG_PAGE_ROWS]
    )
    return CatalogPage(
        tuple(_catalog_row(row) for row in shown), total, page, pages, _facets(found, chosen)
    )


def published(*, limit: int = 200) -> tuple[CatalogRow, ...]:
    """Return the published datasets by code, at most ``limit``."""
    rows = (
        Dataset.objects.filter(state=_State.PUBLISHED)
        .select_related("provider", "current_version")
        .annotate(field_count=Count("current_version__fields", distinct=True))
        .order_by("code")[:limit]
    )
    return tuple(_catalog_row(row) for row in rows)


def dataset_page(*, code: str, actor: Any = None) -> DatasetPage:
    """
    Return the page of one dataset: published or suspended for everybody, else for its desks only.

    :raises NotFound: there is none, or the actor may not know of it.
    """
    row = _with_fields(Dataset.objects.filter(code=code)).first()
    if row is None or not (
        row.state in (_State.PUBLISHED, _State.SUSPENDED)
        or policy.holds(actor, "catalog.see_dataset", row)
    ):
        raise NotFound
    version, fields = _shown_version(row)
    return DatasetPage(
        id=row.id,
        code=row.code,
        title=row.title,
        description=row.description,
        provider_id=row.provider_id,
        provider_name=row.provider.name,
        domain_name=str(row.get_domain_display()),
        openness=row.openness,
        openness_name=str(row.get_openness_display()),
        reason_name=str(row.get_openness_reason_display()),
        level=row.level,
        level_name=str(row.get_level_display()),
        frequency_name=str(row.get_update_frequency_display()),
        conditions=row.conditions,
        supervision_measures=row.supervision_measures,
        delivery_modes=tuple(row.delivery_modes),
        delivery_names=delivery_names(row.delivery_modes),
        requires_consent=row.requires_consent,
        version=version.number if version else 0,
        row_count=version.row_count if version else 0,
        bytes=version.bytes if version else 0,
        sha256=version.sha256 if version else "",
        updated_at=version.filled_at if version else None,
        published_at=row.published_at,
        state=row.state,
        state_name=str(row.get_state_display()),
        state_reason=row.state_reason,
        applicable=row.state == _State.PUBLISHED and row.openness == "CONDITIONAL",
        fields=tuple(_field_row(one) for one in fields),
        sample=_sample(row, version, fields),
    )


def dataset_for_application(code: str) -> DatasetFacts:
    """
    Return a dataset that may be applied for now: published and open under conditions.

    :raises NotFound: there is none with this code that may be applied for; that it is held, a
        draft or not open is not told.
    """
    return _facts(Dataset.objects.filter(code=code, state=_State.PUBLISHED, openness="CONDITIONAL"))


def dataset_facts(*, dataset_id: UUID) -> DatasetFacts:
    """
    Return what is known of a dataset that has rows, in whatever state it is now.

    :raises NotFound: there is no such dataset, or it never had rows.
    """
    return _facts(Dataset.objects.filter(id=dataset_id))


def fields_of(dataset_id: UUID) -> tuple[FieldRow, ...]:
    """
    Return the fields of the current version of a dataset, in their order.

    :raises NotFound: there is no such dataset, or it has no version.
    """
    row = _with_fields(Dataset.objects.filter(id=dataset_id)).first()
    if row is None:
        raise NotFound
    version, fields = _shown_version(row)
    if version is None:
        raise NotFound
    return tuple(_field_row(one) for one in fields)


def delivery_names(modes: Sequence[str]) -> tuple[str, ...]:
    """Return delivery modes as people read them."""
    return tuple(str(choices.DeliveryChoice(mode).label) for mode in modes)


def data_officer_exists(provider: Organization) -> bool:
    """Return whether a provider has a named data officer. Source: clause A16."""
    return bool(parties.people_at(provider, Role.PROVIDER_OFFICER))


def _matching(text: str) -> QuerySet[Dataset]:
    rows = Dataset.objects.filter(state__in=[_State.PUBLISHED, _State.SUSPENDED])
    for word in text[:TEXT_CHARACTERS_MAX].split():
        rows = rows.filter(
            Q(code__iexact=word)
            | Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(provider__name__icontains=word)
            | Q(provider__short_name__icontains=word)
            | Q(
                current_version_id__in=DatasetField.objects.filter(
                    Q(title__icontains=word) | Q(name__icontains=word)
                ).values("version_id")
            )
        )
    return rows


_COLUMN = {
    "domain": "domain",
    "openness": "openness",
    "level": "level",
    "provider": "provider__short_name",
    "frequency": "update_frequency",
}
_NAMES: dict[str, Any] = {
    "domain": choices.DomainChoice,
    "openness": choices.OpennessChoice,
    "level": choices.LevelChoice,
    "frequency": choices.FrequencyChoice,
}


def _filtered(
    rows: QuerySet[Dataset], chosen: dict[str, list[str]], *, but: str = ""
) -> QuerySet[Dataset]:
    for name, values in chosen.items():
        if name != but:
            rows = rows.filter(**{f"{_COLUMN[name]}__in": values})
    return rows


def _facets(
    found: QuerySet[Dataset], chosen: dict[str, list[str]]
) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for name in FACETS:
        column = _COLUMN[name]
        counted = (
            _filtered(found, chosen, but=name)
            .order_by()
            .values(column)
            .annotate(count=Count("id"))
            .order_by("-count", column)
        )
        wanted = chosen.get(name, [])
        facets[name] = tuple(
            FacetValue(
                value=line[column],
                name=_facet_name(name, line[column]),
                count=line["count"],
                chosen=line[column] in wanted,
            )
            for line in counted
        )
    return facets


def _facet_name(facet: str, value: str) -> str:
    words = _NAMES.get(facet)
    return value if words is None else str(words(value).label)


def _catalog_row(row: Any) -> CatalogRow:
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
        suspended=row.state == _State.SUSPENDED,
    )


def _field_row(one: DatasetField) -> FieldRow:
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


def _with_fields(rows: QuerySet[Dataset]) -> QuerySet[Dataset]:
    ordered = DatasetField.objects.order_by("position")
    versions = DatasetVersion.objects.order_by("-number").prefetch_related(
        Prefetch("fields", queryset=ordered)
    )
    return rows.select_related("provider").prefetch_related(Prefetch("versions", queryset=versions))


def _shown_version(row: Dataset) -> tuple[DatasetVersion | None, tuple[DatasetField, ...]]:
    """Return the version in force, else the newest declared one, with its fields."""
    versions = list(row.versions.all())
    current = [v for v in versions if v.id == row.current_version_id]
    version = (current or versions or [None])[0]
    return version, tuple(version.fields.all()) if version else ()


def _facts(rows: QuerySet[Dataset]) -> DatasetFacts:
    row = _with_fields(rows).filter(current_version__isnull=False).first()
    if row is None:
        raise NotFound
    version, fields = _shown_version(row)
    assert version is not None, "a current version is one of the versions"
    return DatasetFacts(
        id=row.id,
        code=row.code,
        title=row.title,
        provider_id=row.provider_id,
        provider_name=row.provider.name,
        openness=row.openness,
        level=row.level,
        state=row.state,
        delivery_modes=tuple(row.delivery_modes),
        requires_consent=row.requires_consent,
        update_frequency=row.update_frequency,
        version_id=version.id,
        version=version.number,
        storage_path=version.storage_path,
        fields=tuple(_field_row(one) for one in fields),
    )


def _sample(
    row: Dataset, version: DatasetVersion | None, fields: Sequence[DatasetField]
) -> Sample | None:
    """Return a few rows of harmless fields, or None where even a few rows are too many."""
    if version is None or not version.storage_path or row.openness == "NON_OPEN":
        return None
    if row.requires_consent or "VERIFY_ONLY" in row.delivery_modes:
        return None
    shown = [f for f in fields if f.level in SAMPLE_LEVELS and f.sensitivity == "NONE"]
    if not shown:
        return None
    rows = sample.first_rows(storage_path=version.storage_path, fields=[f.name for f in shown])
    return Sample(tuple(f.title for f in shown), rows)
