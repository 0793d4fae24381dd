"""The schema: its checks are real, older versions are read, and old texts never change."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import textwrap
from pathlib import Path

import pytest
from django.conf import settings

from contracts import labels, reference, versions
from contracts.lattice import Operator
from contracts.shapes import SCHEMA_VERSION
from contracts.terms import TERM_NAMES, Terms, dump, parse, terms_hash
from contracts.versions import SchemaUnknown
from contracts.wording import TextFacts, full_text, text_hash

GOLDEN = json.loads(
    (Path(__file__).parent / "golden" / "agreements_schema_1.json").read_text("utf-8")
)
CHECKS = [(term, check) for term in TERM_NAMES for check in reference.checks_of(term)]


def names_in(function: str) -> set[str]:
    """Return every name, attribute and plain string that a function mentions."""
    module, _colon, path = function.partition(":")
    found: object = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    assert callable(found)
    tree = ast.parse(textwrap.dedent(inspect.getsource(found)))
    body = tree.body[0]
    assert isinstance(body, ast.FunctionDef | ast.AsyncFunctionDef)
    if ast.get_docstring(body) is not None:
        body.body = body.body[1:]
    return (
        {node.attr for node in ast.walk(body) if isinstance(node, ast.Attribute)}
        | {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
        | {
            node.value
            for node in ast.walk(body)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    )


@pytest.mark.parametrize(
    ("term", "check"), CHECKS, ids=[f"{term}.{check.entry}-{n}" for n, (term, check) in
                                    enumerate(CHECKS)]
)  # fmt: skip
def test_every_check_of_the_schema_is_a_function_that_reads_its_entry(
    term: str, check: reference.Check
) -> None:
    assert check.reads in names_in(check.function)
    owner, dot, entry = check.entry.partition(".")
    if not dot or owner not in TERM_NAMES:
        owner, entry = term, check.entry
    assert entry in {path for path, _operator in reference.entries_of(owner)}


def test_every_term_is_checked_by_a_machine_and_the_document_says_so() -> None:
    assert all(reference.checks_of(term) for term in TERM_NAMES)
    text = (settings.BASE_DIR / "docs" / "terms.md").read_text("utf-8")
    assert text == reference.render_terms()
    for term, check in CHECKS:
        assert f"(`{term}`)" in text
        assert check.function.replace(":", ".") in text


def test_every_entry_has_an_order_and_a_name_for_people() -> None:
    for term in TERM_NAMES:
        for path, operator in reference.entries_of(term):
            assert isinstance(operator, Operator)
            assert path.split(".")[-1] in labels.ENTRIES, f"{term}.{path}"


class TestAnOlderSchema:
    @pytest.mark.parametrize("name", sorted(GOLDEN))
    def test_keeps_terms_text_and_both_hashes_to_the_letter(self, name: str) -> None:
        stored = GOLDEN[name]
        terms, facts = parse(stored["terms"], schema=1), TextFacts.load(stored["facts"])

        assert dump(terms) == stored["terms"]
        assert terms_hash(terms, schema=1) == stored["terms_hash"]
        assert full_text(terms=terms, facts=facts) == stored["text"]
        assert text_hash(terms=terms, facts=facts) == stored["text_hash"]

    def test_has_another_hash_than_the_present_one(self) -> None:
        terms = parse(GOLDEN["free"]["terms"], schema=1)

        assert terms_hash(terms) != terms_hash(terms, schema=1)

    def test_is_read_step_by_step_through_every_version(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert set(versions.STEPS) == set(range(1, SCHEMA_VERSION))
        monkeypatch.setitem(
            versions.STEPS, 1, lambda plain: {"retention": {"days": plain["keep"]}}
        )

        assert parse({"keep": 30}, schema=1) == parse({"retention": {"days": 30}})
        with pytest.raises(Exception, match="keep"):
            parse({"keep": 30})

    @pytest.mark.parametrize("schema", [0, SCHEMA_VERSION + 1])
    def test_that_never_was_is_refused(self, schema: int) -> None:
        with pytest.raises(SchemaUnknown, match=str(schema)):
            parse({}, schema=schema)


def test_terms_without_a_statement_state_nothing() -> None:
    assert dump(Terms()) == {}
