"""Who has a seat in a company, who is invited, and whose cases could be handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from core.errors import NotFound
from parties.models import Desk, Invitation, Organization, User
from parties.queries.profiles import own_company
from workflow import policy

PEOPLE_MAX = 200
INVITATION_TONES = {"OPEN": "blue", "ACCEPTED": "green", "REVOKED": "red", "EXPIRED": "secondary"}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One open desk in an organization."""

    desk_id: int
    user_id: UUID
    full_name: str
    username: str
    email: str
    role: str
    role_name: str
    opened_at: datetime
    is_me: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation; its code is nowhere but in the mail."""

    id: UUID
    email: str
    role_name: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    mailed_at: datetime | None
    state: str
    state_name: str
    tone: str


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """The seats of the own company and its latest invitations."""

    organization_id: UUID
    name: str
    seats: tuple[SeatRow, ...]
    invitations: tuple[InvitationRow, ...]
    may_manage: bool


def seats_page(*, actor: Any) -> SeatsPage:
    """
    Return the seats of the own company; invitations for those who manage seats.

    :raises NotFound: the person has no seat in a company.
    """
    company = own_company(actor)
    manages = policy.may(actor, "parties.manage_seats", company)
    rows = (
        policy.visible(actor, "parties.see_invitation", Invitation)
        .filter(organization=company)
        .select_related("invited_by")
        .order_by("-invited_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    invitations = tuple(
        InvitationRow(
            id=row.pk,
            email=row.email,
            role_name=str(row.get_role_display()),
            invited_by=row.invited_by.full_name,
            invited_at=row.invited_at,
            expires_at=row.expires_at,
            mailed_at=row.mailed_at,
            state=row.state,
            state_name=str(row.get_state_display()),
            tone=INVITATION_TONES[row.state],
        )
        for row in rows
    )
    return SeatsPage(company.pk, company.name, seats_of(company, actor), invitations, manages)


def seats_of(organization: Organization, actor: Any) -> tuple[SeatRow, ...]:
    """Return the open desks of an organization by name, at most PAGE_ROWS_MAX."""
    rows = (
        Desk.objects.filter(organization=organization, closed_at=None)
        .select_related("user")
        .order_by("user__full_name", "user__username", "role", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(
        SeatRow(
            desk_id=row.pk,
            user_id=row.user_id,
            full_name=row.user.full_name,
            username=row.user.username,
            email=row.user.email,
            role=row.role,
            role_name=str(row.get_role_display()),
            opened_at=row.opened_at,
            is_me=row.user_id == actor.pk,
        )
        for row in rows
    )


def people_to_hand_over(
    *, organization_id: UUID, actor: Any
) -> tuple[Organization, tuple[User, ...]]:
    """
    Return an organization and everybody who has or had a desk there, by name.

    Who left may still have cases in hand. At most PEOPLE_MAX.

    :raises NotFound: there is no such organization for this actor.
    """
    organization = (
        policy.visible(actor, "parties.hand_over_cases", Organization)
        .filter(pk=organization_id)
        .first()
    )
    if organization is None:
        raise NotFound
    people = User.objects.filter(desks__organization=organization).distinct()
    return organization, tuple(people.order_by("full_name", "username")[:PEOPLE_MAX])


def colleagues_of(person: Any, *, organization: Organization) -> tuple[User, ...]:
    """Return who has a desk of a role that the person has or had in an organization, by name."""
    roles = Desk.objects.filter(user=person, organization=organization).values("role")
    rows = User.objects.filter(
        is_active=True,
        desks__organization=organization,
        desks__closed_at=None,
        desks__role__in=roles,
    ).exclude(pk=person.pk)
    return tuple(rows.distinct().order_by("full_name", "username")[: settings.PAGE_ROWS_MAX])


def person_of(organization: Organization, user_id: str) -> User | None:
    """Return somebody who has or had a desk in an organization, None when there is none."""
    try:
        wanted = UUID(user_id)
    except ValueError:
        return None
    return User.objects.filter(desks__organization=organization, pk=wanted).distinct().first()


def seats_for_appointment(*, organization_id: UUID, actor: Any) -> tuple[SeatRow, ...]:
    """
    Return the seats of a company, to somebody who may appoint its agent.

    :raises NotFound: there is no such company for this actor.
    """
    row = (
        policy.visible(actor, "parties.appoint_agent", Organization)
        .filter(pk=organization_id)
        .first()
    )
    if row is None:
        raise NotFound
    return seats_of(row, actor)
