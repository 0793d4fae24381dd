"""
Every numbered scenario of the application procedure has a test, or is named as not proven yet.

``DATADEED_WRITE_DOCS=1 pytest tests/docs/test_scenarios.py`` writes docs/scenarios.md anew.
"""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "scenarios.md"
# The numbers of the list the procedure is judged by; some are missing there on purpose.
NUMBERS = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29,
    30, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
)  # fmt: skip
HEAD = """# Scenarios

<!-- Written by tests/docs/test_scenarios.py; the test fails when it is stale. -->

The application procedure is judged by numbered scenarios: what a user does, and what must or must
not happen. This is where each is proven. *Not yet* is what still has to be done.

| scenario | proven by |
|---|---|
"""


def marked() -> dict[int, list[str]]:
    """Return the tests of each scenario, read from the marks in the sources."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.scenario"):
                    for number in mark.args:
                        name = f"`{path.relative_to(ROOT)}::{node.name}`"
                        found[ast.literal_eval(number)].append(name)
    return found


def test_the_document_names_the_tests_of_every_scenario() -> None:
    tests = marked()
    rows = [f"| {n} | {'<br>'.join(tests[n]) if n in tests else 'not yet'} |\n" for n in NUMBERS]
    text = HEAD + "".join(rows)
    if os.environ.get("DATADEED_WRITE_DOCS") == "1":
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text


def test_no_test_claims_a_scenario_that_is_not_on_the_list() -> None:
    assert set(marked()) <= set(NUMBERS)
