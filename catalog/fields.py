"""A declared field, and when two field lists are the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core.hashing import digest_of


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One declared field."""

    name: str
    title: str
    data_type: str
    level: str
    sensitivity: str = "NONE"
    filterable: bool = False
    example: str = ""


def schema_hash_of(*, fields: Sequence[FieldSpec]) -> str:
    """Return the hash by which two field lists are the same."""
    return digest_of({"fields": [asdict(one) for one in fields]})
