"""
The statements an agreement is merged from, in their order. Pure.

Template, then level and profile of every dataset, then what was asked for, what was granted, and
the conditions of the decision. Strictest wins, whoever speaks; the order only settles whose name
stands beside a value that two of them state. Source: domain T11, docs/sources.md#term-merge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts import defaults, terms
from contracts.errors import LevelNotOpen
from contracts.terms import Merged, Terms

TEMPLATE, REQUEST, GRANT, CONDITION, RULE = "template", "request", "grant", "condition", "rule"
LEVEL_PREFIX, PROFILE_PREFIX, CHANGE = "level:", "profile:", "negotiated"
# How a provider's opinion names a transformation, and how the terms do.
TRANSFORMS = {
    "mask": "MASK",
    "keyed_hash": "HASH",
    "generalize": "GENERALIZE",
    "suppress": "SUPPRESS",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantedDataset:
    """One granted dataset, with what the catalog says of it and its profile, if it has one."""

    dataset_id: UUID
    code: str
    title: str
    provider: str
    level: str
    version: int
    update_frequency: str
    requires_consent: bool
    fields: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    transforms: Mapping[str, str]
    filters: Mapping[str, Any]
    profile: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the applicant asked for beside the datasets."""

    scenario_code: str
    scenario_name: str
    purpose_class: str
    purpose_text: str
    products: str
    term_months: int
    environment: str
    protection_level: int | None
    region: str
    monthly_quota: int


def merge_all(
    *,
    template: Mapping[str, Any],
    datasets: Sequence[GrantedDataset],
    request: Request,
    conditions: Sequence[Any] = (),
) -> Merged:
    """
    Merge everything that speaks to an agreement into its terms.

    :raises TermConflict: statements exclude each other; everybody who speaks is named.
    :raises TermsInvalid: a statement cannot be read.
    :raises LevelNotOpen: a dataset's level can never be open under conditions.
    """
    said = everything_said(
        template=template, datasets=datasets, request=request, conditions=conditions
    )
    return terms.settle(terms.merge(said))


def everything_said(
    *,
    template: Mapping[str, Any],
    datasets: Sequence[GrantedDataset],
    request: Request,
    conditions: Sequence[Any] = (),
) -> list[tuple[str, Terms]]:
    """
    Return every statement that speaks to an agreement, with the name of who makes it.

    :raises TermsInvalid: a statement cannot be read.
    :raises LevelNotOpen: a dataset's level can never be open under conditions.
    """
    statements = [(TEMPLATE, terms.parse(template))]
    for dataset in datasets:
        statements.append((f"{LEVEL_PREFIX}{dataset.level}", of_level(dataset=dataset)))
        if dataset.profile is not None:
            statements.append((f"{PROFILE_PREFIX}{dataset.code}", terms.parse(dataset.profile)))
    statements.append((REQUEST, of_request(request=request)))
    statements += [(GRANT, of_grant(dataset=dataset)) for dataset in datasets]
    statements += [(CONDITION, stated) for stated in of_conditions(conditions=conditions)]
    return statements


def of_level(*, dataset: GrantedDataset) -> Terms:
    """
    State what the level of a dataset demands.

    :raises LevelNotOpen: a dataset of this level can never be open under conditions.
    """
    if dataset.level not in defaults.MODE_BY_LEVEL:
        raise LevelNotOpen(code=dataset.code, level=dataset.level)
    return terms.parse(defaults.level_terms(code=dataset.code, level=dataset.level))


def of_dataset_level(*, code: str, level: str) -> list[tuple[str, Terms]]:
    """Return the statement of a level by its name; none for a level that is never open."""
    if level not in defaults.MODE_BY_LEVEL:
        return []
    stated = terms.parse(defaults.level_terms(code=code, level=level))
    named = terms.parse({"scope": {"datasets": [{"code": code, "level": level}]}})
    return [(f"{LEVEL_PREFIX}{level}", terms.strictest(stated, named))]


def of_request(*, request: Request) -> Terms:
    """State what the applicant asked for; nobody gets more than that."""
    environment: dict[str, Any] = {"mode": request.environment} if request.environment else {}
    if request.protection_level is not None:
        environment["protection_level"] = request.protection_level
    stated: dict[str, Any] = {
        "purpose": {
            "purpose_class": request.purpose_class,
            "scenario_code": request.scenario_code,
            "scenario_name": request.scenario_name,
            "purpose_text": request.purpose_text or None,
            "products": request.products or None,
        },
        "environment": environment,
        "region": {"declared": request.region or None},
        "term": {"months": request.term_months or None},
    }
    if request.monthly_quota:
        stated["quota"] = {"every": {"per_month": request.monthly_quota}}
    return terms.parse(stated)


def of_grant(*, dataset: GrantedDataset) -> Terms:
    """State what the providers let through of one dataset."""
    scope = {
        "code": dataset.code,
        "dataset_id": str(dataset.dataset_id),
        "title": dataset.title,
        "provider": dataset.provider,
        "level": dataset.level,
        "version": dataset.version,
        "labels": [{"name": name, "title": title} for name, title in dataset.labels],
        "fields": list(dataset.fields),
        "filters": {name: _values(value) for name, value in dataset.filters.items()} or None,
        "transforms": {n: TRANSFORMS.get(rule, rule) for n, rule in dataset.transforms.items()}
        or None,
    }
    stated: dict[str, Any] = {
        "scope": {"datasets": [scope]},
        "quality_sla": {
            "datasets": {dataset.code: {"update_frequency": dataset.update_frequency or None}}
        },
    }
    if dataset.requires_consent:
        stated["consent"] = {"datasets": [dataset.code], "evidence": True}
    return terms.parse(stated)


def of_conditions(*, conditions: Sequence[Any]) -> list[Terms]:
    """State what the conditions of the decision demand as terms."""
    return [
        terms.parse(condition["terms"])
        for condition in conditions
        if isinstance(condition, Mapping) and condition.get("terms")
    ]


def texts_of(*, conditions: Sequence[Any]) -> tuple[str, ...]:
    """Return the wording of the conditions."""
    texts = (c.get("text", "") if isinstance(c, Mapping) else str(c) for c in conditions)
    return tuple(text for text in texts if text)


def _values(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
