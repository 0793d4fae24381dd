"""The laws of the strictest term, over generated values of every term and of whole terms."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.lattice import is_as_strict, leaves
from contracts.terms import (
    TERM_NAMES,
    TermConflict,
    Terms,
    conflicts,
    loosened,
    merge,
    parse,
    strictest,
)
from tests.contracts import strategies

EACH_TERM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
WHOLE = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def met(*terms: Terms) -> Terms | None:
    """Return the strictest of some, or None when they exclude each other."""
    try:
        return strictest(*terms)
    except TermConflict:
        return None


def hold(one: Terms, two: Terms, three: Terms) -> None:
    """Assert every law of the meet over three terms."""
    assert met(one, two) == met(two, one)
    first, second = met(one, two), met(two, three)
    assert (met(first, three) if first else None) == (met(one, second) if second else None)
    assert met(one, one) == one
    assert met(one, Terms()) == one
    if first is not None:
        assert is_as_strict(first, one)
        assert is_as_strict(first, two)
        if is_as_strict(three, one) and is_as_strict(three, two):
            assert is_as_strict(three, first)


@pytest.mark.parametrize("term", TERM_NAMES)
@EACH_TERM
@given(data=st.data())
def test_each_term_has_a_strictest_value_whoever_speaks_first(
    term: str, data: st.DataObject
) -> None:
    values = strategies.of_term(term)

    hold(data.draw(values), data.draw(values), data.draw(values))


@WHOLE
@given(strategies.full, strategies.full, strategies.full)
def test_whole_terms_of_every_entry_have_it_too(one: Terms, two: Terms, three: Terms) -> None:
    hold(one, two, three)
    # Whole terms seldom agree by chance; what was made stricter always does.
    stricter = met(one, parse({"retention": {"days": 0}, "rights": {"use": False}}))
    assert stricter is not None
    hold(one, stricter, parse({"term": {"months": 1}}))


@pytest.mark.parametrize("term", TERM_NAMES)
@EACH_TERM
@given(data=st.data())
def test_a_conflict_names_the_same_entries_and_speakers_in_every_order(
    term: str, data: st.DataObject
) -> None:
    values = strategies.of_term(term)
    said = [(name, data.draw(values)) for name in ("template", "request", "grant")]
    found = {
        tuple((one.path, frozenset(map(str, one.stated))) for one in conflicts(list(order)))
        for order in permutations(said)
    }

    assert len(found) == 1
    excluded = met(*(one for _name, one in said)) is None
    assert bool(next(iter(found))) == excluded


@pytest.mark.parametrize("term", TERM_NAMES)
@EACH_TERM
@given(data=st.data())
def test_a_locked_term_cannot_be_loosened_and_a_tightened_one_is_let_through(
    term: str, data: st.DataObject
) -> None:
    values = strategies.of_term(term)
    floor, candidate = data.draw(values), data.draw(values)
    looser = loosened(candidate=candidate, floor=floor, locked=[term])

    assert loosened(candidate=candidate, floor=floor, locked=[]) == ()
    stated = leaves(candidate)
    merged = met(floor, candidate)
    if merged is None:
        assert looser
    else:
        # What stands in the merge and is not refused is what the candidate said.
        unchanged = {p for p in stated if leaves(merged).get(p) == stated[p]}
        assert {p for p in leaves(floor) if p in stated} - unchanged <= set(looser)
        assert loosened(candidate=merged, floor=floor, locked=[term]) == ()


def test_a_conflict_names_who_says_what_and_every_entry_in_dispute() -> None:
    template = parse({"dispute": {"method": "COURT"}, "retention": {"days": 180}})
    profile = parse(
        {
            "dispute": {"method": "ARBITRATION"},
            "scope": {"datasets": [{"code": "D01", "fields": ["name"]}]},
        }
    )
    grant = parse({"scope": {"datasets": [{"code": "D01", "fields": ["uscc"]}]}})

    with pytest.raises(TermConflict) as refused:
        merge([("template", template), ("profile:D01", profile), ("grant", grant)])

    assert [(one.path, one.stated) for one in refused.value.conflicts] == [
        ("dispute.method", (("template", "COURT"), ("profile:D01", "ARBITRATION"))),
        ("scope.datasets.D01.fields", (("profile:D01", ["name"]), ("grant", ["uscc"]))),
    ]
    assert (refused.value.term, refused.value.path) == ("dispute", "dispute.method")
