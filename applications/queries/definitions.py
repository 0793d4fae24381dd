"""Versions of the form for those who make them: list, one version, who keeps the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import definition, form_editing, form_shape
from applications.models import Application, FormDefinition
from applications.queries.checks import check_list
from applications.queries.drafts import DraftPage, Section
from applications.queries.forms import bound_of, general_in_force, parts_in_force, sections_in
from applications.states import CHILD_UNDER_WAY
from applications.states import ApplicationState as S
from catalog.models import Dataset
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import policy, transitions

READERS = (Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER)
State = FormDefinition.State
# Versions of all parts on one page: dozens of datasets, whose forms change now and then.
VERSIONS_MAX = 500


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in a list."""

    id: UUID
    version: int
    state: str
    state_name: str
    legal_basis: str
    effective_on: date | None
    edited_by: str
    edited_at: datetime
    published_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class FormLine:
    """The general part or a dataset's part: the version in force, the drafted one, all of them."""

    code: str
    title: str
    in_force: VersionRow | None
    drafted: VersionRow | None
    history: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class Keepers:
    """How many open drafts and how many open cases keep the versions they began with."""

    drafts: int
    cases: int


@dataclass(frozen=True, slots=True)
class FormPage:
    """
    One version with all that it says.

    ``problems`` is by key of section or field; ``revision`` the fingerprint of its text;
    ``barred`` why this reader does not publish it.
    """

    row: VersionRow
    code: str
    title: str
    content: dict[str, Any]
    legal_basis: str
    revision: str
    problems: dict[str, str]
    base: VersionRow | None
    base_content: dict[str, Any]
    may_edit: bool
    may_publish: bool
    barred: str
    document: bytes


def form_lines(*, actor: Any, at: datetime) -> tuple[FormLine, ...]:
    """
    Return the general part and the parts of datasets with all their versions, by code.

    :raises NotFound: the actor has no desk that makes or publishes forms.
    """
    _admit(actor)
    shown = policy.visible(actor, "applications.see_formdefinition", FormDefinition)
    # What came with the product was granted to nobody; whoever makes forms reads it.
    first = FormDefinition.objects.filter(dataset=None, version=1)
    found = (
        FormDefinition.objects.filter(Q(pk__in=shown.values("pk")) | Q(pk__in=first.values("pk")))
        .select_related("dataset", "edited_by", "published_by")
        .order_by(F("dataset__code").asc(nulls_first=True), "-version")
    )
    return tuple(
        _line(code, list(group), at)
        for code, group in groupby(found[:VERSIONS_MAX], key=_code)
    )


def form_page(*, definition_id: UUID, actor: Any, at: datetime) -> FormPage:
    """
    Return one version for those who make or publish forms.

    :raises NotFound: there is none, or the actor has no such desk.
    """
    _admit(actor)
    found = (
        FormDefinition.objects.select_related("dataset", "edited_by", "published_by")
        .filter(pk=definition_id)
        .first()
    )
    if found is None or not (_is_first(found) or _sees(actor, found)):
        raise NotFound
    general = found.dataset_id is None
    problems = definition.find_problems(content=found.content, general=general)
    offers = {o.name: o.barred for o in transitions.offers(found, actor=actor)}
    base = _base(found, at)
    code = _code(found)
    return FormPage(
        row=_row(found, base.pk if base else None),
        code=code,
        title=_name(found.dataset),
        content=found.content,
        legal_basis=found.legal_basis,
        revision=form_editing.fingerprint(
            content=found.content, legal_basis=found.legal_basis
        ),
        problems={key: str(text) for key, text in problems.items()},
        base=_row(base, base.pk) if base else None,
        base_content=base.content if base else {"sections": []},
        may_edit="edit" in offers and not offers["edit"],
        may_publish="publish" in offers,
        barred=offers.get("publish", ""),
        document=form_shape.write_document(
            content=found.content,
            legal_basis=found.legal_basis,
            dataset=code,
            version=found.version,
        ),
    )


def keepers_of(*, definition_id: UUID) -> Keepers:
    """Return how many open drafts and cases keep what they began with when this is published."""
    dataset_id = FormDefinition.objects.values_list("dataset_id", flat=True).get(pk=definition_id)
    # Under way in the sense in which a child case keeps its parent from having another.
    begun = Application.objects.filter(state__in=CHILD_UNDER_WAY)
    if dataset_id is not None:
        begun = begun.filter(items__dataset_id=dataset_id)
    ids = begun.values("pk").distinct()
    return Keepers(
        drafts=ids.filter(state=S.DRAFT).count(), cases=ids.exclude(state=S.DRAFT).count()
    )


