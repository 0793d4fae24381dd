"""Policies, requests, worlds and reports written by others, where their folder is at hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from django.conf import settings

from contracts.odrl import files, jsonld
from contracts.odrl.evaluate import Evaluation, evaluate
from contracts.odrl.jsonld import Graph
from contracts.odrl.reader import read_policy
from contracts.odrl.vocabulary import ODRL, REPORT
from contracts.odrl.world import World, read_request, read_world

HOME = Path(os.environ.get("CONFORMANCE_DIR", settings.BASE_DIR / "../shared/conformance"))
SUITE = HOME / "odrl-test-suite" / "data"
DRAFT = HOME / "odrl-w3c" / "formal-semantics" / "examples"
TEST = rdflib.Namespace("http://example.org/")
CASES = 68

needs_suite = pytest.mark.skipif(
    not SUITE.is_dir(), reason=f"NOT RUN: no ODRL test suite in {SUITE} (CONFORMANCE_DIR)"
)
needs_draft = pytest.mark.skipif(
    not DRAFT.is_dir(), reason=f"NOT RUN: no ODRL formal semantics in {DRAFT} (CONFORMANCE_DIR)"
)


def by_name(folder: str) -> dict[str, Path]:
    """Return the files of a folder by every name they speak of."""
    found = {}
    for path in sorted((SUITE / folder).glob("*.ttl")):
        graph = rdflib.Graph().parse(path)
        found |= {str(subject): path for subject in set(graph.subjects())}
    return found


def as_turtle(path: Path) -> Graph:
    return files.graph_of(path)


def as_compact_json(path: Path) -> Graph:
    prefixes = {"odrl": ODRL, "ex": str(TEST), "report": REPORT, "dct": "http://purl.org/dc/terms/"}
    text = rdflib.Graph().parse(path).serialize(format="json-ld", context=prefixes)
    return jsonld.parse(text, what=path.name)


def as_expanded_json(path: Path) -> Graph:
    return jsonld.parse(rdflib.Graph().parse(path).serialize(format="json-ld"), what=path.name)


@needs_suite
@pytest.mark.parametrize("read", [as_turtle, as_compact_json, as_expanded_json])
def test_every_rule_of_the_test_suite_is_active_where_the_suite_says_so(read: Any) -> None:
    policies, requests, worlds = by_name("policies"), by_name("requests"), by_name("sotw")
    wrong, states = [], Counter[str]()
    cases = sorted((SUITE / "test_cases").glob("*.ttl"))
    for path in cases:
        graph = rdflib.Graph().parse(path)
        [case] = graph.subjects(rdflib.RDF.type, TEST.TestCase)
        policy, request, world, expected = (
            str(graph.value(case, TEST[name]))
            for name in ("policy", "request", "sotw", "expectedReport")
        )
        wanted = {
            str(graph.value(rule, rdflib.URIRef(REPORT + "rule"))): str(
                graph.value(rule, rdflib.URIRef(REPORT + "activationState"))
            ).removeprefix(REPORT)
            for rule in graph.objects(rdflib.URIRef(expected), rdflib.URIRef(REPORT + "ruleReport"))
        }
        found = evaluate(
            read_policy(read(policies[policy])),
            read_request(read(requests[request])),
            read_world(read(worlds[world])),
        )
        states.update(wanted.values())
        if activation(found) != wanted:
            wrong.append((path.name, wanted, activation(found)))
    assert wrong == []
    assert (len(cases), states["Active"], states["Inactive"]) == (CASES, 34, 34)


def activation(found: Evaluation) -> dict[str, str]:
    """Return the state of each rule."""
    return {f.rule.id: "Active" if f.active else "Inactive" for f in found.findings}


@needs_draft
@pytest.mark.parametrize(
    ("example", "expected"), [("A11", True), ("A12", False)]
)
def test_a_date_limits_a_permission_as_the_draft_of_the_semantics_shows(
    example: str, expected: bool
) -> None:
    [home] = DRAFT.glob("A*/A1*")
    policy = read_policy(jsonld.parse((home / "policyA1.json").read_text(), what="policy"))
    text = next((home / example).glob("evaluationrequest*.json")).read_text()
    # The draft's own prefix is missing in its context: its slip, not ours.
    stated = json.loads(text)
    stated["@context"].append({"sotw": "https://w3id.org/force/sotw#"})
    found = evaluate(policy, read_request(jsonld.read(stated, what="request")), World())
    assert found.permitted is expected
