"""Templates and profiles: what is in force, and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.clauses import library
from contracts.clauses.language import ClauseText, load_paragraphs
from contracts.errors import NoClause, NoTemplate
from contracts.models import BaseTemplate, ClauseVersion, TermProfile
from contracts.queries.rows import TermRow
from contracts.queries.termrows import term_rows
from contracts.terms import Terms, parse


@dataclass(frozen=True, slots=True)
class StatedProfile:
    """The profile in force of one dataset, entry by entry."""

    code: str
    version: int
    terms: tuple[TermRow, ...]


def clauses_in_force(*, codes: Sequence[str]) -> dict[str, ClauseVersion]:
    """Return the newest published version of each of these clauses that has one."""
    rows = ClauseVersion.objects.filter(
        code__in=codes, state=ClauseVersion.State.PUBLISHED
    ).order_by("code", "-version")
    found: dict[str, ClauseVersion] = {}
    for row in rows:
        found.setdefault(row.code, row)
    return found


def pinned_clauses(*, template: BaseTemplate) -> tuple[ClauseText, ...]:
    """
    Return the clauses an agreement drafted now is worded with, in the order of its text.

    :raises NoClause: a clause of the template has no version in force.
    """
    codes = template.clauses or list(library.order_of(template.form))
    found = clauses_in_force(codes=codes)
    absent = [code for code in codes if code not in found]
    if absent:
        raise NoClause(names=", ".join(absent))
    return tuple(clause_text(found[code]) for code in codes)


def clause_text(row: ClauseVersion) -> ClauseText:
    """Return one version of a clause as agreements pin it."""
    return ClauseText(
        row.code, row.version, row.title, row.term, load_paragraphs(row.paragraphs)
    )


def template_in_force(*, kind: str, form: str = "PROVISION") -> BaseTemplate:
    """
    Return the newest published base template of a procedure and a form of contract.

    :raises NoTemplate: none is published.
    """
    found = (
        BaseTemplate.objects.filter(
            kind=kind, form=form, state=BaseTemplate.State.PUBLISHED
        )
        .order_by("-version")
        .first()
    )
    if found is None:
        raise NoTemplate
    return found


def profiles_in_force(*, dataset_ids: Sequence[UUID]) -> dict[UUID, TermProfile]:
    """Return the newest published profile of each dataset that has one."""
    rows = TermProfile.objects.filter(
        dataset_id__in=dataset_ids, state=TermProfile.State.PUBLISHED
    ).order_by("dataset_id", "-version")
    found: dict[UUID, TermProfile] = {}
    for row in rows:
        found.setdefault(row.dataset_id, row)
    return found


def stated_profiles(*, codes: Sequence[str]) -> tuple[StatedProfile, ...]:
    """
    Return what the profiles in force demand for these datasets, by code.

    For reviewers of a request: the caller has decided who may know it.
    """
    rows = TermProfile.objects.filter(
        dataset__code__in=codes, state=TermProfile.State.PUBLISHED
    ).select_related("dataset")
    newest: dict[str, TermProfile] = {}
    for row in rows.order_by("dataset__code", "-version"):
        newest.setdefault(row.dataset.code, row)
    return tuple(
        StatedProfile(
            code=code,
            version=row.version,
            terms=term_rows(
                terms=parse(row.terms), template=Terms(), sources={}, locked=(), only_stated=True
            ),
        )
        for code, row in newest.items()
    )
