"""Who works where, and which organizations there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from core.errors import Forbidden, NotFound
from parties.models import Desk, Organization, PublicUnit, User
from parties.policies import REGISTRARS
from workflow import glance, policy

# What the policy's text demands, beside the sum of its annex; the two differ, and both are shown.
POLICY_TARGET_DATASETS = 2_240


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One open desk of a person."""

    desk_id: int
    organization_id: UUID
    organization_name: str
    organization_short_name: str
    kind: str
    role: str
    role_name: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person who works somewhere, as lists name them."""

    user_id: UUID
    username: str
    full_name: str


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A person with the desk they sit at, for the list of demo logins."""

    username: str
    full_name: str
    organization_name: str
    organization_kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganizationCard:
    """An organization as its page shows it."""

    id: UUID
    name: str
    short_name: str
    uscc: str
    kind: str
    kind_name: str
    state: str
    state_name: str
    legal_representative: str
    address: str
    contact_name: str
    contact_phone: str
    verified_at: datetime | None
    bar_reason: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the annex and its target of open datasets."""

    sequence: int
    name: str
    group: str
    group_name: str
    target_datasets: int


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of the annex; ``total`` is their sum, ``policy_total`` what the text demands."""

    units: tuple[UnitRow, ...]
    count: int
    total: int
    policy_total: int
    by_group: tuple[tuple[str, int, int], ...]


def system_actor() -> User:
    """
    Return the actor of everything the product does by itself.

    :raises NotFound: the baseline is not installed.
    """
    actor = User.objects.filter(is_system=True).first()
    if actor is None:
        raise NotFound
    return actor


def desks_of(user: Any) -> tuple[DeskRow, ...]:
    """Return the open desks of a person, the oldest first."""
    if user is None or not getattr(user, "is_authenticated", False):
        return ()
    return glance.once(("parties.desks_of", user.pk), lambda: _desks_of(user))


