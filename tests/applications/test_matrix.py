"""What is offered is what may be done: in every state, to every desk, and nothing else succeeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from applications.models import Application
from core.errors import Forbidden, NotAllowedNow
from parties import queries as parties
from tests.builders import applications as build
from tests.builders.applications import City
from workflow import policy, transitions
from workflow.models import AuditEntry, Event

pytestmark = pytest.mark.django_db

# How a case comes to each state that people act in.
WAYS: dict[str, Callable[[City], Application]] = {
    "DRAFT": build.drafted,
    "SUBMITTED": build.submitted,
    "PROVIDER_REVIEW": build.accepted,
    "SECURITY_REVIEW": build.reviewed,
    "COMMITTEE_REVIEW": build.secured,
    "DECISION_PENDING": build.concluded,
    "APPROVED": lambda city: build.approved_application(city)[1],
}
PEOPLE = (
    "agent", "legal_rep", "case", "decider", "supervisor", "security", "ops", "secretary", "chair",
    "officer", "leader", "stranger",
)  # fmt: skip


def expected(case: Application, who: Any) -> set[str]:
    """Return the verbs that the declared rules give a person, by the desks around the case."""
    around = {
        "applicant": [case.applicant_id],
        "authority": [case.authority_id],
        "platform": [case.platform_id],
        "committee": [case.committee_id],
        "providers": [item.dataset.provider_id for item in case.items.all()],
    }
    held = {(desk.organization_id, desk.role) for desk in parties.desks_of(who)}
    # The case is the office's and the platform's once it is handed in.
    hidden = () if case.number else ("authority", "platform", "committee", "providers")
    return {
        step.name
        for step in transitions.declared_transitions(Application)
        if case.state in step.sources
        and any(
            (organization, role) in held
            for holder, role in policy.rule_of(step.permission).desks
            if holder not in hidden
            for organization in around[holder]
        )
    }


@pytest.mark.scenario(34)
@pytest.mark.parametrize("state", WAYS)
def test_each_desk_is_offered_exactly_what_the_rules_give_it(city: City, state: str) -> None:
    case = WAYS[state](city)
    case.refresh_from_db()
    assert case.state == state
    for name in PEOPLE:
        who = getattr(city, name)
        offered = {o.name for o in transitions.offers(case, actor=who)}
        assert offered == expected(case, who), (state, name)


@pytest.mark.scenario(34)
@pytest.mark.parametrize("state", WAYS)
def test_what_is_not_offered_or_is_barred_is_refused_and_writes_nothing(
    city: City, state: str
) -> None:
    case = WAYS[state](city)
    verbs = {step.name for step in transitions.declared_transitions(Application)}
    for name in PEOPLE:
        who = getattr(city, name)
        case = Application.objects.get(pk=case.pk)
        free = {o.name for o in transitions.offers(case, actor=who) if not o.barred}
        written = AuditEntry.objects.count(), Event.objects.count()
        for verb in sorted(verbs - free):
            with pytest.raises((Forbidden, NotAllowedNow)), transaction.atomic():
                transitions.perform(case, verb, actor=who, at=build.DECIDED)
        case.refresh_from_db()
        assert case.state == state
        assert (AuditEntry.objects.count(), Event.objects.count()) == written
