"""A policy with a term that nobody evaluates is refused: the term and its place are named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from contracts.odrl import jsonld
from contracts.odrl.errors import Refused, Unreadable
from contracts.odrl.reader import read_policy
from contracts.odrl.world import read_request, read_world
from tests.contracts.odrl.asking import CONTEXT, allowing, asking, policy_of, read, world_of

LATER = {"leftOperand": "dateTime", "operator": "gt", "rightOperand": "2024-01-01"}


def limited(**changes: Any) -> dict[str, Any]:
    """Return a policy of one permission with one constraint, changed."""
    stated = {k: v for k, v in {**LATER, **changes}.items() if v is not None}
    return allowing(action="read", constraint=[stated])


@pytest.mark.parametrize(
    ("policy", "term", "path"),
    [
        (limited(leftOperand="ex:dayOfWeek"), "http://example.org/dayOfWeek",
         "policy.permission[0].constraint[0].leftOperand"),
        (limited(leftOperand="odrl:timedCount"), "odrl:timedCount",
         "policy.permission[0].constraint[0].leftOperand"),
        (limited(operator="ex:around"), "http://example.org/around",
         "policy.permission[0].constraint[0].operator"),
        (limited(leftOperand=None), "odrl:leftOperand", "policy.permission[0].constraint[0]"),
        (limited(operator=["gt", "lt"]), "odrl:operator", "policy.permission[0].constraint[0]"),
        (limited(rightOperand=None), "odrl:rightOperand",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(rightOperand=None, rightOperandReference="ex:when"),
         "odrl:rightOperandReference", "policy.permission[0].constraint[0]"),
        (limited(rightOperand=["2024-01-01", "2024-02-01"]), "odrl:gt",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(rightOperand="2024-02-30"), "odrl:rightOperand",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(rightOperand="soon"), "odrl:rightOperand",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(rightOperand=5), "odrl:dateTime",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(leftOperand="purpose", rightOperand="research"), "odrl:gt",
         "policy.permission[0].constraint[0].rightOperand"),
        (limited(leftOperand="count", rightOperand={"@value": "1/2", "@type": "ex:fraction"}),
         "odrl:rightOperand", "policy.permission[0].constraint[0].rightOperand"),
        (limited(status="ex:status"), "odrl:status", "policy.permission[0].constraint[0]"),
        (limited(**{"ex:unless": {"@id": "ex:friday"}}), "http://example.org/unless",
         "policy.permission[0].constraint[0]"),
        (limited(**{"or": [LATER]}), "odrl:leftOperand", "policy.permission[0].constraint[0]"),
        (allowing(constraint={"and": [LATER], "or": [LATER]}), "odrl:and and odrl:or",
         "policy.permission[0].constraint[0]"),
        (allowing(constraint={"andSequence": {"@list": [LATER]}}), "odrl:andSequence",
         "policy.permission[0].constraint[0]"),
        (allowing(constraint={"and": [LATER, {**LATER, "leftOperand": "ex:mood"}]}),
         "http://example.org/mood", "policy.permission[0].constraint[0].and[1].leftOperand"),
        (allowing(constraint="ex:always"), "odrl:leftOperand",
         "policy.permission[0].constraint[0]"),
        (allowing(action="ex:ponder"), "http://example.org/ponder",
         "policy.permission[0].action[0]"),
        (allowing(action={"rdf:value": {"@id": "odrl:print"},
                          "refinement": {**LATER, "leftOperand": "ex:ink"}}),
         "http://example.org/ink", "policy.permission[0].action[0].refinement[0].leftOperand"),
        (allowing(action={"@type": "Action"}), "odrl:action", "policy.permission[0].action[0]"),
        (allowing(target={"@type": "AssetCollection", "source": "ex:a",
                          "refinement": {**LATER, "leftOperand": "ex:age"}}),
         "http://example.org/age", "policy.permission[0].target[0].refinement[0].leftOperand"),
        (allowing(assignee={"@id": "ex:alice", "ex:onlyIf": "sober"}),
         "http://example.org/onlyIf", "policy.permission[0].assignee[0]"),
        (allowing(target={"@id": "ex:x", "@type": "Party"}), "odrl:Party",
         "policy.permission[0].target[0]"),
        (allowing(obligation={"action": "compensate"}), "odrl:obligation",
         "policy.permission[0]"),
        (allowing(duty={"action": "compensate", "ex:grace": "P3D"}),
         "http://example.org/grace", "policy.permission[0].duty[0]"),
        (allowing(duty={"action": "compensate", "constraint": {**LATER, "operator": "ex:x"}}),
         "http://example.org/x", "policy.permission[0].duty[0].constraint[0].operator"),
        (allowing(**{"@type": "Prohibition"}), "odrl:Prohibition", "policy.permission[0]"),
        (policy_of(permission={}, inheritFrom="ex:parent"), "odrl:inheritFrom", "policy"),
        (policy_of(permission={}, constraint=[LATER]), "odrl:constraint", "policy"),
        (policy_of(permission={}, conflict="ex:coin"), "http://example.org/coin",
         "policy.conflict"),
        ({**policy_of(permission={}), "@type": "Privacy"}, "odrl:Privacy", "policy"),
        ({**policy_of(permission={}), "@type": ["Offer", "Agreement"]}, "Agreement and Offer",
         "policy"),
        (policy_of(permission={"@id": "ex:r", "duty": {"@id": "ex:d", "consequence": "ex:d"}}),
         "http://example.org/d", "policy.permission[0].duty[0].consequence[0]"),
    ],
)  # fmt: skip
def test_names_the_term_and_where_it_stands(
    policy: dict[str, Any], term: str, path: str
) -> None:
    context = [*policy["@context"], {"Privacy": "odrl:Privacy"}]
    with pytest.raises(Refused) as refusal:
        read({**policy, "@context": context})
    assert refusal.value.path == path
    assert refusal.value.term.startswith(term)
    assert path in str(refusal.value)


def test_refuses_rules_and_constraints_that_no_rule_of_the_policy_reaches() -> None:
    stray = {"@id": "ex:stray", "@type": "Prohibition", "action": "use"}
    policy = {"@context": CONTEXT, "@graph": [
        {k: v for k, v in allowing(action="use").items() if k != "@context"}, stray,
    ]}  # fmt: skip
    with pytest.raises(Refused) as refusal:
        read(policy)
    assert (refusal.value.term, refusal.value.path) == (
        "odrl:Prohibition", "http://example.org/stray",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"@type": "Action", "includedIn": {"@id": "ex:nowhere"}},
        {"@type": "Action", "includedIn": {"@id": "ex:loop"}},
        {"@type": "Action", "includedIn": [{"@id": "odrl:use"}, {"@id": "odrl:transfer"}]},
    ],
)
def test_refuses_an_action_that_leads_nowhere(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read(allowing(action={"@id": "ex:loop", **changed}))


def test_refuses_another_meaning_for_an_action_of_odrl() -> None:
    with pytest.raises(Refused, match="odrl:sell"):
        read(allowing(action={"@id": "odrl:sell", "includedIn": {"@id": "odrl:use"}}))


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 5000, "not JSON"),
        ('"policy"', "neither an object nor a list"),
        ("[]", "neither an object nor a list"),
        ('{"@type": "Set", "permission": {}, "permission": {}}', "stands twice"),
        (json.dumps(policy_of()), "0 policies|no rule"),
        (json.dumps([policy_of(permission={}), {**policy_of(permission={}), "@id": "ex:2"}]),
         "2 policies"),
        (json.dumps({"@context": "https://example.org/c.jsonld", "permission": {}}),
         "is not known here and is not fetched"),
        (json.dumps({"@context": CONTEXT, "@type": "Set", "permision": {}}),
         "no context defines the term permision"),
        (json.dumps({"@context": [*CONTEXT, {"permission": None}], "@type": "Set",
                     "permission": {}}), "no context defines the term permission"),
        (json.dumps({"@context": CONTEXT, "@type": "Sett", "permission": {}}),
         "no context defines the type Sett"),
        (json.dumps({"@context": {"x": {"@reverse": "odrl:permission"}}, "@type": "odrl:Set"}),
         "@reverse"),
        (json.dumps({"@context": {"x": {"@id": "ex:y", "@container": "@index"}}}), "@index"),
        (json.dumps({"@context": {"@import": "x"}}), "@import"),
        (json.dumps({"@context": CONTEXT, "@type": "Set", "@reverse": {}}), "@reverse"),
        (json.dumps({**policy_of(permission={}), "uid": "ex:other"}), "two names"),
        (json.dumps(allowing(target={"@id": 5})), "a name must be a text"),
        (json.dumps(policy_of(permission={"@id": ""})), "a name must be a text"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_document(document: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_policy(jsonld.parse(document, what="policy"))


def test_a_document_nested_without_end_is_refused() -> None:
    condition: dict[str, Any] = dict(LATER)
    for _ in range(200):
        condition = {"and": [condition]}
    with pytest.raises(Unreadable, match="nested deeper"):
        read(allowing(constraint=condition))


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ({"@context": CONTEXT, "@type": "Request", "@id": "ex:r"}, "0 requests"),
        ([asking(), {**asking(), "@id": "ex:second"}], "2 requests"),
        (asking("ex:ponder"), "ponder"),
        (asking(action=["read", "sell"]), "one action"),
        (asking(dateTime="yesterday"), "not a date"),
        (asking(constraint={**LATER, "leftOperand": "count"}), "eq only"),
        (asking(constraint={**LATER, "operator": "eq", "leftOperand": "ex:x"}), "not evaluated"),
    ],
)  # fmt: skip
def test_refuses_a_request_it_cannot_answer(request_: Any, why: str) -> None:
    with pytest.raises((Refused, Unreadable), match=why):
        read_request(jsonld.read(copy.deepcopy(request_), what="request"))


def report(state: str, rule: str | None = "ex:pay") -> dict[str, Any]:
    entry: dict[str, Any] = {"@context": [*CONTEXT, {"r": "https://w3id.org/force/compliance-report#"}],
                             "r:deonticState": {"@id": f"r:{state}"}}  # fmt: skip
    return {**entry, **({"r:rule": {"@id": rule}} if rule else {})}


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (world_of("noon"), "not a date"),
        (world_of(None, count={"@value": "NaN", "@type": "xsd:decimal"}), "not a number"),
        ([report("Fulfilled"), report("Violated")], "two different states"),
        (report("Perhaps"), "Perhaps"),
        (report("Fulfilled", None), "must name its rule"),
        ([{"currentTime": "2024-01-01T00:00:00Z"}, {"currentTime": "2025-01-01T00:00:00Z"}],
         "two different current times"),
        ({"curentTime": "2024-01-01T00:00:00Z"}, "no context defines the term curentTime"),
    ],
)  # fmt: skip
def test_refuses_a_world_that_contradicts_itself(world: Any, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_world(jsonld.read(world, what="world"))
