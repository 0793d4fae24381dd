"""
Policies, requests and worlds from files: JSON-LD always, Turtle where its reader is installed.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.odrl import jsonld
from contracts.odrl.errors import Unreadable
from contracts.odrl.jsonld import Graph

FILE_BYTES_MAX = 5_000_000
TURTLE = (".ttl", ".turtle", ".nt")


def graph_of(path: Path) -> Graph:
    """
    Read a file as a graph; its ending tells the format.

    :raises Unreadable: there is no such file, or it is not what its ending says.
    """
    name = path.name
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise Unreadable(f"larger than {FILE_BYTES_MAX} bytes", path=name)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be read", path=name) from error
    except UnicodeDecodeError as error:
        raise Unreadable("is no text in UTF-8", path=name) from error
    if path.suffix.lower() in TURTLE:
        return jsonld.read(turtle_as_json(text, what=name), what=name)
    return jsonld.parse(text, what=name)


def turtle_as_json(text: str, *, what: str) -> Any:
    """
    Return Turtle as JSON-LD in full names.

    :raises Unreadable: it is no Turtle, or the reader of Turtle (rdflib) is not installed.
    """
    try:
        import rdflib
    except ImportError as error:
        why = "Turtle needs the package rdflib; write the file as JSON-LD instead"
        raise Unreadable(why, path=what) from error
    try:
        found = rdflib.Graph().parse(data=text, format="turtle")
        # With its own context switched off the result names everything in full.
        expanded = found.serialize(format="json-ld", auto_compact=False)
    except Exception as error:
        raise Unreadable(f"not Turtle ({str(error)[:200]})", path=what) from error
    data = json.loads(expanded, parse_float=Decimal)
    return [{"@context": {}, **node} for node in data]