def _desks_of(user: Any) -> tuple[DeskRow, ...]:
    rows = (
        Desk.objects.filter(user=user, closed_at=None)
        .select_related("organization")
        .order_by("opened_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(
        DeskRow(
            desk_id=row.id,
            organization_id=row.organization_id,
            organization_name=row.organization.name,
            organization_short_name=row.organization.short_name,
            kind=row.organization.kind,
            role=row.role,
            role_name=str(row.get_role_display()),
        )
        for row in rows
    )


def has_role(user: Any, role: str) -> bool:
    """Return whether a person holds a role in any organization."""
    if user is None or not getattr(user, "is_authenticated", False):
        return False
    return Desk.objects.filter(user=user, user__is_active=True, role=role, closed_at=None).exists()


def organization_for(user: Any, role: str) -> Organization:
    """
    Return the organization in which a person holds a role, the first when there are several.

    :raises Forbidden: the person holds this role nowhere.
    """
    if user is None or not getattr(user, "is_authenticated", False):
        raise Forbidden
    desk = (
        Desk.objects.filter(user=user, user__is_active=True, role=role, closed_at=None)
        .select_related("organization")
        .order_by("opened_at", "id")
        .first()
    )
    if desk is None:
        raise Forbidden
    return desk.organization


def the(kind: str) -> Organization:
    """
    Return the one organization of a kind of which there is one.

    :raises NotFound: it has not been registered yet.
    """
    found = Organization.objects.filter(kind=kind).order_by("registered_at", "id").first()
    if found is None:
        raise NotFound
    return found


def people_at(organization: Organization, role: str) -> tuple[User, ...]:
    """Return the people who hold a role in an organization, by user name."""
    rows = User.objects.filter(
        is_active=True,
        desks__organization=organization,
        desks__role=role,
        desks__closed_at=None,
    ).order_by("username")
    return tuple(rows[: settings.PAGE_ROWS_MAX])


def people_of(
    *, organization_ids: Collection[Any], roles: Collection[str]
) -> dict[Any, tuple[User, ...]]:
    """Return who holds one of the roles in each of many organizations, in one query."""
    desks = (
        Desk.objects.filter(
            organization__in=organization_ids,
            role__in=roles,
            closed_at=None,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("organization_id", "user__username", "id")
    )
    found: dict[Any, dict[Any, User]] = {}
    for desk in desks:
        found.setdefault(desk.organization_id, {})[desk.user_id] = desk.user
    return {key: tuple(people.values()) for key, people in found.items()}


def organization_by_uscc(*, uscc: str) -> Organization | None:
    """Return the organization that has a unified social credit code, or None."""
    return Organization.objects.filter(uscc=uscc).first()


def find_organizations(*, text: str, most: int) -> list[UUID]:
    """Return the organizations whose name holds a text or whose code begins with it."""
    fits = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(uscc__istartswith=text)
    return list(Organization.objects.filter(fits).order_by("name", "id").values_list(
        "id", flat=True
    )[:most])


def organization_card(*, organization_id: UUID, actor: Any) -> OrganizationCard:
    """
    Return one organization as its page shows it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, "parties.see_organization", Organization)
        .filter(id=organization_id)
        .first()
    )
    if row is None:
        raise NotFound
    return _card(row)


def organizations(*, actor: Any, kind: str | None = None) -> tuple[OrganizationCard, ...]:
    """Return the organizations an actor may see, by name, at most PAGE_ROWS_MAX."""
    rows = policy.visible(actor, "parties.see_organization", Organization)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return tuple(_card(row) for row in rows.order_by("name", "id")[: settings.PAGE_ROWS_MAX])


def logins(*, limit: int = 200) -> tuple[LoginRow, ...]:
    """Return people with open desks, by organization, for the sign-in list of a demonstration."""
    desks = (
        Desk.objects.filter(closed_at=None, user__is_active=True)
        .select_related("organization", "user")
        .order_by("organization__kind", "organization__name", "user__username", "id")[:limit]
    )
    found: dict[tuple[UUID, UUID], list[Desk]] = {}
    for desk in desks:
        found.setdefault((desk.organization_id, desk.user_id), []).append(desk)
    return tuple(
        LoginRow(
            username=several[0].user.username,
            full_name=several[0].user.full_name,
            organization_name=several[0].organization.name,
            organization_kind=several[0].organization.kind,
            roles=tuple(desk.role for desk in several),
        )
        for several in found.values()
    )


def targets() -> Targets:
    """Return the units of the annex with their sum, and the figure of the policy's text."""
    rows = PublicUnit.objects.order_by("sequence")
    units = tuple(
        UnitRow(
            sequence=row.sequence,
            name=row.name,
            group=row.group,
            group_name=str(row.get_group_display()),
            target_datasets=row.target_datasets,
        )
        for row in rows[:500]
    )
    groups = tuple(
        (
            str(group.label),
            sum(1 for u in units if u.group == group.value),
            sum(u.target_datasets for u in units if u.group == group.value),
        )
        for group in PublicUnit.Group
    )
    total = sum(unit.target_datasets for unit in units)
    return Targets(units, len(units), total, POLICY_TARGET_DATASETS, groups)


def is_registrar(actor: Any) -> bool:
    """Return whether an actor may bring organizations, people and desks into the product."""
    if getattr(actor, "is_system", False):
        return True
    held = {(desk.kind, desk.role) for desk in desks_of(actor)}
    return any(pair in held for pair in REGISTRARS)


def _card(row: Organization) -> OrganizationCard:
    return OrganizationCard(
        id=row.id,
        name=row.name,
        short_name=row.short_name,
        uscc=row.uscc,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        state=row.state,
        state_name=str(row.get_state_display()),
        legal_representative=row.legal_representative,
        address=row.address,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        verified_at=row.verified_at,
        bar_reason=row.bar_reason,
    )
