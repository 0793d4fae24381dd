"""The provider review: one branch per provider, side by side. Source: domain T05, T06."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from applications import scope, topics
from applications.actions.access import ask, lock_branch
from applications.models import Application, ApplicationItem, ProviderBranch
from applications.queries import merged_items
from notify import actions as notify
from parties import queries as parties
from parties.models import Organization
from parties.roles import Role
from workflow import deadlines, policy, transitions


def open_branches(application: Application, *, at: datetime) -> None:
    """
    Begin the provider review of an accepted application, for the system.

    A provider without a data officer cannot answer: the handler is told at once.
    """
    system = parties.system_actor()
    transitions.perform(application, "begin_provider_review", actor=system, at=at)
    deadlines.start(application, "provider_review", at=at)
    providers = Organization.objects.filter(datasets__applicationitem__application=application)
    for provider in providers.order_by("id").distinct():
        branch = ProviderBranch(application=application, provider=provider, opened_at=at)
        transitions.create(
            branch,
            actor=system,
            at=at,
            provider=provider,
            authority=application.authority,
            platform=application.platform,
        )
        deadlines.start(branch, "provider_review", at=at)
        policy.grant(application, providers=provider)
        if not parties.people_at(provider, Role.PROVIDER_OFFICER):
            notify.tell_desk(
                organization=application.authority,
                role=Role.AUTHORITY_CASE,
                subject=f"{provider.name}未设数据专员，申请{application.number}的部门审查无人办理",
                topic=topics.CASEWORK,
                key=f"applications.vacancy.{branch.pk}",
                at=at,
            )


def close_branches(application: Application, *, at: datetime) -> None:
    """Close the branches that have not answered when their case ends, for the system."""
    system = parties.system_actor()
    waiting = application.branches.select_for_update(of=("self",), no_key=True).filter(
        state__in=[ProviderBranch.State.OPEN, ProviderBranch.State.DRAFTED]
    )
    for branch in waiting.order_by("id"):
        transitions.perform(branch, "close", actor=system, at=at)
        deadlines.close_all(branch, at=at)


@transitions.action
def draft_provider_opinion(
    *, branch_id: UUID, opinion: Mapping[str, Any], actor: Any, at: datetime
) -> ProviderBranch:
    """
    Write the provider's opinion on every requested field; it may be redrafted.

    ``opinion`` is {code: {"fields": {name: {"decision", "rule", "reason", "legal_basis"}},
    "note"}}.

    :raises InvalidInput: a field without a complete opinion; keyed "code.field".
    :raises Forbidden: the actor is not the provider's data officer.
    """
    branch = lock_branch(branch_id=branch_id, actor=actor)
    ask(branch, "draft_opinion", actor=actor, at=at)
    items = branch.application.items.filter(dataset__provider=branch.provider_id)
    requested = {
        item.dataset.code: list(item.fields)
        for item in items.select_related("dataset").order_by("dataset__code")
    }
    cleaned = scope.clean_opinion(opinion=opinion, requested=requested)
    return transitions.perform(
        branch, "draft_opinion", actor=actor, at=at, opinion=cleaned, drafted_by=actor
    )


@transitions.action
def confirm_provider_opinion(
    *, branch_id: UUID, actor: Any, at: datetime
) -> ProviderBranch:
    """
    Confirm an opinion; the last of all providers moves the case on.

    :raises Forbidden: the actor is not the provider's leader, or drafted the opinion.
    """
    branch = lock_branch(branch_id=branch_id, actor=actor)
    transitions.perform(branch, "confirm", actor=actor, at=at, confirmed_by=actor)
    deadlines.close(branch, "provider_review", at=at)
    application = branch.application
    # The application is locked, so of two last providers one sees the other's answer.
    if not application.branches.exclude(state=ProviderBranch.State.ANSWERED).exists():
        _finish(application, at=at)
    return branch


def _finish(application: Application, *, at: datetime) -> None:
    for merged in merged_items(application.pk):
        ApplicationItem.objects.filter(id=merged.item_id).update(
            outcome={
                "fields": list(merged.granted.fields),
                "transforms": merged.granted.transforms,
                "denied": list(merged.denied),
            }
        )
    system = parties.system_actor()
    transitions.perform(application, "finish_provider_review", actor=system, at=at)
    deadlines.close(application, "provider_review", at=at)
    deadlines.start(application, "security_review", at=at)
