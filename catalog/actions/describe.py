"""Describe a dataset and declare its fields, before anything is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog.actions.common import lock, require_permission, require_text
from catalog.fields import FieldSpec, schema_hash_of
from catalog.levels import Level, Openness, Sensitivity
from catalog.models import Dataset, DatasetField, DatasetVersion
from core.errors import Conflict, Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties import queries as parties
from parties.models import Organization
from parties.roles import Kind, Role
from workflow import audit, transitions

FIELDS_MAX = 200
# What describes a dataset without touching its class; it may be corrected at any time.
DESCRIPTION = (
    "title",
    "description",
    "domain",
    "update_frequency",
    "conditions",
    "delivery_modes",
    "requires_consent",
    "supervision_measures",
)
# The class is proposed here and fixed by the classification.
PROPOSAL = ("openness", "openness_reason")
_State = Dataset.State


@transitions.action
def create_dataset(
    *,
    code: str,
    provider_id: UUID,
    fields: Sequence[FieldSpec],
    actor: Any,
    at: datetime,
    **description: Any,
) -> Dataset:
    """
    Enter a dataset as a draft, with the field list of its first version.

    ``description`` takes the names in DESCRIPTION and PROPOSAL.

    :raises InvalidInput: an entry is missing or unknown, or there is no field.
    :raises Conflict: the code is in use.
    :raises Forbidden: the actor is not a data officer of the provider.
    """
    provider = Organization.objects.filter(id=provider_id, kind=Kind.PROVIDER).first()
    if provider is None:
        raise NotFound
    if not getattr(actor, "is_system", False):
        officers = parties.people_at(provider, Role.PROVIDER_OFFICER)
        if actor not in officers:
            raise Forbidden
    _check_description(description, complete=True)
    if Dataset.objects.filter(code=code).exists():
        raise Conflict(_("The code %(code)s is in use."), code=code)
    dataset = Dataset(code=code, provider=provider, created_at=at, **description)
    transitions.create(
        dataset,
        actor=actor,
        at=at,
        facts={"code": code, "fields": len(fields)},
        provider=provider,
        **_overseers(),
    )
    _declare(dataset, number=1, fields=fields, at=at)
    return dataset


@transitions.action
def edit_dataset(*, dataset_id: UUID, changes: dict[str, Any], actor: Any, at: datetime) -> Dataset:
    """
    Correct the description of a dataset; its proposed class too, as long as it is a draft.

    :raises InvalidInput: an entry that cannot be changed here.
    :raises NotAllowedNow: the class is fixed by a classification.
    :raises Forbidden: the actor may not edit it.
    """
    dataset = lock(dataset_id)
    require_permission(dataset, "catalog.edit_dataset", actor=actor)
    _check_description(changes, complete=False)
    if set(changes) & set(PROPOSAL) and dataset.state not in (_State.DRAFT, _State.RECLASSIFYING):
        raise NotAllowedNow
    for name, value in changes.items():
        setattr(dataset, name, value)
    dataset.save()
    audit.record(dataset, "edit", actor=actor, at=at, facts={"entries": sorted(changes)})
    return dataset


@transitions.action
def redefine_fields(
    *, dataset_id: UUID, fields: Sequence[FieldSpec], actor: Any, at: datetime
) -> DatasetVersion:
    """
    Declare another field list: a draft's without rows is replaced, else a new version begins.

    :raises NotAllowedNow: the dataset is neither a draft nor being reclassified.
    :raises Forbidden: the actor may not edit it.
    Source: clause A24, every change of class makes a new version.
    """
    dataset = lock(dataset_id)
    require_permission(dataset, "catalog.edit_dataset", actor=actor)
    if dataset.state not in (_State.DRAFT, _State.RECLASSIFYING):
        raise NotAllowedNow
    latest = dataset.versions.order_by("-number").first()
    number = 1 if latest is None else latest.number + 1
    if latest is not None and not latest.storage_path and dataset.state == _State.DRAFT:
        number = latest.number
        latest.fields.all().delete()
        latest.delete()
    version = _declare(dataset, number=number, fields=fields, at=at)
    facts = {"version": number, "fields": len(fields)}
    audit.record(dataset, "redefine_fields", actor=actor, at=at, facts=facts)
    return version


def _declare(
    dataset: Dataset, *, number: int, fields: Sequence[FieldSpec], at: datetime
) -> DatasetVersion:
    names = [one.name for one in fields]
    if not 1 <= len(fields) <= FIELDS_MAX or len(set(names)) != len(names):
        raise InvalidInput(fields={"fields": _("Declare at least one field, each name once.")})
    for one in fields:
        try:
            Level(one.level), Sensitivity(one.sensitivity)
        except ValueError as error:
            raise InvalidInput(
                fields={"fields": _("The level of field %(name)s is unknown.") % {"name": one.name}}
            ) from error
    version = DatasetVersion.objects.create(
        dataset=dataset, number=number, schema_hash=schema_hash_of(fields=fields), created_at=at
    )
    DatasetField.objects.bulk_create(
        DatasetField(version=version, position=position, **asdict(one))
        for position, one in enumerate(fields, start=1)
    )
    return version


def _check_description(entries: dict[str, Any], *, complete: bool) -> None:
    unknown = set(entries) - set(DESCRIPTION) - set(PROPOSAL)
    if unknown:
        raise InvalidInput(fields={name: _("There is no such entry.") for name in sorted(unknown)})
    needed = ("title", "description", "domain", "update_frequency", *PROPOSAL)
    texts = {name: entries.get(name, "") for name in needed if complete or name in entries}
    require_text(**texts)
    if "openness" in entries:
        Openness(entries["openness"])


def _overseers() -> dict[str, Organization | None]:
    found = {o.kind: o for o in Organization.objects.filter(kind__in=["AUTHORITY", "PLATFORM"])}
    return {"authority": found.get("AUTHORITY"), "platform": found.get("PLATFORM")}
