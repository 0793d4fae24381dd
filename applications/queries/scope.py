"""What the providers let through of an application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from applications import scope
from applications.models import Application, ProviderBranch


@dataclass(frozen=True, slots=True)
class GrantedItem:
    """
    One dataset with what may be used of it.

    ``transforms`` maps a field to its rule, ``filters`` a field to the values whose rows are
    admitted; empty filters admit every row.
    """

    dataset_id: UUID
    dataset_code: str
    title: str
    version: int
    provider_id: UUID
    fields: tuple[str, ...]
    transforms: dict[str, str]
    filters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MergedItem:
    """
    One requested dataset after all opinions; ``denied`` are the fields that fell away.

    ``result`` is what the last decision says of it, empty before there is one.
    """

    item_id: int
    granted: GrantedItem
    denied: tuple[str, ...]
    result: str


def merged_items(application_id: UUID) -> tuple[MergedItem, ...]:
    """Return every requested dataset with the intersection of request and opinions, by code."""
    opinions: dict[str, list[Any]] = {}
    for branch in ProviderBranch.objects.filter(
        application_id=application_id, state=ProviderBranch.State.ANSWERED
    ):
        for code, opinion in branch.opinion.items():
            opinions.setdefault(code, []).append(opinion["fields"])
    merged = []
    application = Application.objects.get(id=application_id)
    rows = application.items.select_related("dataset__current_version")
    for item in rows.order_by("dataset__code", "id"):
        result = scope.merge(
            requested=item.fields, opinions=opinions.get(item.dataset.code, ())
        )
        granted = GrantedItem(
            dataset_id=item.dataset_id,
            dataset_code=item.dataset.code,
            title=item.dataset.title,
            version=item.dataset.current_version.number if item.dataset.current_version else 0,
            provider_id=item.dataset.provider_id,
            fields=result.fields,
            transforms=result.transforms,
            filters=dict(item.filters),
        )
        merged.append(MergedItem(item.pk, granted, result.denied, item.result))
    return tuple(merged)


def granted_scope(application_id: UUID) -> tuple[GrantedItem, ...]:
    """
    Return what an application may use: per dataset the fields that every opinion let through.

    Datasets of which nothing is left, or that the decision refused, are absent. For the system and
    other apps: the caller has decided who may know it.
    """
    return tuple(
        m.granted
        for m in merged_items(application_id)
        if m.granted.fields and m.result != "REJECTED"
    )