def preview_partners(*, page: FormPage, at: datetime) -> tuple[tuple[str, str], ...]:
    """Return the datasets whose part in force a version of the general part can be seen with."""
    if page.code:
        return ()
    # Only whose part is in force can be merged; there are few of them.
    datasets = Dataset.objects.filter(form_definitions__state=State.PUBLISHED).distinct()
    parts = parts_in_force(datasets=datasets, at=at)
    named = Dataset.objects.filter(pk__in=parts).order_by("code")[:VERSIONS_MAX]
    return tuple((d.code, d.title) for d in named)


def preview_draft(
    *, page: FormPage, partner: str, answers: Mapping[str, Any], at: datetime
) -> DraftPage:
    """
    Return what an applicant's draft of this version would be, with nothing stored.

    ``partner`` is the code of a dataset, ``general`` for the general part, or empty.

    :raises NotFound: no such part is in force.
    """
    merged = definition.merge(parts=_parts(page, partner, at))
    keys = [k for k in sections_in(merged) if k in {s["key"] for s in merged["sections"]}]
    by_key = {s["key"]: s for s in merged["sections"]}
    language = get_language() or ""
    sections = tuple(
        Section(
            key=key,
            title=definition.in_language(by_key[key].get("title"), language),
            hint=definition.in_language(by_key[key].get("hint"), language),
            status="untouched",
            problems=(),
        )
        for key in keys
    )
    return DraftPage(
        id=page.row.id,
        number="",
        scenario_name=_("Preview"),
        state=S.DRAFT,
        state_name="",
        applicant_name="",
        sections=sections,
        complete=False,
        done=0,
        updated_at=at,
        content={**bound_of(Application()), "answers": dict(answers), "items": []},
        form=merged,
        revision=0,
        files={},
        warnings=(),
        checks=check_list((), rule_version=""),
        blocked=False,
        correction=None,
        editable=True,
        withdrawable=False,
    )


def preview_clashes(*, page: FormPage, partner: str, at: datetime) -> bool:
    """Say whether two parts ask for different things under one key, so that no case has both."""
    parts = _parts(page, partner, at)
    if len(parts) < 2:
        return False
    groups = definition.share_out(general={"sections": []}, parts=parts, most=len(parts))
    return len(groups) > 1


def _parts(page: FormPage, partner: str, at: datetime) -> list[definition.Part]:
    own: definition.Part = (page.code, page.content)
    if not partner:
        return [own]
    if page.code:
        general = general_in_force(at=at)
        if partner != "general" or general is None:
            raise NotFound
        return [("", general.content), own]
    datasets = list(Dataset.objects.filter(code=partner))
    part = next(iter(parts_in_force(datasets=datasets, at=at).values()), None)
    if part is None:
        raise NotFound
    return [own, (partner, part.content)]


def _code(found: FormDefinition) -> str:
    return found.dataset.code if found.dataset else ""


def _admit(actor: Any) -> None:
    if not any(parties.has_role(actor, role) for role in READERS):
        raise NotFound


def _sees(actor: Any, found: FormDefinition) -> bool:
    return policy.holds(actor, "applications.see_formdefinition", found)


def _is_first(found: FormDefinition) -> bool:
    return found.dataset_id is None and found.version == 1


def _line(code: str, versions: list[FormDefinition], at: datetime) -> FormLine:
    valid = _in_force(versions, at)
    rows = tuple(_row(v, valid.pk if valid else None) for v in versions)
    return FormLine(
        code=code,
        title=_name(versions[0].dataset),
        in_force=next((r for r in rows if r.in_force), None),
        drafted=next((r for r in rows if r.state == State.DRAFT), None),
        history=rows,
    )


def _base(found: FormDefinition, at: datetime) -> FormDefinition | None:
    """Return the version that a version is compared with: in force, or the one before it."""
    others = FormDefinition.objects.filter(
        dataset=found.dataset_id, state=State.PUBLISHED
    ).exclude(pk=found.pk)
    if found.state == State.PUBLISHED:
        return others.filter(version__lt=found.version).order_by("-version").first()
    return _in_force(others.order_by("-version"), at)


def _in_force(versions: Iterable[FormDefinition], at: datetime) -> FormDefinition | None:
    today = clock.local_date(at)
    valid = (
        v
        for v in versions
        if v.state == State.PUBLISHED and v.effective_on and v.effective_on <= today
    )
    return max(valid, key=lambda v: v.version, default=None)


def _row(found: FormDefinition, in_force: UUID | None) -> VersionRow:
    return VersionRow(
        id=found.pk,
        version=found.version,
        state=found.state,
        state_name=str(found.get_state_display()),  # type: ignore[attr-defined]
        legal_basis=found.legal_basis,
        effective_on=found.effective_on,
        edited_by=found.edited_by.full_name if found.edited_by else "",
        edited_at=found.edited_at,
        published_by=found.published_by.full_name if found.published_by else "",
        in_force=found.pk == in_force,
    )


def _name(dataset: Dataset | None) -> str:
    return f"{dataset.code} {dataset.title}" if dataset else _("General part")
