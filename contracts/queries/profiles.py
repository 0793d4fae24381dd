"""Term profiles: lists, the page of a version, its editor and its preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as now

from catalog.models import Dataset
from catalog.queries import dataset_facts
from contracts import labels, statements
from contracts.lattice import leaves
from contracts.models import TermProfile
from contracts.policies import AUTHORITY_ROLES, PROVIDER_ROLES, side_of
from contracts.preview import Preview, preview_of
from contracts.queries.profile_form import Field, ProfileGroup, controlled, profile_groups
from contracts.queries.rows import CommentRow, ProfilePage, ProfileRow, UnprofiledRow
from contracts.queries.templates import pinned_clauses, profiles_in_force, template_in_force
from contracts.queries.termrows import change_rows, term_rows
from contracts.terms import Terms, parse
from core.errors import NotFound
from parties.queries import desks_of
from workflow import policy, transitions

SEE_PROFILE = "contracts.see_termprofile"
PROFILE_ROWS_MAX = 500
COMMENTS_MAX = 200
VERSIONS_MAX = 20
_S = TermProfile.State
OPEN = (_S.DRAFT, _S.PROPOSED, _S.AGREED)


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


def unprofiled(*, actor: Any) -> tuple[UnprofiledRow, ...]:
    """Return the conditional datasets without a profile that an actor may draft one for."""
    desks = desks_of(actor)
    rows = Dataset.objects.filter(openness="CONDITIONAL").exclude(
        id__in=TermProfile.objects.values("dataset_id")
    )
    if not any(desk.role in AUTHORITY_ROLES for desk in desks):
        own = [desk.organization_id for desk in desks if desk.role in PROVIDER_ROLES]
        rows = rows.filter(provider_id__in=own)
    return tuple(
        UnprofiledRow(row.pk, row.code, row.title)
        for row in rows.order_by("code", "id")[:PROFILE_ROWS_MAX]
    )


def profile_page(*, profile_id: UUID, actor: Any) -> ProfilePage:
    """
    Return one version of a profile beside the base template in force.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _seen(profile_id, actor)
    template = template_in_force(kind="P1")
    versions = list(
        TermProfile.objects.filter(dataset_id=row.dataset_id)
        .select_related("dataset")
        .order_by("-version")[:VERSIONS_MAX]
    )
    in_force = profiles_in_force(dataset_ids=[row.dataset_id]).get(row.dataset_id)
    terms = parse(row.terms, schema=row.schema)
    side = side_of(actor, row)
    before = parse(in_force.terms, schema=in_force.schema) if in_force else Terms()
    return ProfilePage(
        row=profile_row(row),
        note=row.note,
        side_name=str(row.get_side_display()),
        turn=_turn(row),
        drafted_by=row.drafted_by.full_name,
        agreed_by=row.agreed_by.full_name if row.agreed_by else "",
        agreed_at=row.agreed_at,
        published_by=row.published_by.full_name if row.published_by else "",
        terms=term_rows(
            terms=terms,
            template=parse(template.terms, schema=template.schema),
            sources={},
            locked=template.locked,
            only_stated=True,
        ),
        changes=() if in_force and in_force.pk == row.pk else change_rows(
            before=before, after=terms
        ),
        in_force=in_force.version if in_force else None,
        preview=_preview(row.dataset, row.terms),
        comments=_comments(row),
        offers=transitions.offers(row, actor=actor),
        versions=tuple(profile_row(one) for one in versions),
        may_draft=bool(side) and not any(one.state in OPEN for one in versions),
        may_comment=bool(side) and row.state in OPEN,
        dataset_id=row.dataset_id,
    )  # fmt: skip


def profile_editor(*, profile_id: UUID, actor: Any) -> tuple[ProfileGroup, ...]:
    """
    Return the controls for a version of a profile, with what it says.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _seen(profile_id, actor)
    return _groups(row.dataset, parse(row.terms, schema=row.schema))


def profile_rest(*, profile_id: UUID, actor: Any) -> dict[str, Any]:
    """
    Return what a version of a profile says that no control shows, by dotted path.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _seen(profile_id, actor)
    terms = parse(row.terms, schema=row.schema)
    shown = controlled(_groups(row.dataset, terms))
    return {
        path: value
        for path, value in leaves(terms).items()
        if not any(path == one or path.startswith(f"{one}.") for one in shown)
    }


def first_editor(*, dataset_id: UUID, actor: Any) -> tuple[str, tuple[ProfileGroup, ...]]:
    """
    Return name and controls for the first profile of a dataset.

    :raises NotFound: there is none, or the actor speaks neither for its provider nor the authority.
    """
    dataset = _dataset(dataset_id, actor)
    return f"{dataset.code} {dataset.title}", _groups(dataset, Terms())


def profile_preview(*, dataset_id: UUID, terms: Mapping[str, Any], actor: Any) -> Preview:
    """
    Return what a profile of a dataset would change, or what stands in its way.

    :raises NotFound: there is none, or the actor speaks neither for its provider nor the authority.
    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    """
    return _preview(_dataset(dataset_id, actor), terms)


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


def _seen(profile_id: UUID, actor: Any) -> TermProfile:
    row = (
        policy.visible(actor, SEE_PROFILE, TermProfile)
        .select_related("dataset__provider", "drafted_by", "agreed_by", "published_by")
        .filter(id=profile_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _dataset(dataset_id: UUID, actor: Any) -> Dataset:
    row = Dataset.objects.select_related("provider").filter(id=dataset_id).first()
    if row is None or not side_of(actor, TermProfile(dataset=row)):
        raise NotFound
    return row


def _turn(row: TermProfile) -> str:
    """Say who is waited for."""
    provider = row.side == TermProfile.Side.PROVIDER
    other = now("Data authority") if provider else now("Data provider")
    return {
        _S.DRAFT: str(row.get_side_display()),
        _S.PROPOSED: other,
        _S.AGREED: now("Somebody who did not draft it"),
    }.get(row.state, "")


def _comments(row: TermProfile) -> tuple[CommentRow, ...]:
    rows = row.comments.select_related("author").order_by("-created_at", "-id")[:COMMENTS_MAX]
    return tuple(
        CommentRow(
            about=str(labels.TERMS.get(one.path.split(".")[0], "")) if one.path else "",
            side_name=str(one.get_side_display()),
            author=one.author.full_name,
            text=one.text,
            at=one.created_at,
        )
        for one in rows
    )


def _groups(dataset: Dataset, terms: Terms) -> tuple[ProfileGroup, ...]:
    template = template_in_force(kind="P1")
    fields = dataset_facts(dataset_id=dataset.pk).fields
    return profile_groups(
        code=dataset.code,
        fields=tuple(Field(field.name, field.title) for field in fields),
        terms=terms,
        template=parse(template.terms, schema=template.schema),
        locked=template.locked,
    )


def _preview(dataset: Dataset, terms: Mapping[str, Any]) -> Preview:
    template = template_in_force(kind="P1")
    known = dataset_facts(dataset_id=dataset.pk)
    return preview_of(
        template=template.terms,
        locked=template.locked,
        clauses=pinned_clauses(template=template),
        dataset=statements.GrantedDataset(
            dataset_id=dataset.pk,
            code=dataset.code,
            title=dataset.title,
            provider=known.provider_name,
            level=known.level,
            version=known.version,
            update_frequency=known.update_frequency,
            requires_consent=known.requires_consent,
            fields=tuple(field.name for field in known.fields),
            labels=tuple((field.name, field.title) for field in known.fields),
            transforms={},
            filters={},
        ),
        profile=terms,
    )
