"""Whose the datasets of an agreement are."""

from __future__ import annotations

from catalog.models import Dataset
from contracts.terms import Terms


def owners_of(terms: Terms) -> dict[str, str]:
    """Return the provider of each dataset the terms name, by code."""
    datasets = (terms.scope.datasets if terms.scope else None) or ()
    rows = Dataset.objects.filter(id__in=[item.dataset_id for item in datasets])
    return {code: str(provider) for code, provider in rows.values_list("code", "provider_id")}
