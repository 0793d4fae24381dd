"""
Applications as cases that a person has in hand: what a handover finds, and what it does.

On the authority's side a case is in hand of its holder; on the applicant's side of the agent who
drafted it; at a provider an opinion is in hand of the officer it was assigned to. Where it stands
does not change, so this is no transition; every case gets its record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.actions.holding import change_holding
from applications.earlier import handles_its_case
from applications.models import Application, ProviderBranch
from applications.policies import affiliation
from applications.states import ApplicationState
from parties import queries as parties
from parties.handover import CASES_MAX, AffectedCase, Keeper, Outcome
from parties.roles import Role
from workflow import audit, glance

ENDED = (
    ApplicationState.NOT_ACCEPTED,
    ApplicationState.REJECTED,
    ApplicationState.WITHDRAWN,
    ApplicationState.LAPSED,
    ApplicationState.GRANTED,
    ApplicationState.LAPSED_UNSIGNED,
)

UNANSWERED = (ProviderBranch.State.OPEN, ProviderBranch.State.DRAFTED)


def affected(*, person: Any, organization: Any, to: Any = None) -> tuple[AffectedCase, ...]:
    """Return the open cases a person has in hand in an organization, at most CASES_MAX."""
    rows = _in_hand(person, organization).select_related("applicant").prefetch_related(
        "items__dataset"
    )
    with glance.glancing():
        return tuple(
            AffectedCase(
                subject_id=str(row.pk),
                number=row.number or "",
                title=f"{row.scenario_name} · {row.applicant.short_name}",
                state_name=str(row.get_state_display()),
                route="portal:application",
                barred=str(_bar(row, organization, to) or ""),
            )
            for row in rows.order_by("created_at", "id")[:CASES_MAX]
        )


def count_open(*, organization: Any) -> int:
    """Return how many applications of a company have not come to their end."""
    return Application.objects.filter(applicant=organization).exclude(state__in=ENDED).count()


def hand_over(
    *, person: Any, to: Any, organization: Any, reason: str, actor: Any, at: datetime
) -> Outcome:
    """
    Give every open case of a person to a colleague, or back to the desk where a duty forbids it.

    The handler who accepted a case stays named: who handled it may still not decide it.
    """
    handed = left_open = 0
    rows = _in_hand(person, organization).select_for_update(of=("self",), no_key=True)
    for case in rows.prefetch_related("items__dataset").order_by("id"):
        barred = _bar(case, organization, to)
        if case.applicant_id == organization.pk:
            case.drafted_by = to
            case.save(update_fields=["drafted_by"])
        else:
            case.holder = None if barred else to
            case.save(update_fields=["holder"])
            change_holding(case, person=case.holder, given_by=actor, at=at)
        facts = {
            "from": person.audit_name(),
            "to": "" if barred else to.audit_name(),
            "reason": reason,
            "barred": str(barred or ""),
        }
        audit.record(case, "hand_over", actor=actor, at=at, facts=facts)
        handed, left_open = handed + (not barred), left_open + bool(barred)
    return Outcome(handed, left_open)


def _in_hand(person: Any, organization: Any) -> QuerySet[Application]:
    """Return the cases of a person there; a handler holds what nobody else has taken."""
    ours = Q(applicant=organization, drafted_by=person)
    held = Q(authority=organization) & (
        Q(holder=person) | Q(holder__isnull=True, handler=person)
    )
    return Application.objects.filter(ours | held).exclude(state__in=ENDED)


def _bar(case: Application, organization: Any, to: Any) -> Any:
    """Return why a colleague may not have a case; the company's own people always may."""
    if to is None or case.applicant_id == organization.pk:
        return None
    return affiliation(to, case)


KEEPER = Keeper(affected=affected, hand_over=hand_over, count_open=count_open)


def affected_branches(
    *, person: Any, organization: Any, to: Any = None
) -> tuple[AffectedCase, ...]:
    """Return the open opinions of a provider that are assigned to a person, at most CASES_MAX."""
    rows = _assigned(person, organization).select_related("application__applicant")
    return tuple(
        AffectedCase(
            subject_id=str(row.pk),
            number=row.application.number or "",
            title=f"{row.application.scenario_name} · {row.application.applicant.short_name}",
            state_name=str(row.get_state_display()),  # type: ignore[attr-defined]
            route="portal:application_branch",
            barred=str(_bar_branch(row, to) or ""),
        )
        for row in rows.order_by("opened_at", "id")[:CASES_MAX]
    )


def hand_over_branches(
    *, person: Any, to: Any, organization: Any, reason: str, actor: Any, at: datetime
) -> Outcome:
    """Give every open opinion of a person to a colleague, or back to the desk of the provider."""
    handed = left_open = 0
    rows = _assigned(person, organization).select_for_update(of=("self",), no_key=True)
    for branch in rows.select_related("application").order_by("id"):
        barred = _bar_branch(branch, to)
        branch.assignee = None if barred else to
        branch.save(update_fields=["assignee"])
        facts = {
            "from": person.audit_name(),
            "to": "" if barred else to.audit_name(),
            "reason": reason,
            "barred": str(barred or ""),
        }
        audit.record(branch, "hand_over", actor=actor, at=at, facts=facts)
        handed, left_open = handed + (not barred), left_open + bool(barred)
    return Outcome(handed, left_open)


def count_open_branches(*, organization: Any) -> int:
    """Return how many opinions of a provider are still open."""
    return ProviderBranch.objects.filter(provider=organization, state__in=UNANSWERED).count()


def _assigned(person: Any, organization: Any) -> QuerySet[ProviderBranch]:
    return ProviderBranch.objects.filter(
        provider=organization, assignee=person, state__in=UNANSWERED
    )


def _bar_branch(branch: ProviderBranch, to: Any) -> Any:
    """Return why a colleague may not have an opinion: no officer, or the handler of the case."""
    if to is None:
        return None
    if to not in parties.people_at(branch.provider, Role.PROVIDER_OFFICER):
        return _("An opinion is drafted by an officer of the provider.")
    return handles_its_case(to, branch)


BRANCH_KEEPER = Keeper(
    affected=affected_branches, hand_over=hand_over_branches, count_open=count_open_branches
)
