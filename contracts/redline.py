"""How the clauses of one text became those of another, word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clauses.facts import Clause
from contracts.terms import Terms
from contracts.wording import TextFacts, key_of, recitals, render_text
from core.word_diff import Piece, opcodes, words

SAME, CHANGED = "same", "changed"
RECITALS = "recitals"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its number in the newer text (the older, where it went), and its stretches."""

    number: str
    status: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RedlinedClause:
    """One clause of two texts; ``key`` is what links and comments call it."""

    key: str
    heading: str
    status: str
    paragraphs: tuple[Paragraph, ...]


def compare_texts(
    *, old: tuple[Terms, TextFacts], new: tuple[Terms, TextFacts]
) -> tuple[RedlinedClause, ...]:
    """
    Return every clause of two texts in order, what stands before the first one at the front.

    :raises TermsIncomplete: one of them lacks a term that a text needs.
    """
    before, after = (render_text(terms=t, facts=f) for t, f in (old, new))
    head = _paragraphs("", recitals(facts=old[1]), recitals(facts=new[1]))
    found = [RedlinedClause(RECITALS, "", _status(head), head)]
    for left, right in zip(before, after, strict=True):
        found.append(compare_clauses(old=left, new=right))
    return tuple(found)


def compare_clauses(*, old: Clause, new: Clause) -> RedlinedClause:
    """Return how one clause became another wording of itself."""
    paragraphs = _paragraphs(f"{new.number}.", old.paragraphs, new.paragraphs)
    return RedlinedClause(key_of(new), new.heading, _status(paragraphs), paragraphs)


def changed_clauses(
    *, old: Sequence[Clause], new: Sequence[Clause]
) -> tuple[RedlinedClause, ...]:
    """Return the clauses in which two renderings differ."""
    pairs = zip(old, new, strict=True)
    return tuple(
        compare_clauses(old=left, new=right)
        for left, right in pairs
        if left.paragraphs != right.paragraphs
    )


def _status(paragraphs: tuple[Paragraph, ...]) -> str:
    return SAME if all(one.status == SAME for one in paragraphs) else CHANGED


def _paragraphs(
    prefix: str, old: Sequence[str], new: Sequence[str]
) -> tuple[Paragraph, ...]:
    """Align the paragraphs of a clause; those in each other's place are compared word by word."""
    found: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in opcodes(list(old), list(new)):
        if tag == "equal":
            found += [
                Paragraph(f"{prefix}{n}", SAME, (Piece("same", new[n - 1]),))
                for n in range(j1 + 1, j2 + 1)
            ]
            continue
        paired = min(i2 - i1, j2 - j1)
        found += [
            Paragraph(
                f"{prefix}{j1 + k + 1}", CHANGED, words(old=old[i1 + k], new=new[j1 + k])
            )
            for k in range(paired)
        ]
        found += [
            Paragraph(f"{prefix}{n + 1}", "removed", (Piece("removed", old[n]),))
            for n in range(i1 + paired, i2)
        ]
        found += [
            Paragraph(f"{prefix}{n + 1}", "added", (Piece("added", new[n]),))
            for n in range(j1 + paired, j2)
        ]
    return tuple(found)
