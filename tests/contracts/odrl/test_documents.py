"""docs/odrl.md says what the code does."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from contracts.odrl.mapping import mapping_table
from contracts.odrl.profile_terms import OWN_ACTIONS
from contracts.odrl.vocabulary import OPERATORS, PROFILE
from tests.contracts.odrl.test_same_decision import OUTSIDE

TEXT = (Path(settings.BASE_DIR) / "docs" / "odrl.md").read_text(encoding="utf-8")


def test_the_table_of_entries_is_the_one_the_code_prints() -> None:
    out = StringIO()
    call_command("odrl_profile", mapping=True, stdout=out)
    assert out.getvalue().strip() == "\n".join(mapping_table())
    assert TEXT.split("## Every entry of the 23 terms\n\n")[1].strip() == out.getvalue().strip()


def test_names_every_reason_that_lies_outside_the_terms() -> None:
    table = TEXT.split("so the policy cannot give them:")[1].split("\n\n")[1]
    named = {name for row in table.splitlines() for name in re.findall(r"[A-Z]+(?:_[A-Z]+)+", row)}
    assert named == {str(reason) for reason in OUTSIDE}


def test_names_every_operator() -> None:
    for operator in OPERATORS:
        assert re.search(rf"\b{operator}\b", TEXT), operator


def test_the_profile_is_printed_as_json() -> None:
    out = StringIO()
    call_command("odrl_profile", stdout=out)
    document = json.loads(out.getvalue())
    names = [node["@id"] for node in document["@graph"]]
    assert names[0] == PROFILE
    assert {f"datadeed:{name}" for name in OWN_ACTIONS} <= set(names)
