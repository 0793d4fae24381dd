"""
Hypothesis strategies for terms: every entry of every term, from the schema itself.

Values are few, so that statements meet and clash often. A new entry of the schema is generated
without a word here; a kind of entry that is not known is an error, not a gap.
"""

from __future__ import annotations

import types
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from contracts import shapes
from contracts.terms import Terms, parse

NAMES = ("alpha", "beta", "gamma")
CODES = ("D01", "D07")
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(1, 4),
    str: st.sampled_from(NAMES[:2]),
    date: st.sampled_from((date(2025, 1, 1), date(2026, 1, 1), date(2026, 12, 31))),
    Decimal: st.sampled_from((Decimal("0.01"), Decimal("0.5"), Decimal(2))),
    UUID: st.sampled_from((UUID(int=1), UUID(int=2))),
}
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple)


def of(annotation: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of an annotation of the schema."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return shape(annotation)
    if origin is Annotated:
        return of(parts[0])
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, types.UnionType):
        [stated] = [part for part in parts if part is not type(None)]
        return st.none() | of(stated)
    if origin is tuple:
        return _several(parts[0])
    if origin is dict:
        keys = st.sampled_from(CODES)
        return st.dictionaries(keys, of(parts[1]), max_size=2)
    raise AssertionError(f"no strategy for {annotation}")


def _several(element: Any) -> st.SearchStrategy[Any]:
    if element is str:
        return names
    if element is shapes.DatasetScope:
        return st.lists(of(element), max_size=2, unique_by=lambda item: item["code"]).map(tuple)
    return st.lists(of(element), min_size=1, max_size=2).map(tuple)


def shape(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for a shape of which every entry may be absent."""
    return st.fixed_dictionaries({name: _entry(name, f) for name, f in model.model_fields.items()})


def _entry(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    return st.sampled_from(CODES) if name == "code" else of(field.annotation)


def few(model: type[BaseModel], *, entries: int) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for a shape of which only some entries are stated."""
    wanted = st.lists(
        st.sampled_from(sorted(model.model_fields)), max_size=entries, unique=True
    )
    return wanted.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name: _entry(name, model.model_fields[name]) for name in chosen}
        )
    )


# Everything at once, and a few terms in depth: the first seldom agree, the second often do.
full: st.SearchStrategy[Terms] = shape(Terms).map(parse)
terms: st.SearchStrategy[Terms] = few(Terms, entries=3).map(parse)


def of_term(term: str) -> st.SearchStrategy[Terms]:
    """Return a strategy for terms that speak of one term only."""
    return of(Terms.model_fields[term].annotation).map(lambda value: parse({term: value}))
