"""
What a term profile would do: the clauses it changes, and what stands in its way. Pure.

The text is drafted with a sample case, because a profile says nothing of scenario and parties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from contracts import labels, statements, wording
from contracts.clauses.facts import PartyFacts, TextFacts
from contracts.clauses.language import ClauseText
from contracts.invariants import broken_rules
from contracts.terms import (
    Disagreement,
    TermConflict,
    Terms,
    conflicts,
    loosened,
    merge,
    parse,
    settle,
)
from core.word_diff import Piece, words

SAMPLE_NUMBER = "WX-XY-0000-00000"


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """One clause with a profile and without: its paragraphs in stretches."""

    heading: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a profile changes, and every reason why it cannot stand."""

    clauses: tuple[ClauseDiff, ...]
    conflicts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    looser: tuple[str, ...]
    broken: tuple[tuple[str, str], ...]

    @property
    def stands(self) -> bool:
        """Whether nothing stands in its way."""
        return not (self.conflicts or self.looser or self.broken)


def preview_of(
    *,
    template: Mapping[str, Any],
    locked: Sequence[str],
    clauses: tuple[ClauseText, ...],
    dataset: statements.GrantedDataset,
    profile: Mapping[str, Any],
) -> Preview:
    """
    Return what a profile of a dataset would change in the text, or what stands in its way.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    """
    base, stated = parse(template), parse(profile)
    named = f"{statements.PROFILE_PREFIX}{dataset.code}"
    said = [
        (statements.TEMPLATE, base),
        *statements.of_dataset_level(code=dataset.code, level=dataset.level),
        (named, stated),
    ]
    clash = tuple(map(_named, conflicts(said)))
    looser = loosened(candidate=stated, floor=base, locked=locked)
    broken: tuple[tuple[str, str], ...] = ()
    changed: tuple[ClauseDiff, ...] = ()
    if not clash:
        found = broken_rules(merge(said).terms, procedure="P1")
        broken = tuple((labels.path_text(one.path), str(one.rule)) for one in found)
        changed = _changed(template, clauses, dataset, profile)
    return Preview(changed, clash, tuple(map(labels.path_text, looser)), broken)


def _named(one: Disagreement) -> tuple[str, tuple[tuple[str, str], ...]]:
    return labels.path_text(one.path), tuple(
        (labels.source_text(source), labels.value_text(one.path, value))
        for source, value in one.stated
    )


def _changed(
    template: Mapping[str, Any],
    clauses: tuple[ClauseText, ...],
    dataset: statements.GrantedDataset,
    profile: Mapping[str, Any],
) -> tuple[ClauseDiff, ...]:
    try:
        without = _text(template, clauses, replace(dataset, profile=None))
        with_it = _text(template, clauses, replace(dataset, profile=profile))
    except TermConflict:
        return ()
    return tuple(
        ClauseDiff(new.heading, paragraph_pieces(old.paragraphs, new.paragraphs))
        for old, new in zip(without, with_it, strict=True)
        if old.paragraphs != new.paragraphs
    )


def paragraph_pieces(
    old: Sequence[str], new: Sequence[str]
) -> tuple[tuple[Piece, ...], ...]:
    """Return paragraphs compared one by one, where their number is the same, else as a whole."""
    if len(old) == len(new):
        return tuple(words(old=o, new=n) for o, n in zip(old, new, strict=True))
    return (words(old="\n".join(old), new="\n".join(new)),)


def _text(
    template: Mapping[str, Any],
    clauses: tuple[ClauseText, ...],
    dataset: statements.GrantedDataset,
) -> tuple[wording.Clause, ...]:
    said = [
        (statements.TEMPLATE, parse(template)),
        *statements.of_dataset_level(code=dataset.code, level=dataset.level),
    ]
    if dataset.profile is not None:
        said.append(("profile", parse(dataset.profile)))
    said.append(("grant", statements.of_grant(dataset=dataset)))
    said.append(("request", _SAMPLE))
    terms = settle(merge(said)).terms
    return wording.word_clauses(clauses, terms=terms, facts=_FACTS)


_SAMPLE = Terms.model_validate(
    {
        "purpose": {
            "purpose_class": "INDUSTRY",
            "scenario_code": "CJ-0000-00000",
            "scenario_name": "（示例场景）",
        }
    }
)
_PARTY = PartyFacts(organization_id="", name="（示例单位）", uscc="（统一社会信用代码）")
_FACTS = TextFacts(
    number=SAMPLE_NUMBER,
    authority="（主管部门）",
    application_number="（申请编号）",
    decision_number="（决定文号）",
    decided_on=date(2026, 1, 1),
    template="（模板版本）",
    licensee=_PARTY,
    providers=(_PARTY,),
)
