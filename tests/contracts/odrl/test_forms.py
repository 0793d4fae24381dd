"""One policy, request or world in every form it may come in."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.odrl import jsonld
from contracts.odrl.contexts import ODRL_CONTEXT
from contracts.odrl.evaluate import evaluate
from contracts.odrl.world import read_request, read_world, time_of
from tests.contracts.odrl.asking import (
    CONTEXT,
    NOON,
    active,
    allowing,
    asking,
    at,
    read,
    timed,
    where,
)


class TestForms:
    RULE: dict[str, Any] = {
        "permission": [{"assignee": "ex:alice", "action": "read", "target": "ex:x",
                        "constraint": [where("dateTime", "gt", at("2024-01-01T00:00:00Z"))]}],
    }  # fmt: skip

    @pytest.mark.parametrize(
        "policy",
        [
            {"@context": CONTEXT, "@type": "Set", "uid": "ex:policy", **RULE},
            {"@context": CONTEXT, "type": ["odrl:Set"], "uid": "ex:policy", **RULE},
            {"@context": {"odrl": "http://www.w3.org/ns/odrl/2/", "ex": "http://example.org/",
                          "xsd": "http://www.w3.org/2001/XMLSchema#"},
             "@id": "ex:policy", "@type": "odrl:Set", "odrl:permission": {
                "odrl:assignee": {"@id": "ex:alice"}, "odrl:action": {"@id": "odrl:read"},
                "odrl:target": {"@id": "ex:x"}, "odrl:constraint": {
                    "odrl:leftOperand": {"@id": "odrl:dateTime"},
                    "odrl:operator": {"@id": "odrl:gt"},
                    "odrl:rightOperand": at("2024-01-01T00:00:00Z")}}},
            {"@context": {"@vocab": "http://www.w3.org/ns/odrl/2/", "ex": "http://example.org/"},
             "@id": "ex:policy", "@type": "Set", "permission": {
                "assignee": "ex:alice", "action": "read", "target": "ex:x"}},
            {"type": "Set", "uid": "http://example.org/policy", "permission": [{
                "assignee": "http://example.org/alice", "action": "odrl:read",
                "target": "http://example.org/x"}]},
            [{"@id": "http://example.org/policy", "@type": ["http://www.w3.org/ns/odrl/2/Set"],
              "http://www.w3.org/ns/odrl/2/uid": [{"@id": "http://example.org/policy"}],
              "http://www.w3.org/ns/odrl/2/permission": [{"@id": "_:b0"}]},
             {"@id": "_:b0", "http://www.w3.org/ns/odrl/2/action":
                [{"@id": "http://www.w3.org/ns/odrl/2/read"}],
              "http://www.w3.org/ns/odrl/2/assignee": [{"@id": "http://example.org/alice"}]}],
        ],
        ids=["compact", "aliased", "prefixed", "vocab", "no context", "flattened"],
    )  # fmt: skip
    def test_reads_every_form_of_the_same_policy(self, policy: Any) -> None:
        assert active(policy)
        assert not active(policy, asking("modify"))
        assert not active(policy, asking(who="ex:bob"))

    def test_numbers_and_times_at_the_edge_of_what_can_be_written_are_read(self) -> None:
        huge = '{"assignee": "ex:a", "action": "read", "target": "ex:x", "count": 1e999999999}'
        rule = {"type": "Set", "permission": {"constraint": where("count", "lteq", 5)}}
        world = {"currentTime": "9999-12-31T23:59:59-12:00"}
        request = read_request(jsonld.parse(huge, what="request"))
        present = read_world(jsonld.read(world, what="world"))
        assert not evaluate(read(rule), request, present).permitted
        assert time_of(present) is None

    @pytest.mark.parametrize(
        "request_",
        [
            asking(purpose="a"),
            {"@context": CONTEXT, "@type": "odrl:Request", "permission": [{
                "assignee": "ex:alice", "action": {"rdf:value": {"@id": "odrl:read"}},
                "target": "ex:x", "constraint": where("purpose", "eq", "a")}]},
            {"assignee": "http://example.org/alice", "action": "read",
             "target": "http://example.org/x", "purpose": "a"},
            {"@context": [ODRL_CONTEXT, {"sotw": "https://w3id.org/force/sotw#",
                                         "ex": "http://example.org/"}],
             "@type": "sotw:EvaluationRequest", "sotw:requestedAction": {"@id": "odrl:read"},
             "sotw:requestingParty": {"@id": "ex:alice"}, "sotw:requestedTarget": {"@id": "ex:x"},
             "sotw:requestParameter": [
                {"@type": "sotw:RequestParameter", "sotw:value": "a",
                 "sotw:describesFeature": {"@id": "sotw:Purpose"}},
                {"@type": "sotw:RequestParameter", "sotw:value": at(NOON),
                 "sotw:describesFeature": {"@id": "sotw:TemporalData"}}]},
        ],
        ids=["rules", "constraints", "plain", "evaluation request"],
    )  # fmt: skip
    def test_reads_every_form_of_the_same_request(self, request_: Any) -> None:
        rule = allowing(assignee="ex:alice", action="use", target="ex:x",
                        constraint=where("purpose", "eq", "a"))  # fmt: skip
        assert active(rule, request_)
        rule["permission"]["constraint"] = where("purpose", "eq", "b")
        assert not active(rule, request_)

    @pytest.mark.parametrize(
        "world",
        [
            {"currentTime": NOON},
            {"dateTime": NOON},
            {"@context": {"ex": "http://example.org/", "dct": "http://purl.org/dc/terms/",
                          "temp": "http://example.com/request/",
                          "xsd": "http://www.w3.org/2001/XMLSchema#"}, "@graph": [
                {"@id": "ex:w", "@type": "ex:Sotw", "ex:includes": [{"@id": "temp:currentTime"}]},
                {"@id": "temp:currentTime", "dct:issued": at(NOON)}]},
            {"@context": {"sotw": "https://w3id.org/force/sotw#", "ex": "http://example.org/",
                          "dct": "http://purl.org/dc/terms/"},
             "@id": "ex:w", "@type": "sotw:SotW",
             "sotw:currentTime": {"@id": "ex:now", "dct:issued": NOON}},
        ],
        ids=["plain", "left operand", "included", "current time"],
    )  # fmt: skip
    def test_reads_every_form_of_the_same_time(self, world: Any) -> None:
        assert active(timed("eq", at(NOON)), world=world)
        assert not active(timed("neq", at(NOON)), world=world)
