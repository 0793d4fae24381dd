"""Versions of templates and profiles: drafted by one person, published by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from catalog.models import Dataset
from contracts import defaults
from contracts.actions.access import ask
from contracts.errors import NothingChanged, TooLoose
from contracts.models import BaseTemplate, TermProfile
from contracts.queries.templates import template_in_force
from contracts.terms import TERM_NAMES, Terms, dump, loosened, parse, strictest
from core.errors import Forbidden, InvalidInput, NotFound
from parties.models import Organization
from parties.queries import desks_of, has_role
from workflow import policy, transitions

P1 = "P1"
TEMPLATE_DRAFTERS = ("AUTHORITY_CASE", "AUTHORITY_DECIDER")
PROFILE_DRAFTER = "PROVIDER_OFFICER"


@transitions.action
def draft_base_template(
    *, kind: str, terms: Mapping[str, Any], locked: Sequence[str], actor: Any, at: datetime
) -> BaseTemplate:
    """
    Store the next version of a base template as a draft.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises InvalidInput: a locked name is no term.
    :raises Forbidden: the actor has no desk at the authority for it.
    """
    if not any(has_role(actor, role) for role in TEMPLATE_DRAFTERS):
        raise Forbidden
    return _draft_template(kind, terms, locked, actor=actor, at=at)


@transitions.action
def publish_base_template(*, template_id: UUID, actor: Any, at: datetime) -> BaseTemplate:
    """
    Put a drafted base template in force for agreements drafted from now on.

    :raises Forbidden: the actor drafted it.
    :raises NotAllowedNow: it is published already.
    """
    found = BaseTemplate.objects.select_for_update(of=("self",), no_key=True)
    template = found.filter(id=template_id).first()
    if template is None or not policy.holds(actor, "contracts.see_basetemplate", template):
        raise NotFound
    ask(template, "publish", actor=actor, at=at)
    return transitions.perform(template, "publish", actor=actor, at=at, publisher=actor)


@transitions.action
def draft_term_profile(
    *, dataset_id: UUID, terms: Mapping[str, Any], note: str, actor: Any, at: datetime
) -> TermProfile:
    """
    Store the next version of a dataset's term profile as a draft.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises TooLoose: it would loosen a locked term of the base template.
    :raises TermConflict: it excludes the base template.
    :raises InvalidInput: it speaks of another dataset.
    :raises NotFound: there is no such dataset of the actor's organization.
    """
    dataset = Dataset.objects.select_related("provider").filter(id=dataset_id).first()
    own = {d.organization_id for d in desks_of(actor) if d.role == PROFILE_DRAFTER}
    if dataset is None or dataset.provider_id not in own:
        raise NotFound
    return _draft_profile(dataset, terms, note, actor=actor, at=at)


@transitions.action
def publish_term_profile(*, profile_id: UUID, actor: Any, at: datetime) -> TermProfile:
    """
    Put a drafted profile in force for agreements drafted from now on.

    :raises Forbidden: the actor drafted it.
    :raises TooLoose: the base template was tightened since, and it would loosen a locked term.
    :raises NotAllowedNow: it is published already.
    """
    found = TermProfile.objects.select_for_update(of=("self",), no_key=True)
    profile = found.filter(id=profile_id).first()
    if profile is None or not policy.holds(actor, "contracts.see_termprofile", profile):
        raise NotFound
    ask(profile, "publish", actor=actor, at=at)
    _ask_not_looser(parse(profile.terms))
    return transitions.perform(profile, "publish", actor=actor, at=at, publisher=actor)


@transitions.action
def install_base_template(*, actor: Any, at: datetime) -> BaseTemplate | None:
    """
    Install the first base template as published; None when there is one.

    For the system: there is nobody yet who could draft it.
    """
    if BaseTemplate.objects.filter(kind=P1).exists():
        return None
    template = _draft_template(P1, defaults.BASE_P1, defaults.LOCKED_P1, actor=actor, at=at)
    return transitions.perform(template, "publish", actor=actor, at=at, publisher=actor)


@transitions.action
def install_term_profiles(*, actor: Any, at: datetime) -> tuple[str, ...]:
    """
    Install the first profile of every known dataset that has none.

    Returns the codes of the datasets that got one; a second run returns none.
    """
    missing = Dataset.objects.filter(code__in=defaults.PROFILES).exclude(
        id__in=TermProfile.objects.values("dataset_id")
    )
    installed = []
    for dataset in missing.select_related("provider").order_by("code"):
        profile = _draft_profile(
            dataset, defaults.PROFILES[dataset.code], "", actor=actor, at=at
        )
        transitions.perform(profile, "publish", actor=actor, at=at, publisher=actor)
        installed.append(dataset.code)
    return tuple(installed)


def _draft_template(
    kind: str, terms: Mapping[str, Any], locked: Sequence[str], *, actor: Any, at: datetime
) -> BaseTemplate:
    unknown = sorted(set(locked) - set(TERM_NAMES))
    if unknown:
        raise InvalidInput(_("There is no term %(names)s."), names=", ".join(unknown))
    newest = BaseTemplate.objects.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or 0
    template = BaseTemplate(
        kind=kind,
        version=newest + 1,
        terms=dump(parse(terms)),
        locked=sorted(set(locked)),
        drafted_by=actor,
        created_at=at,
    )
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    return transitions.create(template, actor=actor, at=at, authority=authority)


def _draft_profile(
    dataset: Dataset, terms: Mapping[str, Any], note: str, *, actor: Any, at: datetime
) -> TermProfile:
    stated = parse(terms)
    if not dump(stated):
        raise NothingChanged
    _ask_own_dataset(stated, dataset.code)
    _ask_not_looser(stated)
    newest = TermProfile.objects.filter(dataset=dataset).aggregate(newest=Max("version"))["newest"]
    profile = TermProfile(
        dataset=dataset,
        version=(newest or 0) + 1,
        terms=dump(stated),
        note=note.strip(),
        drafted_by=actor,
        created_at=at,
    )
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    return transitions.create(
        profile,
        actor=actor,
        at=at,
        facts={"dataset": dataset.code},
        provider=dataset.provider,
        authority=authority,
    )


def _ask_own_dataset(stated: Terms, code: str) -> None:
    named = {item.code for item in (stated.scope.datasets if stated.scope else None) or ()}
    for term in (stated.quota, stated.fee, stated.quality_sla):
        named |= set((term.datasets if term else None) or {})
    named |= set((stated.consent.datasets if stated.consent else None) or ())
    if named - {code}:
        raise InvalidInput(
            _("A profile speaks of its own dataset only, not of %(codes)s."),
            codes=", ".join(sorted(named - {code})),
        )


def _ask_not_looser(stated: Terms) -> None:
    template = template_in_force(kind=P1)
    base = parse(template.terms)
    strictest(base, stated)
    paths = loosened(candidate=stated, floor=base, locked=template.locked)
    if paths:
        raise TooLoose(paths=", ".join(paths))
