"""Terms laid out for a table: entry by entry, beside the template. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contracts import labels
from contracts.lattice import leaves
from contracts.overrides import changed_paths
from contracts.queries.rows import ChangeRow, EntryRow, TermRow
from contracts.terms import TERM_NAMES, Terms


def term_rows(
    *,
    terms: Terms,
    template: Terms,
    sources: Mapping[str, str],
    locked: Sequence[str],
    only_stated: bool = False,
) -> tuple[TermRow, ...]:
    """
    Return one row a term in the order of the schema, with its entries.

    An entry is changed when the template states another value. ``only_stated`` leaves out terms
    that have no entry.
    """
    stated, base = leaves(terms), leaves(template)
    found = []
    for name in TERM_NAMES:
        paths = [path for path in stated if _belongs(path, name)]
        entries = tuple(_entry(path, stated[path], base, sources) for path in sorted(paths))
        if not entries and only_stated:
            continue
        found.append(
            TermRow(
                name=name,
                title=str(labels.TERMS[name]),
                entries=entries,
                sources=tuple(dict.fromkeys(entry.source for entry in entries if entry.source)),
                changed=any(entry.changed for entry in entries),
                locked=name in locked,
            )
        )
    return tuple(found)


def change_rows(*, before: Terms, after: Terms) -> tuple[ChangeRow, ...]:
    """Return the entries in which two terms differ, as people read them."""
    old, new = leaves(before), leaves(after)
    return tuple(
        ChangeRow(
            labels.path_text(path),
            _value(path, old),
            _value(path, new),
        )
        for path in changed_paths(before=before, after=after)
    )


def _belongs(path: str, name: str) -> bool:
    parts = path.split(".")
    return parts[0] == name and not labels.HIDDEN & set(parts[1:])


def _entry(
    path: str, value: Any, base: Mapping[str, Any], sources: Mapping[str, str]
) -> EntryRow:
    source = sources.get(path, "")
    return EntryRow(
        path=path,
        label=labels.entry_text(path),
        value=labels.value_text(path, value),
        template_value=_value(path, base),
        source=labels.source_text(source) if source else "",
        changed=path in base and base[path] != value,
    )


def _value(path: str, values: Mapping[str, Any]) -> str:
    return labels.value_text(path, values[path]) if path in values else "—"
