"""Bring a whole table of datasets in: all or nothing, and the same table twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.actions.describe import PROPOSAL, create_dataset, edit_dataset, redefine_fields
from catalog.fields import schema_hash_of
from catalog.intake import DatasetSpec
from catalog.models import Dataset
from core.errors import Forbidden
from core.tabular import RowError, TableRefused
from parties import actions as parties
from parties import queries as known_parties
from parties import units
from parties.models import Organization
from parties.roles import Kind
from workflow import transitions

_MALLEABLE = (Dataset.State.DRAFT, Dataset.State.RECLASSIFYING)


@dataclass(slots=True)
class DatasetsImported:
    """What an import did, as lines a person can read."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    providers: list[str] = field(default_factory=list)


@transitions.action
def import_datasets(*, specs: Sequence[DatasetSpec], actor: Any, at: datetime) -> DatasetsImported:
    """
    Enter new datasets as drafts and correct those that differ; create their providers if missing.

    :raises TableRefused: a row contradicts what is known: another provider, an unknown unit, a
        field list or class that a classification has fixed.
    :raises Forbidden: the actor is no registrar.
    Source: clauses A22, B02, issue §4.
    """
    if not known_parties.is_registrar(actor):
        raise Forbidden
    rows = Dataset.objects.select_for_update(of=("self",), no_key=True).select_related("provider")
    known = {row.code: row for row in rows.filter(code__in=[spec.code for spec in specs])}
    errors = [error for spec in specs for error in _contradictions(spec, known.get(spec.code))]
    if errors:
        raise TableRefused(errors=errors)
    done = DatasetsImported()
    for spec in specs:
        dataset = known.get(spec.code)
        if dataset is None:
            _add(spec, done, actor=actor, at=at)
        else:
            _change(spec, dataset, done, actor=actor, at=at)
    return done


def _add(spec: DatasetSpec, done: DatasetsImported, *, actor: Any, at: datetime) -> None:
    provider = _provider(spec, done, actor=actor, at=at)
    create_dataset(
        code=spec.code,
        provider_id=provider.id,
        fields=spec.fields,
        actor=actor,
        at=at,
        **spec.description,
    )
    done.added.append(f"{spec.code} {spec.description['title']} ({len(spec.fields)})")


def _change(
    spec: DatasetSpec, dataset: Dataset, done: DatasetsImported, *, actor: Any, at: datetime
) -> None:
    changes = _differences(spec, dataset)
    lines = [f"{spec.code} {name}: {getattr(dataset, name)} -> {v}" for name, v in changes.items()]
    if changes:
        edit_dataset(dataset_id=dataset.id, changes=changes, actor=actor, at=at)
    if _fields_differ(spec, dataset):
        version = redefine_fields(dataset_id=dataset.id, fields=spec.fields, actor=actor, at=at)
        lines.append(f"{spec.code} fields -> v{version.number} ({len(spec.fields)})")
    done.changed += lines
    done.unchanged += not lines


def _differences(spec: DatasetSpec, dataset: Dataset) -> dict[str, Any]:
    # What a classification has fixed is compared in _contradictions.
    fixed = () if dataset.state in _MALLEABLE else PROPOSAL
    return {
        name: value
        for name, value in spec.description.items()
        if name not in fixed and getattr(dataset, name) != value
    }


def _fields_differ(spec: DatasetSpec, dataset: Dataset) -> bool:
    latest = dataset.versions.order_by("-number").first()
    return latest is None or latest.schema_hash != schema_hash_of(fields=spec.fields)


def _contradictions(spec: DatasetSpec, dataset: Dataset | None) -> list[RowError]:
    found = []
    unit = units.unit_name(sequence=spec.provider_sequence)
    if unit is None:
        unknown = _("no such unit; import the units first")
        found.append(RowError(spec.row, "provider_seq", str(spec.provider_sequence), unknown))
    holder = known_parties.organization_by_uscc(uscc=spec.provider_uscc)
    if holder is not None and (holder.kind != Kind.PROVIDER or holder.name != spec.provider_name):
        reason = _("this code belongs to %(name)s") % {"name": holder.name}
        found.append(RowError(spec.row, "provider_uscc", spec.provider_uscc, reason))
    if dataset is None:
        return found
    if dataset.provider.uscc != spec.provider_uscc:
        reason = _("the dataset belongs to %(name)s") % {"name": dataset.provider.name}
        found.append(RowError(spec.row, "provider_uscc", spec.provider_uscc, reason))
    if dataset.state not in _MALLEABLE:
        fixed = _("the classification has fixed this; begin a reclassification first")
        if _fields_differ(spec, dataset):
            found.append(RowError(spec.row, "fields", spec.code, fixed))
        found += [
            RowError(spec.row, name, str(spec.description[name]), fixed)
            for name in PROPOSAL
            if getattr(dataset, name) != spec.description[name]
        ]
    return found


def _provider(
    spec: DatasetSpec, done: DatasetsImported, *, actor: Any, at: datetime
) -> Organization:
    provider = known_parties.organization_by_uscc(uscc=spec.provider_uscc)
    if provider is None:
        short_name = units.unit_name(sequence=spec.provider_sequence) or spec.provider_name
        provider = parties.register_organization(
            name=spec.provider_name,
            short_name=short_name,
            uscc=spec.provider_uscc,
            kind=Kind.PROVIDER,
            actor=actor,
            at=at,
            taxpayer_type=Organization.TaxpayerType.NONE,
        )
        provider = parties.verify_organization(organization_id=provider.id, actor=actor, at=at)
        done.providers.append(spec.provider_name)
    units.link_unit(sequence=spec.provider_sequence, organization=provider)
    return provider
