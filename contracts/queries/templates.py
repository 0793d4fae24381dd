"""Templates and profiles: what is in force, and their pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.errors import NoTemplate
from contracts.models import BaseTemplate, TermProfile
from contracts.queries.rows import ProfilePage, ProfileRow, TermRow
from contracts.queries.termrows import term_rows
from contracts.terms import Terms, parse
from core.errors import NotFound
from parties.queries import desks_of
from workflow import policy, transitions

SEE_PROFILE = "contracts.see_termprofile"
PROFILE_ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class StatedProfile:
    """The profile in force of one dataset, entry by entry."""

    code: str
    version: int
    terms: tuple[TermRow, ...]


def template_in_force(*, kind: str) -> BaseTemplate:
    """
    Return the newest published base template of a procedure.

    :raises NoTemplate: none is published.
    """
    found = (
        BaseTemplate.objects.filter(kind=kind, state=BaseTemplate.State.PUBLISHED)
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


def profiles(*, actor: Any) -> tuple[ProfileRow, ...]:
    """Return the newest version of every profile an actor may see, by dataset."""
    rows = (
        policy.visible(actor, SEE_PROFILE, TermProfile)
        .select_related("dataset")
        .order_by("dataset__code", "-version")
    )
    newest: dict[UUID, TermProfile] = {}
    for row in rows[:PROFILE_ROWS_MAX]:
        newest.setdefault(row.dataset_id, row)
    return tuple(profile_row(row) for row in newest.values())


def profile_page(*, profile_id: UUID, actor: Any) -> ProfilePage:
    """
    Return one version of a profile beside the base template in force.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, SEE_PROFILE, TermProfile)
        .select_related("dataset", "drafted_by", "published_by")
        .filter(id=profile_id)
        .first()
    )
    if row is None:
        raise NotFound
    template = template_in_force(kind="P1")
    versions = TermProfile.objects.filter(dataset_id=row.dataset_id).select_related("dataset")
    own = {d.organization_id for d in desks_of(actor) if d.role == "PROVIDER_OFFICER"}
    return ProfilePage(
        row=profile_row(row),
        note=row.note,
        drafted_by=row.drafted_by.full_name,
        published_by=row.published_by.full_name if row.published_by else "",
        terms=term_rows(
            terms=parse(row.terms),
            template=parse(template.terms),
            sources={},
            locked=template.locked,
            only_stated=True,
        ),
        raw=json.dumps(row.terms, ensure_ascii=False, indent=2, sort_keys=True),
        offers=transitions.offers(row, actor=actor),
        versions=tuple(profile_row(v) for v in versions.order_by("-version")[:20]),
        may_draft=row.dataset.provider_id in own,
        dataset_id=row.dataset_id,
    )


def profile_row(row: TermProfile) -> ProfileRow:
    """Return one version of a profile as lists name it."""
    return ProfileRow(
        id=row.pk,
        dataset_code=row.dataset.code,
        dataset_title=row.dataset.title,
        version=row.version,
        state=row.state,
        state_name=str(row.get_state_display()),
        published_at=row.published_at,
    )
