"""Sections and fields put, moved and removed; what differs between two versions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import definition, first_form, form_diff, form_editing
from core.errors import InvalidInput, NotFound
from tests.applications.form_support import choice, field, section, words

CONTENT: dict[str, Any] = {
    "sections": [
        section("one", field("a"), choice("b", "X", "Y"), field("c")),
        section("two", field("d"), field("e")),
    ]
}


def keys(content: dict[str, Any]) -> list[list[str]]:
    """Return the keys of the fields by section."""
    return [[f["key"] for f in s["fields"]] for s in content["sections"]]


class TestActs:
    def test_a_field_is_added_with_a_key_of_its_own(self) -> None:
        new = {"key": "", "type": "TEXT", "label": words("新")}
        made = form_editing.put_field(CONTENT, section=1, place=None, field=new)
        assert keys(made) == [["a", "b", "c"], ["d", "e", "field_1"]]
        assert keys(CONTENT) == [["a", "b", "c"], ["d", "e"]]

    def test_a_field_moves_within_its_section_and_into_another(self) -> None:
        up = form_editing.move_field(CONTENT, section=0, place=2, to="up")
        assert keys(up) == [["a", "c", "b"], ["d", "e"]]
        into = form_editing.put_field(CONTENT, section=0, place=0, field=field("a"), into=1)
        assert keys(into) == [["b", "c"], ["d", "e", "a"]]

    @pytest.mark.parametrize(("place", "to"), [(0, "up"), (2, "down"), (1, "sideways")])
    def test_at_the_end_of_the_road_nothing_moves(self, place: int, to: str) -> None:
        assert form_editing.move_field(CONTENT, section=0, place=place, to=to) == CONTENT

    def test_an_entry_of_the_procedure_keeps_key_type_and_section(self) -> None:
        other = field("other", "DATE", required=True)
        made = form_editing.put_field(
            first_form.CONTENT, section=0, place=0, field=other, into=1
        )
        kept = made["sections"][0]["fields"][0]
        assert (kept["key"], kept["type"]) == ("scenario_name", "TEXT")
        assert kept["bind"] == "scenario_name"
        assert kept["label"] == other["label"]

    def test_entries_of_the_procedure_and_their_sections_cannot_be_removed(self) -> None:
        with pytest.raises(InvalidInput):
            form_editing.remove_field(first_form.CONTENT, section=0, place=0)
        with pytest.raises(InvalidInput):
            form_editing.remove_section(first_form.CONTENT, place=0)

    @pytest.mark.parametrize("place", [-1, 3])
    def test_a_place_that_is_not_there_is_not_found(self, place: int) -> None:
        with pytest.raises(NotFound):
            form_editing.remove_field(CONTENT, section=0, place=place)
        with pytest.raises(NotFound):
            form_editing.move_section(CONTENT, place=place, to="up")

    def test_only_choices_that_stand_before_can_rule(self) -> None:
        def rulers(home: int, place: int | None) -> list[str]:
            found = form_editing.rulers_before(CONTENT, section=home, place=place)
            return [f["key"] for f in found]

        assert rulers(0, 1) == []
        assert rulers(0, 2) == ["b"]
        assert rulers(1, None) == ["b"]

    def test_an_entry_of_the_procedure_that_left_its_section_is_a_problem(self) -> None:
        content = deepcopy(first_form.CONTENT)
        content["sections"][1]["fields"].append(content["sections"][0]["fields"].pop(0))
        assert list(definition.find_problems(content=content, general=True)) == ["scenario_name"]


def kinds(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what differs, short."""
    return [(c.kind, c.key) for c in form_diff.compare(old=old, new=new)]


class TestDiff:
    def test_nothing_differs_from_itself(self) -> None:
        assert form_diff.compare(old=CONTENT, new=deepcopy(CONTENT)) == ()

    def test_what_was_added_removed_changed_and_moved_is_told_apart(self) -> None:
        new = deepcopy(CONTENT)
        first, second = new["sections"]
        first["fields"][1]["options"].pop()
        first["fields"].append(first["fields"].pop(0))
        second["fields"][0] = field("f")
        new["sections"].append(section("three", field("g")))

        assert kinds(CONTENT, new) == [
            ("CHANGED", "b"),
            ("MOVED", "a"),
            ("ADDED", "f"),
            ("ADDED", "three"),
            ("ADDED", "g"),
            ("REMOVED", "d"),
        ]
        [detail] = form_diff.compare(old=CONTENT, new=new)[0].details
        assert detail.name == "options"
        assert [o["value"] for o in detail.before] == ["X", "Y"]
        assert [o["value"] for o in detail.after] == ["X"]

    def test_a_field_that_changed_sections_says_where_it_stood(self) -> None:
        new = form_editing.put_field(
            CONTENT, section=0, place=0, field=field("a", required=True), into=1
        )
        [change] = form_diff.compare(old=CONTENT, new=new)
        assert (change.kind, change.moved_from) == ("MOVED", words("部分one"))
        assert [(d.name, d.before, d.after) for d in change.details] == [("required", None, True)]

    def test_a_removed_section_takes_its_fields_along(self) -> None:
        new = {"sections": CONTENT["sections"][:1]}
        assert kinds(CONTENT, new) == [("REMOVED", "d"), ("REMOVED", "e"), ("REMOVED", "two")]

    def test_what_is_not_said_and_what_says_nothing_are_the_same(self) -> None:
        new = deepcopy(CONTENT)
        new["sections"][0]["fields"][0] |= {"required": False, "help": {"zh": "", "en": ""}}
        assert kinds(CONTENT, new) == []

    @given(st.permutations("abcdefgh"))
    def test_what_moved_is_the_least_that_brings_one_order_into_the_other(
        self, order: list[str]
    ) -> None:
        old = {"sections": [section("s", *map(field, "abcdefgh"))]}
        new = {"sections": [section("s", *map(field, order))]}
        moved = {c.key for c in form_diff.compare(old=old, new=new)}
        assert [k for k in order if k not in moved] == [k for k in "abcdefgh" if k not in moved]
        assert (not moved) == (order == list("abcdefgh"))
