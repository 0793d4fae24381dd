"""
The catalog as the public, the applications and the desks read it.

Published datasets are public knowledge; what is not published yet is for those around it only.
"""

from catalog.queries.desk import (
    OpeningPage,
    OpeningRow,
    Workbench,
    closing_reasons,
    level_names,
    opening_classes,
    opening_list,
    opening_reasons,
    workbench,
)
from catalog.queries.pages import (
    data_officer_exists,
    dataset_facts,
    dataset_for_application,
    dataset_page,
    fields_of,
)
from catalog.queries.rows import (
    CatalogPage,
    CatalogRow,
    DatasetFacts,
    DatasetPage,
    FacetValue,
    FieldRow,
    Sample,
    delivery_names,
)
from catalog.queries.search import FACETS, published, search

__all__ = [
    "FACETS",
    "CatalogPage",
    "CatalogRow",
    "DatasetFacts",
    "DatasetPage",
    "FacetValue",
    "FieldRow",
    "OpeningPage",
    "OpeningRow",
    "Sample",
    "Workbench",
    "closing_reasons",
    "data_officer_exists",
    "dataset_facts",
    "dataset_for_application",
    "dataset_page",
    "delivery_names",
    "fields_of",
    "level_names",
    "opening_classes",
    "opening_list",
    "opening_reasons",
    "published",
    "search",
    "workbench",
]
