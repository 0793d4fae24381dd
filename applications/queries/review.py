"""The review desk of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.models import Decision, ProviderBranch
from applications.queries.case import BRANCH_TONES
from applications.queries.checks import CheckList, checks_of
from applications.queries.items import items_of
from applications.queries.rows import ItemRow
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import deadlines, history, policy, transitions
from workflow.deadlines import ClockView
from workflow.history import TimelineEntry
from workflow.transitions import Offer

EARLIER_MAX = 5


@dataclass(frozen=True, slots=True)
class EarlierOpinion:
    """What the same provider said before on one of the same datasets, and what came of it."""

    number: str
    scenario_name: str
    code: str
    allowed: int
    transformed: int
    denied: int
    refused: tuple[str, ...]
    result_name: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Officer:
    """A data officer of the department who may be given the opinion."""

    id: str
    full_name: str


@dataclass(frozen=True, slots=True)
class BranchPage:
    """One branch as the provider works on it."""

    id: UUID
    application_id: UUID
    number: str
    scenario_name: str
    purpose_class_name: str
    purpose_text: str
    applicant_name: str
    environment_name: str
    delivery_mode_name: str
    term_months: int | None
    monthly_quota: int | None
    provider_name: str
    state: str
    state_name: str
    tone: str
    drafter_name: str
    items: tuple[ItemRow, ...]
    notes: dict[str, str]
    checks: CheckList
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineEntry, ...]
    offers: tuple[Offer, ...]
    earlier: tuple[EarlierOpinion, ...]
    assignee_id: str
    assignee_name: str
    officers: tuple[Officer, ...]


def branch_page(*, branch_id: UUID, actor: Any, at: datetime) -> BranchPage:
    """
    Return one branch with the requested fields of its datasets and the opinion so far.

    :raises NotFound: there is no such branch for this actor.
    """
    branch = (
        policy.visible(actor, "applications.see_providerbranch", ProviderBranch)
        .select_related("application__applicant", "provider", "drafted_by", "assignee")
        .filter(id=branch_id)
        .first()
    )
    if branch is None:
        raise NotFound
    case = branch.application
    return BranchPage(
        id=branch.pk,
        application_id=case.pk,
        number=case.number or "",
        scenario_name=case.scenario_name,
        purpose_class_name=str(case.get_purpose_class_display()),
        purpose_text=case.purpose_text,
        applicant_name=case.applicant.name,
        environment_name=str(case.get_environment_display()),
        delivery_mode_name=str(case.get_delivery_mode_display()),
        term_months=case.term_months,
        monthly_quota=case.monthly_quota,
        provider_name=branch.provider.name,
        state=branch.state,
        state_name=str(branch.get_state_display()),  # type: ignore[attr-defined]
        tone=BRANCH_TONES[branch.state],
        drafter_name=branch.drafted_by.full_name if branch.drafted_by else "",
        items=items_of(case, provider_id=branch.provider_id),
        notes={code: opinion.get("note", "") for code, opinion in branch.opinion.items()},
        checks=checks_of(case).without_evidence(),
        clocks=deadlines.of_subject(branch, at=at, names=True),
        timeline=history.timeline(branch),
        offers=transitions.offers(branch, actor=actor),
        earlier=_earlier(branch),
        assignee_id=str(branch.assignee_id or ""),
        assignee_name=branch.assignee.full_name if branch.assignee else "",
        officers=_officers(branch, actor),
    )


def _officers(branch: ProviderBranch, actor: Any) -> tuple[Officer, ...]:
    """Return who may be given the opinion, for people of the department while it is open."""
    rights = ("applications.draft_opinion", "applications.confirm_opinion")
    if branch.state not in ("OPEN", "DRAFTED") or not any(
        policy.holds(actor, right, branch) for right in rights
    ):
        return ()
    people = parties.people_at(branch.provider, Role.PROVIDER_OFFICER)
    return tuple(Officer(str(person.pk), person.full_name) for person in people)


def _earlier(branch: ProviderBranch) -> tuple[EarlierOpinion, ...]:
    codes = list(
        branch.application.items.filter(dataset__provider=branch.provider_id).values_list(
            "dataset__code", flat=True
        )
    )
    before = (
        ProviderBranch.objects.filter(
            provider_id=branch.provider_id,
            state=ProviderBranch.State.ANSWERED,
            opinion__has_any_keys=codes,
        )
        .exclude(pk=branch.pk)
        .select_related("application")
        .prefetch_related("application__items__dataset")
        .order_by("-confirmed_at", "id")[:EARLIER_MAX]
    )
    return tuple(
        _opinion_on(one, code) for one in before for code in sorted(set(codes) & set(one.opinion))
    )


def _opinion_on(branch: ProviderBranch, code: str) -> EarlierOpinion:
    answers = branch.opinion[code]["fields"]
    decisions = [answer["decision"] for answer in answers.values()]
    results = {item.dataset.code: item.result for item in branch.application.items.all()}
    result = results.get(code, "")
    assert branch.confirmed_at is not None
    return EarlierOpinion(
        number=branch.application.number or "",
        scenario_name=branch.application.scenario_name,
        code=code,
        allowed=decisions.count("ALLOW"),
        transformed=decisions.count("TRANSFORM"),
        denied=decisions.count("DENY"),
        refused=tuple(name for name, answer in answers.items() if answer["decision"] == "DENY"),
        result_name=str(Decision.Result(result).label) if result else "",
        confirmed_at=branch.confirmed_at,
    )
