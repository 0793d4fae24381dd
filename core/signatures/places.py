"""Where a signature stands in a document. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a signature stands: its name in the document, a page, a box in millimetres.

    ``page`` counts from 1, or from the end as -1. The box is measured from the lower left.
    """

    name: str
    page: int
    left_mm: float
    bottom_mm: float
    width_mm: float
    height_mm: float
