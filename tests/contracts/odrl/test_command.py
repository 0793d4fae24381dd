"""The command: a report of every rule, or the reason why there is none."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pyld import jsonld as pyld

from tests.contracts.odrl.asking import NOON, allowing, asking, forbidding, world_of

LIMIT = {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2024-02-12",
         "@id": "ex:limit"}  # fmt: skip


def run(folder: Path, policy: Any, request: Any = None, world: Any = None) -> tuple[int, str, str]:
    documents = {"policy": policy, "request": request or asking(), "world": world or world_of()}
    paths = []
    for name, document in documents.items():
        path = folder / f"{name}.json"
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    out, err = StringIO(), StringIO()
    try:
        call_command("odrl_evaluate", *paths, stdout=out, stderr=err)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_prints_the_report_of_every_rule(tmp_path: Path) -> None:
    rule = allowing(action="use", assignee="ex:alice", target="ex:x", constraint=LIMIT,
                    duty={"@id": "ex:pay", "action": "compensate"})  # fmt: skip
    code, out, err = run(tmp_path, rule)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["policy"] == "http://example.org/policy"
    assert found["policyRequest"] == "http://example.org/request"
    assert found["decision"] == "Deny"
    assert found["created"] == "2024-02-12T12:00:00+00:00"
    [entry] = found["ruleReport"]
    assert entry["type"] == "PermissionReport"
    assert entry["rule"] == "http://example.org/rule"
    assert entry["activationState"] == "Inactive"
    assert entry["reason"] == "odrl:dateTime does not satisfy odrl:lt"
    states = {p["type"]: p["satisfactionState"] for p in entry["premiseReport"]}
    assert states == {
        "TargetReport": "Satisfied", "PartyReport": "Satisfied", "ActionReport": "Satisfied",
        "ConstraintReport": "Unsatisfied",
    }  # fmt: skip
    constraint = entry["premiseReport"][-1]
    assert constraint["constraint"] == "http://example.org/limit"
    assert constraint["constraintLeftOperand"] == [NOON]
    [duty] = entry["conditionReport"]
    assert (duty["rule"], duty["deonticState"]) == ("http://example.org/pay", "NonSet")


def test_the_report_is_linked_data_without_a_lost_key(tmp_path: Path) -> None:
    _code, out, _err = run(tmp_path, forbidding(action="use", constraint={"or": [LIMIT]}))
    found = json.loads(out)
    [expanded] = pyld.expand(found)
    report = "https://w3id.org/force/compliance-report#"
    [rule] = expanded[f"{report}ruleReport"]
    assert rule[f"{report}activationState"] == [{"@id": f"{report}Inactive"}]
    assert len(expanded) == len(found) - 1  # all but @context
    assert len(rule) == len(found["ruleReport"][0])


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (allowing(constraint={**LIMIT, "leftOperand": "ex:mood"}),
         "REFUSED: policy.permission[0].constraint[0].leftOperand: http://example.org/mood"),
        ("nonsense", "UNREADABLE: policy.json: not JSON"),
        ("\ufeff{}", "UNREADABLE: policy.json: not JSON"),
    ],
)  # fmt: skip
def test_exits_with_two_and_says_why_nothing_was_evaluated(
    tmp_path: Path, policy: Any, told: str
) -> None:
    code, out, err = run(tmp_path, policy)
    assert (code, out) == (2, "")
    assert err.startswith(told)


def test_names_a_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    run(tmp_path, allowing())
    (tmp_path / "world.json").write_bytes(b"\xff\xfe\x00")
    paths = [str(tmp_path / f"{name}.json") for name in ("policy", "request", "world")]
    for broken, told in ((2, "world.json: is no text"), (0, "none.json: No such file")):
        given = [*paths]
        if broken == 0:
            given[0] = str(tmp_path / "none.json")
        err = StringIO()
        with pytest.raises(SystemExit) as leaving:
            call_command("odrl_evaluate", *given, stdout=StringIO(), stderr=err)
        assert leaving.value.code == 2
        assert told in err.getvalue()
