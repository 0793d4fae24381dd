"""The search of the public catalog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from catalog import choices
from catalog.models import Dataset, DatasetField
from catalog.queries.rows import CatalogPage, CatalogRow, FacetValue, catalog_row

CATALOG_PAGE_ROWS = 20
TEXT_CHARACTERS_MAX = 60
FACETS = ("domain", "openness", "level", "provider", "frequency")
_State = Dataset.State


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
        tuple(catalog_row(row) for row in shown), total, page, pages, _facets(found, chosen)
    )


def published(*, limit: int = 200) -> tuple[CatalogRow, ...]:
    """Return the published datasets by code, at most ``limit``."""
    rows = (
        Dataset.objects.filter(state=_State.PUBLISHED)
        .select_related("provider", "current_version")
        .annotate(field_count=Count("current_version__fields", distinct=True))
        .order_by("code")[:limit]
    )
    return tuple(catalog_row(row) for row in rows)


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
