"""
The days of an agreement lie within the days its datasets are open and operated.

The database keeps this whatever the code does (a trigger of licensing); here it is asked before,
so that people read which dataset ends first. Source: domain §3.5 (term).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from catalog.models import Dataset
from contracts import terms as contract_terms
from contracts.errors import TermOutlastsDataset
from contracts.models import Agreement


def ask_nested(agreement: Agreement, *, valid_from: date, valid_to: date) -> None:
    """
    Ask that days lie within the terms of every dataset of an agreement.

    :raises TermOutlastsDataset: one is not open the whole time; the first by code is named.
    """
    for dataset in _datasets(agreement):
        first, last = dataset.open_from, last_day_of(dataset)
        if (first and valid_from < first) or (last and valid_to > last):
            raise TermOutlastsDataset(
                code=dataset.code,
                first=first.isoformat() if first else "—",
                last=last.isoformat() if last else "—",
                until=valid_to.isoformat(),
            )


def last_day_of(dataset: Dataset) -> date | None:
    """Return the last day a dataset can be used at all, None when no end is set."""
    ends = [day for day in (dataset.open_to, dataset.operated_to) if day is not None]
    return min(ends, default=None)


def _datasets(agreement: Agreement) -> Any:
    terms = contract_terms.parse(agreement.terms)
    codes = [item.code for item in (terms.scope.datasets if terms.scope else None) or ()]
    return Dataset.objects.filter(code__in=codes).order_by("code")
