"""
Term profiles: one side drafts and proposes, the other agrees, a second person publishes.

Source: B26 (negotiated with the data department), docs/sources.md#term-profiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog.models import Dataset
from contracts import defaults, statements
from contracts.actions.access import ask, ask_reason
from contracts.actions.clauses import next_version
from contracts.errors import DraftOpen, NothingChanged, TooLoose
from contracts.invariants import ask_rules
from contracts.models import ProfileComment, TermProfile
from contracts.policies import side_of
from contracts.queries.templates import template_in_force
from contracts.shapes import SCHEMA_VERSION
from contracts.terms import TERM_NAMES, Terms, dump, loosened, merge, parse
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.models import Organization
from workflow import audit, policy, transitions

P1 = "P1"
_S = TermProfile.State
OPEN = (_S.DRAFT, _S.PROPOSED, _S.AGREED)


@transitions.action
def draft_term_profile(
    *, dataset_id: UUID, terms: Mapping[str, Any], note: str, actor: Any, at: datetime
) -> TermProfile:
    """
    Store the next version of a dataset's term profile as a draft of the actor's side.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises TooLoose: it would loosen a locked term of the base template.
    :raises TermConflict: it excludes the base template or the level; everybody is named.
    :raises RuleBroken: it breaks a rule that holds between terms.
    :raises InvalidInput: it speaks of another dataset.
    :raises DraftOpen: another version is being negotiated.
    :raises NotFound: there is no such dataset of the actor's organization or authority.
    """
    dataset = (
        Dataset.objects.select_for_update(of=("self",), no_key=True)
        .select_related("provider")
        .filter(id=dataset_id)
        .first()
    )
    side = side_of(actor, TermProfile(dataset=dataset)) if dataset else ""
    if dataset is None or not side:
        raise NotFound
    if TermProfile.objects.filter(dataset=dataset, state__in=OPEN).exists():
        raise DraftOpen
    return _draft(dataset, terms, note, side=side, actor=actor, at=at)


@transitions.action
def revise_term_profile(
    *, profile_id: UUID, terms: Mapping[str, Any], note: str, actor: Any, at: datetime
) -> TermProfile:
    """
    Put other terms in a draft.

    :raises NothingChanged: it says what it said.
    :raises Forbidden: the other side drafted it.
    :raises NotAllowedNow: it is no draft.
    """
    profile = _lock(profile_id, actor)
    ask(profile, "revise", actor=actor, at=at)
    stated = _asked(profile.dataset, terms)
    if dump(stated) == profile.terms and note.strip() == profile.note:
        raise NothingChanged
    return transitions.perform(
        profile, "revise", actor=actor, at=at,
        terms=dump(stated), note=note.strip(), schema=SCHEMA_VERSION,
    )  # fmt: skip


@transitions.action
def propose_term_profile(*, profile_id: UUID, actor: Any, at: datetime) -> TermProfile:
    """
    Put a draft before the other side.

    :raises Forbidden: the other side drafted it.
    :raises NotAllowedNow: it is no draft.
    """
    profile = _lock(profile_id, actor)
    ask(profile, "propose", actor=actor, at=at)
    _asked(profile.dataset, profile.terms)
    return transitions.perform(profile, "propose", actor=actor, at=at)


@transitions.action
def comment_term_profile(
    *, profile_id: UUID, path: str, text: str, actor: Any, at: datetime
) -> ProfileComment:
    """
    Say something about a profile that is being negotiated, or about one entry of it.

    :raises ReasonMissing: the comment is empty or too long.
    :raises InvalidInput: there is no such term.
    :raises Forbidden: the actor speaks for neither side.
    :raises NotAllowedNow: nothing is negotiated any more.
    """
    profile = _lock(profile_id, actor)
    side = side_of(actor, profile)
    if not side:
        raise Forbidden
    if profile.state not in OPEN:
        raise NotAllowedNow
    if path and path.split(".", maxsplit=1)[0] not in TERM_NAMES:
        raise InvalidInput(_("There is no term %(names)s."), names=path)
    comment = ProfileComment.objects.create(
        profile=profile, path=path, side=side, text=ask_reason(text), author=actor, created_at=at
    )
    audit.record(profile, "comment", actor=actor, at=at, facts={"path": path, "side": side})
    return comment


@transitions.action
def agree_term_profile(*, profile_id: UUID, actor: Any, at: datetime) -> TermProfile:
    """
    Agree to a proposed profile for the other side.

    :raises Forbidden: the actor's own side drafted it.
    :raises NotAllowedNow: it is not proposed.
    """
    profile = _lock(profile_id, actor)
    ask(profile, "agree", actor=actor, at=at)
    _asked(profile.dataset, profile.terms)
    return transitions.perform(profile, "agree", actor=actor, at=at, answerer=actor)


@transitions.action
def send_back_term_profile(
    *, profile_id: UUID, reason: str, actor: Any, at: datetime
) -> TermProfile:
    """
    Return a proposed or agreed profile to its drafter with a reason.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor's own side drafted it.
    :raises NotAllowedNow: it is neither proposed nor agreed.
    """
    profile = _lock(profile_id, actor)
    ask(profile, "send_back", actor=actor, at=at)
    ProfileComment.objects.create(
        profile=profile, side=side_of(actor, profile), text=ask_reason(reason), author=actor,
        created_at=at,
    )  # fmt: skip
    return transitions.perform(profile, "send_back", actor=actor, at=at)


@transitions.action
def withdraw_term_profile(*, profile_id: UUID, actor: Any, at: datetime) -> TermProfile:
    """
    Give up a version that is being negotiated; what is in force stays.

    :raises Forbidden: the other side drafted it.
    :raises NotAllowedNow: it is published or withdrawn.
    """
    profile = _lock(profile_id, actor)
    return transitions.perform(profile, "withdraw", actor=actor, at=at)


@transitions.action
def publish_term_profile(*, profile_id: UUID, actor: Any, at: datetime) -> TermProfile:
    """
    Put an agreed profile in force for agreements drafted from now on.

    :raises Forbidden: the actor drafted it.
    :raises TooLoose: the base template was tightened since, and it would loosen a locked term.
    :raises NotAllowedNow: it is not agreed, or published already.
    """
    profile = _lock(profile_id, actor)
    ask(profile, "publish", actor=actor, at=at)
    _asked(profile.dataset, profile.terms)
    return transitions.perform(profile, "publish", actor=actor, at=at, publisher=actor)


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
        profile = _draft(
            dataset, defaults.PROFILES[dataset.code], "", side=TermProfile.Side.PROVIDER,
            actor=actor, at=at,
        )  # fmt: skip
        transitions.perform(profile, "propose", actor=actor, at=at)
        transitions.perform(profile, "agree", actor=actor, at=at, answerer=actor)
        transitions.perform(profile, "publish", actor=actor, at=at, publisher=actor)
        installed.append(dataset.code)
    return tuple(installed)


def _lock(profile_id: UUID, actor: Any) -> TermProfile:
    profile = (
        TermProfile.objects.select_for_update(of=("self",), no_key=True)
        .select_related("dataset__provider")
        .filter(id=profile_id)
        .first()
    )
    if profile is None or not policy.holds(actor, "contracts.see_termprofile", profile):
        raise NotFound
    return profile


def _draft(
    dataset: Dataset, terms: Mapping[str, Any], note: str, *, side: str, actor: Any, at: datetime
) -> TermProfile:
    stated = _asked(dataset, terms)
    profile = TermProfile(
        dataset=dataset,
        version=next_version(TermProfile, dataset=dataset),
        terms=dump(stated),
        schema=SCHEMA_VERSION,
        note=note.strip(),
        side=side,
        drafted_by=actor,
        created_at=at,
    )
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    return transitions.create(
        profile,
        actor=actor,
        at=at,
        facts={"dataset": dataset.code, "side": str(side)},
        provider=dataset.provider,
        authority=authority,
    )


def _asked(dataset: Dataset, terms: Mapping[str, Any]) -> Terms:
    """Return the terms of a profile once they fit dataset, template, level and rules."""
    stated = parse(terms)
    if not dump(stated):
        raise NothingChanged
    _ask_own_dataset(stated, dataset.code)
    template = template_in_force(kind=P1)
    base = parse(template.terms)
    said = [(statements.TEMPLATE, base), *statements.of_dataset_level(
        code=dataset.code, level=dataset.level
    )]  # fmt: skip
    merged = merge([*said, (f"{statements.PROFILE_PREFIX}{dataset.code}", stated)])
    paths = loosened(candidate=stated, floor=base, locked=template.locked)
    if paths:
        raise TooLoose(paths=", ".join(paths))
    ask_rules(merged.terms, procedure=P1)
    return stated


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
