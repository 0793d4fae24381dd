"""Organizations and people for tests, through the real actions where that is quick."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from core import ids
from parties import actions, queries
from parties.models import Organization, User
from parties.roles import Kind

PASSWORD = "Signing-in-tests-7"
MORNING = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
_numbers = count(1)


@cache
def _hashed() -> str:
    """Return the hash of PASSWORD, made once: a dozen people need it in every test."""
    return make_password(PASSWORD)


def uscc(number: int) -> str:
    """Return a code with a right check character and a body nobody has."""
    body = f"9132020000{number:07d}"
    return body + ids.uscc_check_character(body)


def organization(
    kind: str, name: str, *, at: datetime = MORNING, verified: bool = True, **profile: Any
) -> Organization:
    """Return a new organization; of the kinds there is one of, the existing one."""
    if kind in {Kind.AUTHORITY, Kind.PLATFORM, Kind.COMMITTEE, Kind.EXCHANGE, Kind.TREASURY}:
        known = Organization.objects.filter(kind=kind).first()
        if known is not None:
            return known
    system = queries.system_actor()
    made = actions.register_organization(
        name=name,
        short_name=name[:12],
        uscc=uscc(next(_numbers)),
        kind=kind,
        actor=system,
        at=at,
        **profile,
    )
    if verified:
        actions.verify_organization(organization_id=made.pk, actor=system, at=at)
        made.refresh_from_db()
    return made


def person(
    where: Organization, *roles: str, full_name: str = "", at: datetime = MORNING
) -> User:
    """Return a new person at desks of one organization; the password is PASSWORD for all."""
    number = next(_numbers)
    user = User.objects.create(
        username=f"person{number}",
        full_name=full_name or f"测试人员{number}",
        email=f"person{number}@example.com",
        password=_hashed(),
        created_at=at,
    )
    for role in roles:
        add_desk(user, where, role, at=at)
    return user


def add_desk(user: User, where: Organization, role: str, *, at: datetime = MORNING) -> None:
    """Give a person one more desk."""
    actions.open_desk(
        user_id=user.pk, organization_id=where.pk, role=role, actor=queries.system_actor(), at=at
    )
