"""Entry by entry and whole terms agree on what is stricter; whom a change asks follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from contracts.departures import departures, kinds_of
from contracts.directions import LOOSER, OTHER, STRICTER, direction, directions
from contracts.lattice import is_as_strict
from contracts.places import asked_groups, differ_in, overlaps, place_of, places_of
from contracts.terms import TermConflict, Terms, parse, strictest
from tests.contracts.strategies import terms

OWNERS = {"D01": "first", "D07": "second"}
MIRROR = {STRICTER: LOOSER, LOOSER: STRICTER, OTHER: OTHER}


def asked(before: Terms, after: Terms, proposer: str) -> tuple[tuple[str, ...], ...]:
    return asked_groups(
        before=before, after=after, owners=OWNERS, licensee="user",
        providers=("first", "second"), proposer=proposer,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(terms, terms)
def test_terms_that_are_as_strict_have_no_entry_that_went_another_way(
    left: Terms, right: Terms
) -> None:
    try:
        both = strictest(left, right)
    except TermConflict:
        return
    assert set(directions(before=left, after=both).values()) <= {STRICTER}
    assert is_as_strict(both, left)


@settings(max_examples=150, deadline=None)
@given(terms, terms)
def test_going_back_goes_the_opposite_way_in_every_entry(left: Terms, right: Terms) -> None:
    there, back = directions(before=left, after=right), directions(before=right, after=left)

    assert back == {path: MIRROR[way] for path, way in there.items()}


@pytest.mark.parametrize(
    ("path", "before", "after", "way"),
    [
        ("retention.days", 30, 7, STRICTER),
        ("retention.days", 7, 30, LOOSER),
        ("security.controls", ["A"], ["A", "B"], STRICTER),
        ("security.controls", ["A"], ["B"], OTHER),
        ("scope.datasets.D01.fields", ["a", "b"], ["a"], STRICTER),
        ("scope.datasets.D01.fields", ["a"], ["b"], OTHER),
        ("scope.datasets.D01.mode", "API", "VERIFY_ONLY", STRICTER),
        ("dispute.method", "COURT", "ARBITRATION", OTHER),
        ("audit.watermark", True, False, LOOSER),
        ("scope.datasets.D01.history_months", None, 12, STRICTER),
        ("scope.datasets.D01.history_months", 12, None, LOOSER),
    ],
)
def test_one_entry_goes_the_way_of_its_operator(
    path: str, before: object, after: object, way: str
) -> None:
    assert direction(path=path, before=before, after=after) == way


class TestPlaces:
    def test_are_clauses_or_the_part_of_a_dataset(self) -> None:
        assert place_of("retention.days") == "retention"
        assert place_of("quota.datasets.D01.per_month") == "quota.D01"
        assert place_of("quota.every.per_month") == "quota"
        assert place_of("consent.datasets") == "consent"
        assert places_of(["quota.datasets.D01.per_day", "quota.datasets.D01.per_month"]) == (
            "quota.D01",
        )

    def test_overlap_when_one_holds_the_other(self) -> None:
        assert overlaps("quota", "quota.D01")
        assert overlaps("quota.D01", "quota.D01")
        assert not overlaps("quota.D01", "quota.D07")
        assert not overlaps("quota", "retention")

    def test_differ_only_where_something_was_changed(self) -> None:
        old = parse({"retention": {"days": 30}, "audit": {"watermark": True}})
        new = parse({"retention": {"days": 7}, "audit": {"watermark": True}})

        assert differ_in(places=["retention"], before=old, after=new)
        assert not differ_in(places=["audit", "quota.D01"], before=old, after=new)


class TestWhoIsAsked:
    @settings(max_examples=150, deadline=None)
    @given(terms, terms)
    def test_is_never_who_proposes_and_always_the_data_user_otherwise(
        self, left: Terms, right: Terms
    ) -> None:
        for proposer in ("user", "first", "second"):
            groups = asked(left, right, proposer)
            members = {member for group in groups for member in group}
            assert proposer not in members
            assert proposer == "user" or ("user",) in groups
            assert len(set(groups)) == len(groups)

    @settings(max_examples=150, deadline=None)
    @given(terms, terms)
    def test_is_every_provider_when_a_general_entry_becomes_looser(
        self, left: Terms, right: Terms
    ) -> None:
        ways = directions(before=left, after=right)
        loosened = [
            path
            for path, way in ways.items()
            if way in (LOOSER, OTHER) and "." not in place_of(path)
        ]
        if loosened:
            assert set(asked(left, right, "user")) == {("first",), ("second",)}

    def test_is_the_provider_of_the_dataset_alone_for_its_terms(self) -> None:
        old = parse({"quota": {"datasets": {"D07": {"per_month": 10}}}})
        new = parse({"quota": {"datasets": {"D07": {"per_month": 5}}}})

        assert asked(old, new, "user") == (("second",),)
        assert asked(old, new, "second") == (("user",),)


class TestDepartures:
    def test_say_against_what_and_which_way(self) -> None:
        template = parse({
            "retention": {"days": 180, "backup_days": 90},
            "dispute": {"method": "COURT", "place": "甲"},
            "security": {"incident_notice_hours": 24},
        })  # fmt: skip
        profile = parse({"retention": {"days": 30}})
        agreed = parse({
            "retention": {"days": 7, "backup_days": 90},
            "dispute": {"method": "ARBITRATION", "place": "甲"},
            "security": {"incident_notice_hours": 48},
        })  # fmt: skip

        found = departures(terms=agreed, template=template, profiles={"D01": profile})

        assert [(one.path, one.against, one.kind) for one in found] == [
            ("dispute.method", "template", OTHER),
            ("retention.days", "template", STRICTER),
            ("security.incident_notice_hours", "template", LOOSER),
            ("retention.days", "D01", STRICTER),
        ]
        assert kinds_of(term="retention", found=found, against="template") == (STRICTER,)
        assert kinds_of(term="audit", found=found) == ()
