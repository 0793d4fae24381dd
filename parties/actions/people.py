"""Bring people into the product, and open and close their desks."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotFound
from parties import errors, handover
from parties.actions.organizations import check_email, lock_organization, require_registrar
from parties.models import Desk, Organization, User
from parties.roles import DESKS, INCOMPATIBLE, Role
from workflow import audit, outbox, policy, transitions

USERNAME_PATTERN = r"[a-z0-9][a-z0-9._-]{1,59}"


@transitions.action
def create_user(
    *,
    username: str,
    full_name: str,
    password: str,
    actor: Any,
    at: datetime,
    email: str = "",
    phone: str = "",
) -> User:
    """
    Create a person who can sign in; without a desk the person can see public pages only.

    :raises InvalidInput: a user name, e-mail or password that does not fit.
    :raises UsernameTaken: another person has this user name.
    :raises Forbidden: the actor is no registrar.
    """
    require_registrar(actor)
    user = new_person(
        username=username,
        full_name=full_name,
        password=password,
        email=email,
        phone=phone,
        at=at,
    )
    facts = {"username": user.username}
    audit.record(user, "create", actor=actor, at=at, facts=facts)
    return user


def new_person(
    *, username: str, full_name: str, password: str, email: str, phone: str, at: datetime
) -> User:
    """
    Store a person; the caller has asked who may, and keeps the record.

    :raises InvalidInput: a user name, e-mail or password that does not fit.
    :raises UsernameTaken: another person has this user name.
    """
    username, full_name = username.strip().lower(), full_name.strip()
    _check_person(username=username, full_name=full_name, email=email, password=password)
    if User.objects.filter(username=username).exists():
        raise errors.UsernameTaken
    try:
        with transaction.atomic():
            return User.objects.create_user(
                username=username,
                password=password,
                full_name=full_name,
                email=email,
                phone=phone,
                created_at=at,
            )
    except IntegrityError as error:
        # Two people chose the name at the same moment.
        raise errors.UsernameTaken from error


@transitions.action
def open_desk(*, user_id: UUID, organization_id: UUID, role: str, actor: Any, at: datetime) -> Desk:
    """
    Give a person a role in an organization; opening an open desk again changes nothing.

    :raises WrongDesk: this kind of organization has no such role.
    :raises IncompatibleDesks: the person holds a role there that excludes this one.
    :raises NotFound: no such person or organization.
    :raises Forbidden: the actor is no registrar.
    Source: domain §3.1, separation rules.
    """
    require_registrar(actor)
    # The organization is the lock of its desks: two exclusive roles may be given at once.
    organization = lock_organization(organization_id)
    user = User.objects.filter(id=user_id, is_system=False).first()
    if user is None:
        raise NotFound
    return give_desk(user=user, organization=organization, role=role, actor=actor, at=at)


def give_desk(
    *, user: User, organization: Organization, role: str, actor: Any, at: datetime
) -> Desk:
    """
    Open a desk in a locked organization; the caller has asked who may.

    :raises WrongDesk: this kind of organization has no such role.
    :raises IncompatibleDesks: the person holds a role there that excludes this one.
    """
    if role not in DESKS[organization.kind]:
        raise errors.WrongDesk
    held = set(
        Desk.objects.filter(user=user, organization=organization, closed_at=None).values_list(
            "role", flat=True
        )
    )
    if any(role in pair and (pair - {role}) & held for pair in INCOMPATIBLE):
        raise errors.IncompatibleDesks
    if role in held:
        return Desk.objects.get(user=user, organization=organization, role=role, closed_at=None)
    desk = Desk.objects.create(user=user, organization=organization, role=role, opened_at=at)
    user.groups.add(policy.desk_group(organization_id=organization.id, role=role))
    _record_desk("open_desk", desk, actor=actor, at=at)
    return desk


@transitions.action
def close_desk(*, desk_id: int, actor: Any, at: datetime) -> Desk:
    """
    Take a role in an organization from a person; closing a closed desk changes nothing.

    :raises NotFound: there is no such desk.
    :raises LastSeat: it is the last agent's or legal representative's, and cases are open.
    :raises Forbidden: the actor is no registrar.
    """
    require_registrar(actor)
    known = Desk.objects.filter(id=desk_id).first()
    if known is None:
        raise NotFound
    organization = lock_organization(known.organization_id)
    return take_desk(desk_id=desk_id, organization=organization, actor=actor, at=at)


def take_desk(
    *, desk_id: int, organization: Organization, actor: Any, at: datetime
) -> Desk:
    """
    Close a desk of a locked organization; the caller has asked who may.

    :raises NotFound: the organization has no such desk.
    :raises LastSeat: it is the last agent's or legal representative's, and cases are open.
    """
    desk = (
        Desk.objects.select_for_update(of=("self",), no_key=True)
        .filter(id=desk_id, organization=organization)
        .first()
    )
    if desk is None:
        raise NotFound
    if desk.closed_at is not None:
        return desk
    _ask_not_last(desk, organization)
    desk.closed_at = at
    desk.save(update_fields=["closed_at"])
    desk.user.groups.remove(policy.desk_group(organization_id=desk.organization_id, role=desk.role))
    _record_desk("close_desk", desk, actor=actor, at=at)
    return desk


def _ask_not_last(desk: Desk, organization: Organization) -> None:
    if desk.role not in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP):
        return
    others = Desk.objects.filter(
        organization=organization, role=desk.role, closed_at=None, user__is_active=True
    ).exclude(pk=desk.pk)
    if not others.exists() and handover.count_open(organization=organization):
        raise errors.LastSeat


def _record_desk(action: str, desk: Desk, *, actor: Any, at: datetime) -> None:
    facts = {"user": str(desk.user_id), "username": desk.user.username, "role": desk.role}
    audit.record(desk.organization, action, actor=actor, at=at, facts=facts)
    outbox.emit(f"parties.organization.{action}", subject=desk.organization, at=at, facts=facts)


def _check_person(*, username: str, full_name: str, email: str, password: str) -> None:
    if not re.fullmatch(USERNAME_PATTERN, username):
        raise InvalidInput(
            fields={"username": _("Use 2 to 60 lower-case letters, digits, dots or hyphens.")}
        )
    if not full_name:
        raise InvalidInput(fields={"full_name": _("Enter the name of the person.")})
    check_email(email, field="email")
    try:
        validate_password(password, User(username=username, full_name=full_name, email=email))
    except ValidationError as error:
        raise InvalidInput(fields={"password": " ".join(error.messages)}) from error
