"""What a form definition may hold at all; documents of strangers are refused by path."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from applications import definition, first_form, form_shape
from core.errors import InvalidInput
from tests.applications.form_support import choice, field, section, words

EVERY_TYPE = section(
    "all",
    field("a", "TEXT", length_max=20, help=words("帮助"), required=True),
    field("b", "LONG_TEXT", length_max=200, private=True),
    choice("c", "X", "Y"),
    choice("d", "X", "Y", kind="MULTI"),
    field("e", "DATE", visible_when={"field": "c", "values": ["X"]}),
    field("f", "EMAIL"),
    field("g", "PHONE"),
    field("h", "NUMBER", least=-5, most=10, unit=words("吨")),
    field("i", "FLAG"),
    field("j", "FILE"),
    field("k", "TABLE", columns=[field("n"), choice("o", "X")], rows_min=1, rows_max=5),
    field("l", "HEADING"),
    field("m", "IP"),
)


def document(**changes: Any) -> bytes:
    """Return an exported document, some entries of it replaced."""
    made = {
        "format": form_shape.FORMAT,
        "dataset": "",
        "version": 2,
        "legal_basis": "测试依据",
        "sections": [deepcopy(EVERY_TYPE)],
    }
    return json.dumps({**made, **changes}, ensure_ascii=False).encode()


def problems_of(data: bytes) -> dict[str, Any]:
    """Return why a document is refused: path → text."""
    with pytest.raises(InvalidInput) as caught:
        form_shape.read_document(data)
    return caught.value.fields


def test_every_type_there_is_has_settings_and_can_be_stored() -> None:
    assert set(form_shape.SETTINGS) == set(definition.TYPES)
    assert {f["type"] for f in EVERY_TYPE["fields"]} == set(definition.TYPES)
    assert form_shape.find_misfits({"sections": [EVERY_TYPE]}) == []
    assert form_shape.find_misfits(first_form.CONTENT) == []


def test_what_is_exported_is_what_is_imported() -> None:
    content = {"sections": [EVERY_TYPE]}
    data = form_shape.write_document(
        content=content, legal_basis="依据", dataset="D01", version=3
    )
    read = form_shape.read_document(data)
    assert read == {"legal_basis": "依据", "sections": [EVERY_TYPE]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b'{"format": 1, "format": 2}',
        b"[" * 100_000,
        b'{"sections": NaN}',
        b'{"version": ' + b"9" * 5_000 + b"}",
        b"x" * (form_shape.DOCUMENT_BYTES_MAX + 1),
    ],
)
def test_what_is_no_document_at_all_is_refused(data: bytes) -> None:
    assert list(problems_of(data)) == ["document"]


@pytest.mark.parametrize("data", [b"null", b"[]", b"1", b'"text"'])
def test_a_document_is_an_object(data: bytes) -> None:
    assert list(problems_of(data)) == ["document"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"format": "datadeed-form/2"}, "format"),
        ({"extra": 1}, "extra"),
        ({"legal_basis": 3}, "legal_basis"),
        ({"legal_basis": "x" * 301}, "legal_basis"),
        ({"sections": {}}, "sections"),
        ({"sections": [EVERY_TYPE] * 41}, "sections"),
        ({"sections": [None]}, "sections[0]"),
        ({"sections": [section("big", *(field(f"f{n}") for n in range(101)))] * 2}, "sections"),
    ],
)
def test_what_does_not_belong_in_a_document_is_named(changes: dict[str, Any], path: str) -> None:
    assert list(problems_of(document(**changes))) == [path]


@pytest.mark.parametrize(
    ("place", "name", "value", "path"),
    [
        (0, "key", "", "key"),
        (0, "key", ["a"], "key"),
        (0, "key", "a" * 41, "key"),
        (0, "type", "SCRIPT", "type"),
        (0, "type", ["TEXT"], "type"),
        (0, "label", "text", "label"),
        (0, "label", {"zh": "x", "en": "y", "fr": "z"}, "label.fr"),
        (0, "label", {"zh": "x"}, "label.en"),
        (0, "label", {"zh": "\x00", "en": "y"}, "label.zh"),
        (0, "label", {"zh": "\ud800", "en": "y"}, "label.zh"),
        (0, "label", {"zh": "x", "en": "\u202egnp.exe"}, "label.en"),
        (0, "help", {"zh": "x" * 1001, "en": ""}, "help.zh"),
        (0, "required", "yes", "required"),
        (0, "length_max", True, "length_max"),
        (0, "length_max", -1, "length_max"),
        (0, "length_max", 10**16, "length_max"),
        (0, "options", [], "options"),
        (0, "onclick", "alert(1)", "onclick"),
        (0, "datasets", ["D01"], "datasets"),
        (2, "options", [{"value": 1, "label": words("x")}], "options[0].value"),
        (2, "options", [choice("x", "y")["options"][0]] * 101, "options"),
        (4, "visible_when", {"field": "c", "values": [["X"]]}, "visible_when.values[0]"),
        (4, "visible_when", {"field": "c"}, "visible_when.values"),
        (7, "least", "1", "least"),
        (7, "most", 0.5, "most"),
        (10, "columns", [field("t", "TABLE", columns=[])], "columns[0].type"),
        (10, "columns", [field("t", bind="region")], "columns[0].bind"),
        (10, "rows_max", None, "rows_max"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_path(
    place: int, name: str, value: Any, path: str
) -> None:
    made = deepcopy(EVERY_TYPE)
    made["fields"][place][name] = value
    data = json.dumps({**json.loads(document()), "sections": [made]}).encode()
    assert list(problems_of(data)) == [f"sections[0].fields[{place}].{path}"]


@pytest.mark.parametrize(("place", "name"), [(2, "options"), (10, "columns"), (0, "label")])
def test_what_a_page_needs_to_draw_a_field_is_not_left_out(place: int, name: str) -> None:
    made = deepcopy(EVERY_TYPE)
    del made["fields"][place][name]
    found = problems_of(document(sections=[made]))
    assert list(found) == [f"sections[0].fields[{place}].{name}"]


def test_a_document_with_many_mistakes_names_some_of_them_only() -> None:
    made = section("bad", *({"key": f"f{n}"} for n in range(100)))
    assert len(problems_of(document(sections=[made]))) <= form_shape.PROBLEMS_MAX
