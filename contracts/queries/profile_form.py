"""The entries of a term profile as a form shows them, built from the schema itself."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from contracts import labels, shapes
from contracts import vocabulary as words
from contracts.lattice import leaves, operators_of
from contracts.terms import TERM_NAMES, Terms

FLAG, NUMBER, AMOUNT, PRICE, DAY = "flag", "number", "amount", "price", "day"
CHOICE, MANY, LINES, PAIRS, WORDS = "choice", "many", "lines", "pairs", "words"
TIERS_MAX = 4
# What a profile does not speak of: the case says it, or it names the dataset.
_OF_THE_CASE = frozenset(
    {"purpose", "dataset_id", "title", "provider", "level", "version", "labels", "code",
     "price_version", "references", "declared", "consents", "processors"}
)  # fmt: skip
_VOCABULARIES: dict[str, Iterable[str]] = {
    "security.controls": words.CONTROLS,
    "quality_sla.dimensions": words.QUALITY,
    "reporting.contents": words.REPORT_CONTENTS,
    "change.unilateral_causes": words.CAUSES,
    "breach.measures": words.MEASURES,
    "delivery.formats": ("CSV", "JSON", "PARQUET", "XLSX"),
    "update_frequency": words.FREQUENCIES,
    "region.storage": words.PLACES,
    "region.processing": words.PLACES,
}


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One control: ``value`` is what the profile says, ``base`` what the template says in words."""

    path: str
    label: str
    kind: str
    value: Any
    base: str
    order: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileGroup:
    """One term with its controls; ``open`` when the profile says something of it."""

    term: str
    title: str
    locked: bool
    open: bool
    entries: tuple[ProfileEntry, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the dataset."""

    name: str
    title: str


def profile_groups(
    *, code: str, fields: tuple[Field, ...], terms: Terms, template: Terms, locked: Iterable[str]
) -> tuple[ProfileGroup, ...]:
    """Return every control of a dataset's profile, by term in the order of the schema."""
    stated, base, bound = leaves(terms), leaves(template), set(locked)
    found = []
    for term in TERM_NAMES:
        entries = tuple(_controls(term, code, fields, stated, base))
        if entries:
            spoken = any(entry.value not in (None, "", ()) for entry in entries)
            found.append(
                ProfileGroup(term, str(labels.TERMS[term]), term in bound, spoken, entries)
            )
    return tuple(found)


def controlled(groups: Iterable[ProfileGroup]) -> frozenset[str]:
    """Return the entries of terms that some control of these groups states."""
    return frozenset(
        entry.path.rsplit(".", 2)[0] if ".tiers." in entry.path else entry.path
        for group in groups
        for entry in group.entries
    )


def _controls(
    term: str, code: str, fields: tuple[Field, ...], stated: dict[str, Any], base: dict[str, Any]
) -> Iterator[ProfileEntry]:
    if term in _OF_THE_CASE:
        return
    model = _model(Terms.model_fields[term].annotation)
    assert model is not None, "every term has a shape"
    for path, annotation, order in _walk(model, term, code):
        for one, kind, choices in _kinds(path, annotation, code, fields):
            yield ProfileEntry(
                path=one,
                label=_label(one, fields),
                kind=kind,
                value=_value(one, kind, stated),
                base=_base(one, code, base),
                order=order,
                choices=choices,
            )


def _walk(model: type[BaseModel], path: str, code: str) -> Iterator[tuple[str, Any, str]]:
    for name, operator in operators_of(model):
        if name in _OF_THE_CASE or (path == "quota" and name == "every"):
            continue
        annotation = _bare(model.model_fields[name].annotation)
        here = f"{path}.{name}"
        inner = _model(annotation)
        if inner is not None and inner is not shapes.PriceTier:
            keyed = get_origin(annotation) in (dict, tuple)
            yield from _walk(inner, f"{here}.{code}" if keyed else here, code)
        else:
            yield here, annotation, operator.word


def _kinds(
    path: str, annotation: Any, code: str, fields: tuple[Field, ...]
) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    name = path.rsplit(".", maxsplit=1)[-1]
    codes = _VOCABULARIES.get(path) or _VOCABULARIES.get(name)
    of_fields = tuple((one.name, f"{one.title}（{one.name}）") for one in fields)
    if name == "tiers":
        for number in range(1, TIERS_MAX + 1):
            yield f"{path}.{number}.up_to", NUMBER, ()
            yield f"{path}.{number}.yuan", PRICE, ()
    elif name == "transforms":
        for field in fields:
            yield f"{path}.{field.name}", CHOICE, _choices(shapes.TRANSFORMS)
    elif name == "weights":
        for indicator in words.INDICATORS:
            yield f"{path}.{indicator}", NUMBER, ()
    elif path == "consent.datasets":
        yield path, MANY, ((code, code),)
    elif name in ("fields", "period_field"):
        yield path, MANY if name == "fields" else CHOICE, of_fields
    elif get_origin(annotation) is Literal:
        yield path, CHOICE, _choices(get_args(annotation))
    elif get_origin(annotation) is tuple:
        yield path, MANY if codes else LINES, _choices(codes or ())
    elif get_origin(annotation) is dict:
        yield path, PAIRS, ()
    else:
        yield path, CHOICE if codes else _plain_kind(name, annotation), _choices(codes or ())


def _plain_kind(name: str, annotation: Any) -> str:
    if name.endswith("_fen"):
        return AMOUNT
    return {bool: FLAG, int: NUMBER, date: DAY, Decimal: PRICE}.get(annotation, WORDS)


def _choices(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, words.PLACES.get(code) or labels.word(code)) for code in codes)


def _value(path: str, kind: str, stated: dict[str, Any]) -> Any:
    parts = path.split(".")
    if "tiers" in parts:
        tiers = stated.get(".".join(parts[:-2])) or ()
        number = int(parts[-2])
        return tiers[number - 1][parts[-1]] if number <= len(tiers) else None
    if kind == PAIRS:
        start = f"{path}."
        return {p.removeprefix(start): v for p, v in stated.items() if p.startswith(start)} or None
    return stated.get(path)


def _base(path: str, code: str, base: dict[str, Any]) -> str:
    general = path.replace(f".datasets.{code}.", ".every.") if path.startswith("quota.") else path
    found = base.get(path, base.get(general))
    return "" if found is None else labels.value_text(general, found)


def _label(path: str, fields: tuple[Field, ...]) -> str:
    parts = path.split(".")
    titles = {one.name: one.title for one in fields}
    if "tiers" in parts:
        return labels.tier_text(int(parts[-2]), parts[-1])
    if "transforms" in parts:
        return f"{labels.ENTRIES['transforms']} · {titles.get(parts[-1], parts[-1])}"
    if "weights" in parts:
        return f"{labels.ENTRIES['weights']} · {labels.word(parts[-1])}"
    return str(labels.ENTRIES.get(parts[-1], parts[-1]))


def _bare(annotation: Any) -> Any:
    """Return an annotation without None and without what pydantic adds."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bare(parts[0])
    if origin in (Union, types.UnionType):
        [stated] = [part for part in parts if part is not type(None)]
        return _bare(stated)
    return annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return bare
    found = [_model(part) for part in get_args(bare) if part is not Ellipsis]
    return next((one for one in found if one is not None), None)
