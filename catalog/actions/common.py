"""What every action on a dataset does first: lock it, and ask authority before anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Dataset, DatasetField, DatasetVersion
from core.errors import Forbidden, InvalidInput, NotFound
from workflow import policy, transitions

REASON_CHARACTERS_MAX = 500


def lock(dataset_id: UUID) -> Dataset:
    """
    Return a dataset, locked until the transaction ends.

    :raises NotFound: there is none.
    """
    rows = Dataset.objects.select_for_update(of=("self",), no_key=True)
    dataset = rows.select_related("provider").filter(id=dataset_id).first()
    if dataset is None:
        raise NotFound
    return dataset


def require_step(dataset: Dataset, name: str, *, actor: Any, at: datetime) -> None:
    """
    Refuse, as the one road would, before the rules of the step say anything about the dataset.

    :raises Forbidden: the actor may not take this step.
    :raises NotAllowedNow: the present state does not lead there.
    """
    step = transitions.declared(Dataset, name)
    if policy.may(actor, step.permission, dataset) and dataset.state in step.sources:
        return
    transitions.perform(dataset, name, actor=actor, at=at)
    raise AssertionError(f"{name} went through although it is not open")


def require_permission(dataset: Dataset, permission: str, *, actor: Any) -> None:
    """
    Refuse an act that is no transition.

    :raises Forbidden: the actor does not hold the permission on this dataset.
    """
    if not policy.may(actor, permission, dataset):
        raise Forbidden


def require_text(**texts: str) -> None:
    """
    Refuse empty texts, by the name of their field.

    :raises InvalidInput: at least one is empty.
    """
    empty: dict[str, str | Promise] = {
        name: _("Fill this in.") for name, value in texts.items() if not value.strip()
    }
    if empty:
        raise InvalidInput(fields=empty)


def in_record_language(text: str | Promise, **facts: Any) -> str:
    """Return a text as records keep it: in the language of the installation, not of the actor."""
    with translation.override(settings.LANGUAGE_CODE):
        plain = {name: str(fact) for name, fact in facts.items()}
        return (str(text) % plain if plain else str(text))[:REASON_CHARACTERS_MAX]


def latest_version(dataset: Dataset) -> DatasetVersion:
    """
    Return the newest version of a dataset, with rows or without.

    :raises NotFound: no field list was ever declared.
    """
    version = dataset.versions.order_by("-number").first()
    if version is None:
        raise NotFound
    return version


def fields_of(version: DatasetVersion) -> tuple[DatasetField, ...]:
    """Return the fields of a version in their order."""
    return tuple(version.fields.order_by("position"))
