"""Every entry of the terms stands in the policy, in words that others can look up."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

import pytest
import rdflib
from django.conf import settings as django_settings
from hypothesis import given, settings
from pydantic import BaseModel, create_model
from pyld import jsonld as pyld

from contracts import defaults
from contracts.lattice import leaves
from contracts.odrl import jsonld, mapping, profile_terms
from contracts.odrl.contexts import ODRL_CONTEXT
from contracts.odrl.mapping import CLAUSE, ENTRIES
from contracts.odrl.profile import profile_document
from contracts.odrl.reader import read_policy
from contracts.odrl.uses import terms_of
from contracts.odrl.vocabulary import ACTIONS, DATADEED, LEFT_OPERANDS, ODRL, PROFILE
from contracts.odrl.writer import policy_of
from contracts.terms import Terms, parse, strictest
from tests.contracts.odrl.agreeing import FACTS, PROVIDER, random_terms

HOME = Path(os.environ.get("CONFORMANCE_DIR", django_settings.BASE_DIR / "../shared/conformance"))
W3C_CONTEXT = HOME / "dsp-2025-1" / "context" / "odrl.jsonld"
CORE = HOME / "odrl-w3c" / "core-profile" / "odrl-core-profile-22.ttl"
CODES = sorted(defaults.PROFILES)
EVERYWHERE = replace(
    FACTS,
    providers=dict.fromkeys((*CODES, "D08"), PROVIDER),
    terms_hash="a" * 64,
    text_hash="b" * 64,
)
needs_context = pytest.mark.skipif(
    not W3C_CONTEXT.is_file(), reason=f"NOT RUN: no ODRL context in {W3C_CONTEXT}"
)
needs_core = pytest.mark.skipif(not CORE.is_file(), reason=f"NOT RUN: no core profile in {CORE}")


ONE: dict[Any, Any] = {
    bool: True, int: 2, str: "alpha", date: date(2026, 12, 31), Decimal: Decimal("0.5"),
    UUID: UUID(int=1),
}  # fmt: skip


def one(annotation: Any) -> Any:
    """Return one value of an annotation of the schema, with every entry stated."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation in ONE:
        return ONE[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = {name: one(field.annotation) for name, field in annotation.model_fields.items()}
        return {**found, **({"code": "D01"} if "code" in found else {})}
    if origin is Literal:
        return parts[0]
    if origin is tuple:
        return [one(parts[0])]
    if origin is dict:
        return {"D01": one(parts[1])}
    [stated] = [part for part in parts[:1] if part is not type(None)]
    return one(stated)


def whole() -> Terms:
    """Return terms that state every entry of the schema, whatever it comes to hold."""
    stated = one(Terms)
    stated["consent"]["datasets"] = ["D01"]
    return parse(stated)


def usual() -> Terms:
    """Return the base template with the profiles of two datasets, a purpose and fields."""
    scope = [{"code": code, "fields": ["alpha", "beta"]} for code in ("D01", "D07")]
    drafts = [parse(defaults.PROFILES[code]) for code in ("D01", "D07")]
    purpose = {"purpose_class": "INDUSTRY", "scenario_code": "CJ-2026-00001"}
    stated = parse({"purpose": purpose, "scope": {"datasets": scope}})
    return strictest(parse(defaults.BASE_P1), *drafts, stated)


def test_every_entry_of_the_schema_is_carried_somehow() -> None:
    schema = set(mapping.schema_entries())
    assert schema - set(ENTRIES) == set(), "add these to contracts/odrl/mapping.py"
    assert set(ENTRIES) - schema == set(), "these are no entries of the terms any more"
    assert len({entry.split(".")[0] for entry in schema}) == 23


def test_an_entry_that_nothing_carries_stops_the_writer() -> None:
    with pytest.raises(mapping.UnmappedEntry, match=r"purpose\.mood"):
        mapping.entry_of("purpose.mood")
    more = create_model("More", __base__=Terms, mood=(str | None, None))
    assert "mood" in set(mapping.schema_entries(more))
    with pytest.raises(mapping.UnmappedEntry, match="mood"):
        policy_of(more(mood="good"), FACTS)


def test_all_terms_together_state_every_entry_of_the_schema() -> None:
    entries = {mapping.entry_of(path) for path in leaves(whole())}
    assert set(mapping.schema_entries()) - entries == set()


def may_be_a_clause(path: str, value: Any, terms: Terms, policy: dict[str, Any]) -> bool:
    """Return whether an entry rightly stands as text: it is no rule, or it grants nothing."""
    if ENTRIES[mapping.entry_of(path)].kind == CLAUSE or value in (False, []):
        return True
    # "Anywhere but outside": use outside is simply not granted, so there is nothing to forbid.
    names = [one["@id"].partition("#use-")[2] for one in policy.get("permission", ())]
    uses = {name for name in names if name}
    dead = {*CODES} - uses
    if path in ("environment.mode", "rights.use", "purpose.scenario_code"):
        return True
    if path == "consent.datasets":
        return not set(value) & uses
    if path == "onward_transfer.processors":
        return terms.onward_transfer is not None and terms.onward_transfer.allowed is None
    return any(f".{code}." in path for code in dead) or not uses


@settings(max_examples=150, deadline=None)
@given(random_terms)
def test_no_stated_entry_is_lost(terms: Terms) -> None:
    policy = policy_of(terms, FACTS)
    stated = {p: v for p, v in leaves(terms).items() if not (v == [] and mapping.is_container(p))}
    assert terms_of(list(policy.values())) == set(stated)
    clauses = {one["datadeed:term"] for one in policy["datadeed:clause"]}
    wrong = {p for p in clauses if not may_be_a_clause(p, stated[p], terms, policy)}
    assert wrong == set()


@pytest.mark.parametrize("make", [whole, usual])
def test_only_what_is_no_rule_is_carried_as_text_in_complete_terms(make: Any) -> None:
    terms = make()
    policy = policy_of(terms, EVERYWHERE)
    stated = leaves(terms)
    for clause in policy["datadeed:clause"]:
        path = clause["datadeed:term"]
        kind = ENTRIES[mapping.entry_of(path)].kind
        assert kind == CLAUSE or stated[path] in (False, []) or path == "environment.mode", path
    read_policy(jsonld.read(policy, what="policy"))


def test_the_same_terms_give_the_same_bytes() -> None:
    texts = {json.dumps(policy_of(whole(), EVERYWHERE), ensure_ascii=False) for _ in range(2)}
    assert len(texts) == 1


def test_is_an_offer_until_the_agreement_takes_effect() -> None:
    draft = replace(EVERYWHERE, valid_from=None, valid_to=None)
    assert policy_of(whole(), draft)["@type"] == "Offer"
    assert policy_of(whole(), EVERYWHERE)["@type"] == "Agreement"


def load(url: str, _options: Any) -> dict[str, Any]:
    assert url == ODRL_CONTEXT, "nothing else is fetched"
    document = json.loads(W3C_CONTEXT.read_text(encoding="utf-8"))
    return {"contextUrl": None, "documentUrl": url, "document": document,
            "contentType": "application/ld+json"}  # fmt: skip


@needs_context
def test_every_key_and_term_has_a_full_name_under_the_context_of_odrl() -> None:
    policy = policy_of(whole(), EVERYWHERE)
    [expanded] = pyld.expand(policy, {"documentLoader": load})
    assert _nameless(expanded) == set()
    # PyLD drops what it cannot name: as many properties come out as went in.
    assert _properties(expanded) == _properties(policy)
    ours = jsonld.read(policy, what="policy")
    theirs = pyld.flatten(policy, None, {"documentLoader": load})
    assert {name for node in theirs for name in node if not name.startswith("@")} == {
        name for node in ours.nodes.values() for name in node.properties
    }


def _nameless(value: Any) -> set[str]:
    """Return the keys, types and names of an expanded document that are no full names."""
    if isinstance(value, list):
        return {bad for one in value for bad in _nameless(one)}
    if not isinstance(value, dict):
        return set()
    bad = {key for key in value if not key.startswith("@") and ":" not in key}
    named = [*value.get("@type", [])] if isinstance(value.get("@type"), list) else []
    named += [value["@id"]] if "@id" in value else []
    bad |= {one for one in named if ":" not in one}
    return bad | {one for v in value.values() for one in _nameless(v)}


def _properties(value: Any) -> int:
    if isinstance(value, list):
        return sum(_properties(one) for one in value)
    if not isinstance(value, dict) or "@value" in value:
        return 0
    own = [key for key in value if not key.startswith("@")]
    return len(own) + sum(_properties(value[key]) for key in own)


@needs_context
@needs_core
def test_words_come_from_the_core_the_common_vocabulary_or_the_profile() -> None:
    member = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#member")
    core = {str(one) for one in rdflib.Graph().parse(CORE).objects(None, member)}
    policy = policy_of(whole(), EVERYWHERE)
    used = set()
    nodes = pyld.flatten(policy, None, {"documentLoader": load})
    nodes += pyld.flatten(policy_of(usual(), EVERYWHERE), None, {"documentLoader": load})
    for node in nodes:
        used |= {name for name in node if name.startswith(ODRL)}
        used |= {one for one in node.get("@type", []) if one.startswith(ODRL)}
        for name in ("action", "leftOperand", "operator", "conflict"):
            used |= {one["@id"] for one in node.get(ODRL + name, [])}
    common = set(ACTIONS) | LEFT_OPERANDS
    defined = _defined_in_profile()
    unknown = {word for word in used if word not in core | common | defined}
    assert {word for word in unknown if not word.startswith(profile_terms.FILTER_VALUE)} == set()
    assert {one for one in used if one.startswith(DATADEED)}, "the profile is used"
    assert policy["profile"] == PROFILE


def _defined_in_profile() -> set[str]:
    nodes = pyld.flatten(profile_document())
    return {node["@id"] for node in nodes}


def test_the_profile_defines_every_word_of_its_own_that_is_evaluated() -> None:
    defined = _defined_in_profile()
    own = {one for one in {*profile_terms.ACTIONS, *profile_terms.LEFT_OPERANDS}
           if one.startswith(DATADEED)}  # fmt: skip
    assert own <= defined
    assert {DATADEED + name for name in profile_terms.OWN_ANNOTATIONS} <= defined
    used = {word for one in ENTRIES.values() for word in f"{one.word}, {one.operand}".split(", ")}
    named = {word.replace("datadeed:", DATADEED) for word in used if word.startswith("datadeed:")}
    assert named - defined - {f"{DATADEED}filterValue"} == set()
