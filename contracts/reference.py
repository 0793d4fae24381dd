"""The terms as a document, generated from the schema. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from django.utils import translation
from pydantic import BaseModel

from contracts import labels
from contracts.checks import Check, Checked
from contracts.lattice import BY_CODE, EACH, NESTED, Operator, operators_of
from contracts.shapes import SCHEMA_VERSION
from contracts.terms import TERM_NAMES, Terms
from workflow.reference import NOTICE


def checks_of(term: str) -> tuple[Check, ...]:
    """Return the checks that the schema states for one term."""
    [stated] = [
        item for item in Terms.model_fields[term].metadata if isinstance(item, Checked)
    ]
    return stated.checks


def entries_of(term: str) -> tuple[tuple[str, Operator], ...]:
    """Return the entries of a term by dotted path within it, and how each is made stricter."""
    return tuple(_entries(_model_of(Terms.model_fields[term].annotation), ()))


def render_terms() -> str:
    """Return docs/terms.md: every term, its entries, how they are made stricter, who checks."""
    with translation.override("en"):
        parts = [
            "# Terms of an agreement",
            NOTICE,
            f"Version {SCHEMA_VERSION} of the schema (`contracts/shapes.py`). An entry nobody"
            " states says nothing. Of several statements the strictest holds; two that have none"
            " in common are a conflict, which is named with everybody who speaks of it. A check"
            " names the function that reads the entry; what no check names is worded in the"
            " agreement and looked at by people.",
        ]
        for number, term in enumerate(TERM_NAMES, 1):
            parts += [f"## {number}. {labels.TERMS[term]} (`{term}`)", _entry_table(term)]
            parts.append(_check_table(term))
    return "\n\n".join(parts) + "\n"


def _entry_table(term: str) -> str:
    rows = [
        f"| `{path}` | {labels.entry_text(f'{term}.{path}')} | {operator.word} |"
        for path, operator in entries_of(term)
    ]
    return "\n".join(["| entry | is | stricter |", "|---|---|---|", *rows])


def _check_table(term: str) -> str:
    rows = [
        f"| `{check.entry}` | `{check.function.replace(':', '.')}` | {check.effect} |"
        for check in checks_of(term)
    ]
    return "\n".join(["| entry | checked by | effect |", "|---|---|---|", *rows])


def _entries(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, Operator]]:
    for name, operator in operators_of(model):
        here = (*path, name)
        if operator in (NESTED, EACH, BY_CODE):
            yield from _entries(_model_of(model.model_fields[name].annotation), here)
        else:
            yield ".".join(here), operator


def _model_of(annotation: Any) -> type[BaseModel]:
    """Return the model an annotation is about: itself, an element, or a value by name."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [_model_of(part) for part in get_args(annotation) if _has_model(part)]
    return found[0]


def _has_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_has_model(part) for part in get_args(annotation))
