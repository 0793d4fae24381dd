"""
JSON-LD as far as policies need it: from a document to nodes with full names. Pure.

Unlike an ordinary expansion nothing is dropped: a key that no context defines, and every construct
that is not understood, stops the reading. No context is fetched; those known are listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.odrl.contexts import Context, empty_context
from contracts.odrl.errors import Unreadable
from contracts.odrl.vocabulary import NAMES_OF_TERMS, NAMES_OF_THINGS, ODRL, RDF, XSD

DOCUMENT_CHARACTERS_MAX = 5_000_000
DEPTH_MAX = 100


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written, with the full name of its datatype."""

    text: str
    datatype: str = f"{XSD}string"


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of a thing; ``_:`` in front when it has none of its own."""

    iri: str

    @property
    def is_blank(self) -> bool:
        """Return whether the thing has no name outside its document."""
        return self.iri.startswith("_:")


Value = Literal | Ref


@dataclass(slots=True)
class Node:
    """One thing with its types and properties, by full name, in the order of the document."""

    id: str
    types: list[str] = field(default_factory=list)
    properties: dict[str, list[Value]] = field(default_factory=dict)

    def refs(self, name: str) -> list[str]:
        """Return the names a property leads to."""
        return [v.iri for v in self.properties.get(name, ()) if isinstance(v, Ref)]

    def first(self, name: str) -> Value | None:
        """Return the first value of a property."""
        return next(iter(self.properties.get(name, ())), None)


@dataclass(slots=True)
class Graph:
    """Every node of a document; ``roots`` are those it begins with."""

    nodes: dict[str, Node] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)

    def node(self, iri: str) -> Node:
        """Return a node; one that the document only names has no properties."""
        return self.nodes.get(iri) or Node(iri)

    def of_type(self, *types: str) -> list[Node]:
        """Return the nodes that have one of the types."""
        return [node for node in self.nodes.values() if set(types) & set(node.types)]


def parse(text: str, *, what: str) -> Graph:
    """
    Read a JSON-LD text; without a context of its own it is read in that of ODRL.

    :raises Unreadable: it is no JSON, no JSON-LD, or uses what is not understood here.
    """
    if len(text) > DOCUMENT_CHARACTERS_MAX:
        raise Unreadable(f"longer than {DOCUMENT_CHARACTERS_MAX} characters", path=what)
    try:
        data = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON ({error})", path=what) from error
    return read(data, what=what)


def read(data: Any, *, what: str) -> Graph:
    """
    Read JSON-LD from plain values, as ``parse`` does.

    :raises Unreadable: see ``parse``.
    """
    if not isinstance(data, dict | list) or not data:
        raise Unreadable("neither an object nor a list of objects", path=what)
    return _Reader().document(data, what)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # The same key twice could be read in two ways.
        twice = next(name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1)
        raise ValueError(f"the key {twice} stands twice in one object")
    return found


class _Reader:
    def __init__(self) -> None:
        self.graph = Graph()
        self._blanks = 0

    def document(self, data: Any, what: str) -> Graph:
        for index, item in enumerate(data if isinstance(data, list) else [data]):
            path = f"{what}[{index}]" if isinstance(data, list) else what
            if not isinstance(item, dict):
                raise Unreadable("is not an object", path=path)
            context = empty_context(with_odrl="@context" not in item)
            self.graph.roots += [ref.iri for ref in self._top(item, context, path)]
        return self.graph

    def _top(self, item: dict[str, Any], context: Context, path: str) -> Iterator[Ref]:
        if "@graph" not in item:
            yield self._node(item, context, path, 0)
            return
        context = context.extended(item.get("@context"), path)
        others = set(item) - {"@context", "@graph", "@id"}
        if others:
            raise Unreadable(f"{min(others)} beside @graph", path=path)
        members = item["@graph"]
        for index, member in enumerate(members if isinstance(members, list) else [members]):
            inner = f"{path}.@graph[{index}]"
            if not isinstance(member, dict):
                raise Unreadable("is not an object", path=inner)
            yield self._node(member, context, inner, 1)

    def _node(self, item: dict[str, Any], context: Context, path: str, depth: int) -> Ref:
        if depth > DEPTH_MAX:
            raise Unreadable(f"nested deeper than {DEPTH_MAX}", path=path)
        context = context.extended(item.get("@context"), path)
        keys = {key: context.name(key, vocabulary=True) for key in item if key != "@context"}
        node = self._identified(item, keys, context, path)
        for key, name in keys.items():
            inner = f"{path}.{key}"
            if name == "@id":
                continue
            if name == "@type":
                node.types += [
                    one
                    for one in self._types(item[key], context, inner)
                    if one not in node.types
                ]
                continue
            if name.startswith("@"):
                raise Unreadable(f"{name} is not understood here", path=inner)
            if ":" not in name:
                raise Unreadable(f"no context defines the term {key}", path=inner)
            values = self._values(item[key], name, context, key, inner, depth)
            known = node.properties.setdefault(name, [])
            known += [value for value in values if value not in known]
        return Ref(node.id)

    def _identified(
        self, item: dict[str, Any], keys: dict[str, str], context: Context, path: str
    ) -> Node:
        named = [key for key, name in keys.items() if name == "@id"]
        uids = [key for key, name in keys.items() if name == f"{ODRL}uid"]
        names = set()
        for key in named + uids:
            value = item[key]
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
            if isinstance(value, dict):
                value = value.get("@id", value.get("@value"))
            if not isinstance(value, str) or not value:
                raise Unreadable("a name must be a text", path=f"{path}.{key}")
            names.add(context.name(value, vocabulary=False))
        if len(names) > 1:
            raise Unreadable(f"two names for one thing: {' and '.join(sorted(names))}", path=path)
        if not names:
            self._blanks += 1
            names = {f"_:n{self._blanks}"}
        return self.graph.nodes.setdefault(min(names), Node(min(names)))

    def _types(self, value: Any, context: Context, path: str) -> list[str]:
        found = []
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, str):
                raise Unreadable("a type must be a text", path=path)
            name = context.name(one, vocabulary=True)
            if ":" not in name:
                raise Unreadable(f"no context defines the type {one}", path=path)
            found.append(name)
        return found

    def _values(
        self, value: Any, name: str, context: Context, key: str, path: str, depth: int
    ) -> list[Value]:
        if isinstance(value, list):
            return [
                found
                for index, one in enumerate(value)
                for found in self._values(
                    one, name, context, key, f"{path}[{index}]", depth + 1
                )
            ]
        if value is None:
            return []
        if depth > DEPTH_MAX:
            raise Unreadable(f"nested deeper than {DEPTH_MAX}", path=path)
        if not isinstance(value, dict):
            return [_scalar(value, name, context, key, path)]
        for keyword in ("@list", "@set"):
            if keyword in value:
                if set(value) != {keyword}:
                    raise Unreadable(f"other keys beside {keyword}", path=path)
                return self._values(value[keyword], name, context, key, path, depth + 1)
        if "@value" in value:
            return [_typed(value, context, path)]
        return [self._node(value, context, path, depth + 1)]


def _scalar(value: Any, name: str, context: Context, key: str, path: str) -> Value:
    kind = context.type_of(key)
    if isinstance(value, str):
        if kind == "@vocab" or (kind is None and name in NAMES_OF_TERMS):
            return Ref(_term(value, context))
        if kind == "@id" or (kind is None and name in NAMES_OF_THINGS):
            return Ref(context.name(value, vocabulary=False))
        if kind == f"{XSD}anyURI":
            return Ref(context.name(value, vocabulary=False))
        return Literal(value, kind or f"{XSD}string")
    return _plain(value, kind, path)


def _term(value: str, context: Context) -> str:
    name = context.name(value, vocabulary=True)
    # A bare word of ODRL is one also where the context of its document forgot to define it.
    return name if ":" in name else context.bare(value)


def _typed(value: dict[str, Any], context: Context, path: str) -> Literal:
    others = set(value) - {"@value", "@type", "@language"}
    if others:
        raise Unreadable(f"{min(others)} beside @value", path=path)
    raw, kind = value["@value"], value.get("@type")
    if kind is not None:
        if not isinstance(kind, str):
            raise Unreadable("a datatype must be a text", path=path)
        kind = context.name(kind, vocabulary=True)
    if "@language" in value:
        kind = f"{RDF}langString"
    if isinstance(raw, str):
        return Literal(raw, kind or f"{XSD}string")
    return _plain(raw, kind, path)


def _plain(value: Any, kind: str | None, path: str) -> Literal:
    wanted = None if kind in ("@id", "@vocab", None) else kind
    match value:
        case bool():
            return Literal("true" if value else "false", wanted or f"{XSD}boolean")
        case int():
            return Literal(str(value), wanted or f"{XSD}integer")
        case Decimal():
            # As written: in full, a number with a large exponent would fill the memory.
            return Literal(str(value), wanted or f"{XSD}decimal")
        case float():
            return Literal(repr(value), wanted or f"{XSD}decimal")
        case _:
            raise Unreadable(f"a value of this kind is not understood: {value!r}", path=path)


