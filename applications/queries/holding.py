"""Who has a case on the desk, who stands in for whom, whom a case can be given to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from applications.models import Application, Delegation
from core import clock
from parties import queries as parties
from parties.roles import Role
from workflow import policy


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person at the same desk."""

    id: UUID
    full_name: str


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation for leave; ``mine`` when the reader gave it and may end it."""

    id: int
    absent_name: str
    delegate_name: str
    from_on: date
    until_on: date
    reason: str
    running: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class HoldingView:
    """Who has the case, for colleagues: the applicant is never shown this."""

    holder_id: UUID | None
    holder_name: str
    is_mine: bool
    delegate_name: str
    stands_in: bool
    may_hold: bool
    barred: str
    colleagues: tuple[Colleague, ...]


def delegation_to(*, actor: Any, at: datetime) -> QuerySet[Delegation]:
    """Return the delegations under which a person stands in for others on this day."""
    day = clock.local_date(at)
    return Delegation.objects.filter(
        delegate=actor, from_on__lte=day, until_on__gte=day, ended_at=None
    ).select_related("absent", "delegate")


def stands_for(*, actor: Any, at: datetime) -> frozenset[Any]:
    """Return the keys of the persons whose cases are this person's today: oneself and the absent.

    Lists ask ``holder_id__in=stands_for(...)`` for what is "mine".
    """
    rows = delegation_to(actor=actor, at=at).values_list("absent_id", flat=True)
    return frozenset({actor.pk, *rows})


def with_stand_ins(*, people: Iterable[Any], at: datetime) -> tuple[Any, ...]:
    """Return people together with whoever stands in for them today; each once."""
    found = {person.pk: person for person in people if person is not None}
    day = clock.local_date(at)
    rows = Delegation.objects.filter(
        absent__in=list(found), from_on__lte=day, until_on__gte=day, ended_at=None
    )
    for row in rows.select_related("delegate").order_by("id"):
        found.setdefault(row.delegate_id, row.delegate)
    return tuple(found.values())


def colleagues_of(*, actor: Any) -> tuple[Colleague, ...]:
    """Return the other people at the acceptance desk of the actor's authority, by user name."""
    if not parties.has_role(actor, Role.AUTHORITY_CASE):
        return ()
    office = parties.organization_for(actor, Role.AUTHORITY_CASE)
    people = parties.people_at(office, Role.AUTHORITY_CASE)
    return tuple(Colleague(p.pk, p.full_name) for p in people if p.pk != actor.pk)


def holding_of(application: Application, *, actor: Any, at: datetime) -> HoldingView:
    """Return who has a case, and whether this reader may take it or give it away."""
    permission = "applications.hold_application"
    holds = policy.holds(actor, permission, application)
    mine = stands_for(actor=actor, at=at) if holds else frozenset()
    holder = application.holder
    day = clock.local_date(at)
    delegate = (
        Delegation.objects.filter(
            absent=holder, from_on__lte=day, until_on__gte=day, ended_at=None
        )
        .select_related("delegate")
        .order_by("id")
        .first()
        if holder
        else None
    )
    return HoldingView(
        holder_id=holder.pk if holder else None,
        holder_name=holder.full_name if holder else "",
        is_mine=bool(holder and holder.pk == actor.pk),
        delegate_name=delegate.delegate.full_name if delegate else "",
        stands_in=bool(holder and holder.pk != actor.pk and holder.pk in mine),
        may_hold=holds and application.closed_at is None,
        barred=str(policy.refusal(actor, permission, application) or "") if holds else "",
        colleagues=colleagues_of(actor=actor) if holds else (),
    )


def delegations(*, actor: Any, at: datetime) -> tuple[DelegationRow, ...]:
    """Return the delegations of the actor's authority that have not ended, the next first."""
    office = parties.organization_for(actor, Role.AUTHORITY_CASE)
    day = clock.local_date(at)
    rows = Delegation.objects.filter(organization=office, until_on__gte=day, ended_at=None)
    return tuple(
        DelegationRow(
            id=row.pk,
            absent_name=row.absent.full_name,
            delegate_name=row.delegate.full_name,
            from_on=row.from_on,
            until_on=row.until_on,
            reason=row.reason,
            running=row.from_on <= day,
            mine=row.absent_id == actor.pk or row.made_by_id == actor.pk,
        )
        for row in rows.select_related("absent", "delegate").order_by("from_on", "id")[
            : settings.PAGE_ROWS_MAX
        ]
    )
