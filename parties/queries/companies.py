"""What other apps ask of companies: is it verified today, who is near to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import clock
from parties import nearness
from parties.models import Organization, PartyProfile
from parties.queries.base import OrganizationCard, organization_card
from parties.roles import Kind
from workflow import history, policy


def has_valid_verification(organization: Organization, *, at: datetime) -> bool:
    """
    Return whether the approved data of an organization hold on the day of ``at``.

    The last day counts. A bar is another matter: the checks of an application name it.
    """
    return (
        organization.state != Organization.State.REGISTERED
        and organization.verified_until is not None
        and clock.local_date(at) <= organization.verified_until
    )


def affiliates_of(organization: Organization) -> tuple[Organization, ...]:
    """Return the organizations near to one, by name; whichever side named the relation."""
    near = nearness.affiliates([organization.pk])
    return tuple(Organization.objects.filter(pk__in=near).order_by("name", "id"))


def same_group(first: Organization, second: Organization) -> bool:
    """Return whether two organizations are the same or affiliated."""
    return first.pk == second.pk or second.pk in nearness.affiliates([first.pk])


def near_organizations(person: Any) -> frozenset[UUID]:
    """Return the affiliates of all organizations at which a person has a desk."""
    return nearness.of_person(person)


@dataclass(frozen=True, slots=True)
class NearRow:
    """An affiliate as a page names it."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """One organization with what stands around it; ``profile_id`` is the version in force."""

    card: OrganizationCard
    verified_until: date | None
    affiliates: tuple[NearRow, ...]
    profile_id: UUID | None
    may_hand_over: bool
    may_appoint: bool
    timeline: tuple[Any, ...]


def organization_page(*, organization_id: UUID, actor: Any) -> OrganizationPage:
    """
    Return one organization as officials and its own people see it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    card = organization_card(organization_id=organization_id, actor=actor)
    row = Organization.objects.get(pk=organization_id)
    in_force = (
        policy.visible(actor, "parties.see_partyprofile", PartyProfile)
        .filter(organization=row, state=PartyProfile.State.APPROVED)
        .first()
    )
    return OrganizationPage(
        card=card,
        verified_until=row.verified_until,
        affiliates=tuple(NearRow(near.name, near.uscc) for near in affiliates_of(row)),
        profile_id=in_force.pk if in_force else None,
        may_hand_over=policy.may(actor, "parties.hand_over_cases", row),
        may_appoint=row.kind == Kind.APPLICANT
        and policy.may(actor, "parties.appoint_agent", row),
        timeline=history.timeline(row, limit=20),
    )
