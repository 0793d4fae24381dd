"""One dataset, as its page, an application, an agreement and a license need it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from catalog import sample
from catalog.models import Dataset, DatasetField, DatasetVersion
from catalog.queries.rows import (
    DatasetFacts,
    DatasetPage,
    FieldRow,
    Sample,
    delivery_names,
    field_row,
)
from core.errors import NotFound
from parties import queries as parties
from parties.models import Organization
from parties.roles import Role
from workflow import policy

# The levels whose rows may be shown as a sample, if they speak of nobody.
SAMPLE_LEVELS = ("L1", "L2")
_State = Dataset.State


def dataset_page(*, code: str, actor: Any = None) -> DatasetPage:
    """
    Return the page of one dataset: published or suspended for everybody, else for its desks only.

    :raises NotFound: there is none, or the actor may not know of it.
    """
    row = with_fields(Dataset.objects.filter(code=code)).first()
    if row is None or not (
        row.state in (_State.PUBLISHED, _State.SUSPENDED)
        or policy.holds(actor, "catalog.see_dataset", row)
    ):
        raise NotFound
    version, fields = shown_version(row)
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
        fields=tuple(field_row(one) for one in fields),
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
    row = with_fields(Dataset.objects.filter(id=dataset_id)).first()
    if row is None:
        raise NotFound
    version, fields = shown_version(row)
    if version is None:
        raise NotFound
    return tuple(field_row(one) for one in fields)


def data_officer_exists(provider: Organization) -> bool:
    """Return whether a provider has a named data officer. Source: clause A16."""
    return bool(parties.people_at(provider, Role.PROVIDER_OFFICER))


def with_fields(rows: QuerySet[Dataset]) -> QuerySet[Dataset]:
    ordered = DatasetField.objects.order_by("position")
    versions = DatasetVersion.objects.order_by("-number").prefetch_related(
        Prefetch("fields", queryset=ordered)
    )
    return rows.select_related("provider").prefetch_related(Prefetch("versions", queryset=versions))


def shown_version(row: Dataset) -> tuple[DatasetVersion | None, tuple[DatasetField, ...]]:
    """Return the version in force, else the newest declared one, with its fields."""
    versions = list(row.versions.all())
    current = [v for v in versions if v.id == row.current_version_id]
    version = next(iter(current or versions), None)
    return version, tuple(version.fields.all()) if version else ()


def _facts(rows: QuerySet[Dataset]) -> DatasetFacts:
    row = with_fields(rows).filter(current_version__isnull=False).first()
    if row is None:
        raise NotFound
    version, fields = shown_version(row)
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
        fields=tuple(field_row(one) for one in fields),
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
