"""Check characters, sortable ids, canonical forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import hashing, ids

AT = datetime(2026, 9, 14, tzinfo=UTC)
DEMO_CODES = [
    "913202000000DEM185",
    "913202000000DEM260",
    "913202000000DEM34T",
    "913202000000DEM42M",
    "913202000000DEM50G",
    "913202000000DEM69D",
]


class TestUscc:
    @pytest.mark.parametrize("code", DEMO_CODES)
    def test_accepts_codes_with_the_right_check_character(self, code):
        assert ids.uscc_is_valid(code)

    @pytest.mark.parametrize("code", DEMO_CODES)
    def test_finds_every_single_wrong_character(self, code):
        for place in range(18):
            other = "3" if code[place] != "3" else "7"
            assert not ids.uscc_is_valid(code[:place] + other + code[place + 1 :])

    @pytest.mark.parametrize("code", ["", "913202000000DEM18", "9132O2000000DEM185"])
    def test_refuses_what_has_not_the_form(self, code):
        assert not ids.uscc_is_valid(code)


class TestCheckCharacter:
    @given(
        st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1).filter(lambda t: t.strip("-"))
    )
    def test_a_number_with_its_character_is_valid(self, body):
        assert ids.has_valid_check_character(body + ids.check_character(body))

    def test_two_neighbors_exchanged_are_found(self):
        number = "WX-202610-3202-0000012-" + ids.check_character("WX-202610-3202-0000012")
        assert ids.has_valid_check_character(number)
        assert not ids.has_valid_check_character(number.replace("202610", "206210"))


def test_ids_sort_by_their_moment():
    moments = [AT + timedelta(milliseconds=n) for n in range(50)]
    made = [ids.uuid7(at=at) for at in moments]
    assert made == sorted(made)
    assert {u.version for u in made} == {7}


class TestCanonicalForm:
    def test_the_order_of_keys_does_not_matter(self):
        assert hashing.digest_of({"a": 1, "b": [2]}) == hashing.digest_of({"b": [2], "a": 1})

    def test_refuses_floats(self):
        with pytest.raises(TypeError):
            hashing.canonical_json({"amount": 0.1})

    def test_sm3_gives_the_value_of_the_standard(self):
        assert hashing.digest(b"abc", algorithm="sm3") == (
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        )

    @given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=2, max_size=20))
    def test_a_tree_changes_when_any_leaf_or_the_order_changes(self, leaves):
        root = hashing.merkle_root(leaves)
        assert hashing.merkle_root(leaves[:-1]) != root
        if leaves[0] != leaves[-1]:
            assert hashing.merkle_root([leaves[-1], *leaves[1:-1], leaves[0]]) != root
