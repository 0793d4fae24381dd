"""Redlines: reading what stayed and came gives the new text, what stayed and went the old one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import defaults
from contracts.clauses.facts import Clause
from contracts.overrides import changes_of, laid_over
from contracts.redline import (
    RedlinedClause,
    changed_clauses,
    compare_clauses,
    compare_texts,
)
from contracts.statements import merge_all
from contracts.terms import dump, parse
from contracts.wording import CLAUSE_KEYS, render_text
from tests.contracts.test_wording import FACTS, REQUEST, granted

LETTERS = "甲乙丙留存不超过日0123456789。，"
PARAGRAPHS = st.lists(st.text(LETTERS, min_size=1, max_size=30), max_size=6)
TERMS = merge_all(template=defaults.BASE_P1, datasets=[granted()], request=REQUEST).terms


def read(clause: RedlinedClause, *, without: str) -> list[str]:
    """Return the paragraphs one reads when one kind of stretch is left out."""
    other = {"removed": "added", "added": "removed"}[without]
    return [
        "".join(piece.text for piece in paragraph.pieces if piece.kind != without)
        for paragraph in clause.paragraphs
        if paragraph.status in ("same", "changed", other)
    ]


@settings(max_examples=200, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_both_texts_can_be_read_out_of_a_redline(old: list[str], new: list[str]) -> None:
    left, right = (Clause(10, "留存", tuple(text), "retention") for text in (old, new))

    found = compare_clauses(old=left, new=right)

    assert read(found, without="removed") == new
    assert read(found, without="added") == old
    assert (found.status == "same") is (old == new)


def test_one_changed_number_is_one_changed_clause_and_only_the_number_is_marked() -> None:
    values = {"retention.days": 7}
    after = parse(laid_over(current=dump(TERMS), values=values))

    [clause] = changed_clauses(
        old=render_text(terms=TERMS, facts=FACTS), new=render_text(terms=after, facts=FACTS)
    )

    assert (clause.key, clause.heading) == ("retention", "第十条　留存与备份")
    marked = [p for paragraph in clause.paragraphs for p in paragraph.pieces if p.kind != "same"]
    assert [(p.kind, p.text) for p in marked] == [("removed", "180"), ("added", "7")]
    assert changes_of(values=values) == {"retention": {"days": 7}}


def test_a_whole_comparison_has_every_clause_and_what_stands_before_them() -> None:
    other = replace(FACTS, decision_number="锡数决〔2026〕2号")

    found = compare_texts(old=(TERMS, FACTS), new=(TERMS, other))

    assert [clause.key for clause in found] == ["recitals", *CLAUSE_KEYS]
    assert [clause.key for clause in found if clause.status != "same"] == [
        "recitals",
        "closing",
    ]
