"""Bring organizations and people into the product, and open and close their desks."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import Forbidden, InvalidInput, NotFound
from core.ids import uscc_is_valid
from parties import errors, queries
from parties.models import Desk, Organization, User
from parties.roles import DESKS, INCOMPATIBLE, SINGLE_KINDS, Kind, own_holder
from workflow import audit, outbox, policy, transitions

PROFILE_FIELDS = (
    "aliases",
    "parent",
    "legal_representative",
    "address",
    "contact_name",
    "contact_phone",
    "contact_email",
    "bank_name",
    "bank_account",
    "taxpayer_type",
    "tax_address",
    "tax_phone",
)
USERNAME_PATTERN = r"[a-z0-9][a-z0-9._-]{1,59}"


@transitions.action
def register_organization(
    *,
    name: str,
    short_name: str,
    uscc: str,
    kind: str,
    actor: Any,
    at: datetime,
    **profile: Any,
) -> Organization:
    """
    Register an organization; it can act once somebody has verified it.

    ``profile`` takes the names in PROFILE_FIELDS.

    :raises InvalidInput: a name is empty, the kind unknown, or the code's check character wrong.
    :raises UsccInUse: an organization with this code is there already.
    :raises SecondOfItsKind: there may be only one organization of this kind.
    :raises Forbidden: the actor is no registrar.
    """
    _require_registrar(actor)
    name, short_name, uscc = name.strip(), short_name.strip(), uscc.strip().upper()
    _check_identity(name=name, uscc=uscc, kind=kind, profile=profile)
    if Organization.objects.filter(uscc=uscc).exists():
        raise errors.UsccInUse
    if kind in SINGLE_KINDS and Organization.objects.filter(kind=kind).exists():
        raise errors.SecondOfItsKind
    organization = Organization(
        name=name,
        short_name=short_name or name,
        uscc=uscc,
        kind=kind,
        registered_at=at,
        **profile,
    )
    facts = {"name": name, "uscc": uscc, "kind": kind}
    holders = {own_holder(kind=kind): organization, **_overseers()}
    transitions.create(organization, actor=actor, at=at, facts=facts, **holders)
    if kind in (Kind.AUTHORITY, Kind.PLATFORM):
        _grant_overseer(organization)
    return organization


@transitions.action
def verify_organization(*, organization_id: UUID, actor: Any, at: datetime) -> Organization:
    """
    Confirm the identity and the credit standing of an organization, on the day of ``at``.

    :raises NotFound: there is no such organization.
    :raises NotAllowedNow: it has been verified, or is barred.
    :raises Forbidden: the actor may not verify it.
    Source: domain §3.2 PartyProfile (KYC evidence, credit check date).
    """
    organization = _lock(organization_id)
    return transitions.perform(
        organization,
        "verify",
        actor=actor,
        at=at,
        by=actor,
        credit_checked_on=clock.local_date(at),
    )


@transitions.action
def edit_organization(
    *, organization_id: UUID, changes: dict[str, str], actor: Any, at: datetime
) -> Organization:
    """
    Change contact, bank or tax data of an organization; name, code and kind stay.

    :raises InvalidInput: a field that cannot be changed, or an e-mail address that is none.
    :raises Forbidden: the actor may not edit this organization.
    """
    organization = _lock(organization_id)
    if not policy.may(actor, "parties.edit_organization", organization):
        raise Forbidden
    wrong = sorted(set(changes) - set(PROFILE_FIELDS) - {"short_name"})
    if wrong:
        raise InvalidInput(fields={name: _("This cannot be changed here.") for name in wrong})
    _check_email(changes.get("contact_email", ""), field="contact_email")
    for name, value in changes.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(changes))
    facts = {"fields": sorted(changes)}
    audit.record(organization, "edit", actor=actor, at=at, facts=facts)
    return organization


@transitions.action
def bar_organization(
    *, organization_id: UUID, reason: str, until: date | None, actor: Any, at: datetime
) -> Organization:
    """
    Bar an organization from new applications, until a day or for good.

    :raises InvalidInput: no reason, or an end that has passed.
    :raises NotAllowedNow: it is not verified, or barred already.
    Source: domain §3.11, V2 and V3.
    """
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    if until is not None and until <= clock.local_date(at):
        raise InvalidInput(fields={"until": _("The last day must lie ahead.")})
    organization = _lock(organization_id)
    return transitions.perform(
        organization, "bar", actor=actor, at=at, reason=reason.strip(), until=until
    )


@transitions.action
def lift_bar(*, organization_id: UUID, reason: str, actor: Any, at: datetime) -> Organization:
    """
    Lift the bar of an organization, for a stated reason.

    :raises InvalidInput: no reason.
    :raises NotAllowedNow: it is not barred.
    """
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    organization = _lock(organization_id)
    return transitions.perform(organization, "lift_bar", actor=actor, at=at, reason=reason.strip())


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
    _require_registrar(actor)
    username, full_name = username.strip().lower(), full_name.strip()
    _check_person(username=username, full_name=full_name, email=email, password=password)
    if User.objects.filter(username=username).exists():
        raise errors.UsernameTaken
    user = User.objects.create_user(
        username=username,
        password=password,
        full_name=full_name,
        email=email,
        phone=phone,
        created_at=at,
    )
    audit.record(user, "create", actor=actor, at=at, facts={"username": username})
    return user


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
    _require_registrar(actor)
    # The organization is the lock of its desks: two exclusive roles may be given at once.
    organization = _lock(organization_id)
    user = User.objects.filter(id=user_id, is_system=False).first()
    if user is None:
        raise NotFound
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
    :raises Forbidden: the actor is no registrar.
    """
    _require_registrar(actor)
    desk = Desk.objects.select_for_update(of=("self",), no_key=True).filter(id=desk_id).first()
    if desk is None:
        raise NotFound
    if desk.closed_at is not None:
        return desk
    desk.closed_at = at
    desk.save(update_fields=["closed_at"])
    desk.user.groups.remove(policy.desk_group(organization_id=desk.organization_id, role=desk.role))
    _record_desk("close_desk", desk, actor=actor, at=at)
    return desk


def _record_desk(action: str, desk: Desk, *, actor: Any, at: datetime) -> None:
    facts = {"user": str(desk.user_id), "username": desk.user.username, "role": desk.role}
    audit.record(desk.organization, action, actor=actor, at=at, facts=facts)
    outbox.emit(f"parties.organization.{action}", subject=desk.organization, at=at, facts=facts)


def _lock(organization_id: UUID) -> Organization:
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = rows.filter(id=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def _require_registrar(actor: Any) -> None:
    if not queries.is_registrar(actor):
        raise Forbidden


def _overseers() -> dict[str, Organization | None]:
    return {
        "authority": Organization.objects.filter(kind=Kind.AUTHORITY).first(),
        "platform": Organization.objects.filter(kind=Kind.PLATFORM).first(),
    }


def _grant_overseer(overseer: Organization) -> None:
    """Let a late authority or platform see the organizations that were registered before it."""
    holder = "authority" if overseer.kind == Kind.AUTHORITY else "platform"
    for earlier in Organization.objects.order_by("registered_at", "id"):
        policy.grant(earlier, **{holder: overseer})


def _check_identity(*, name: str, uscc: str, kind: str, profile: dict[str, Any]) -> None:
    wrong: dict[str, Any] = {}
    if not name:
        wrong["name"] = _("Enter the full name.")
    if not uscc_is_valid(uscc):
        wrong["uscc"] = _(
            "This is no valid unified social credit code: 18 characters, the last one a check"
            " character."
        )
    if kind not in Kind.values:
        wrong["kind"] = _("Choose the kind of organization.")
    for unknown in set(profile) - set(PROFILE_FIELDS):
        wrong[unknown] = _("There is no such entry.")
    if wrong:
        raise InvalidInput(fields=wrong)
    _check_email(profile.get("contact_email", ""), field="contact_email")


def _check_person(*, username: str, full_name: str, email: str, password: str) -> None:
    if not re.fullmatch(USERNAME_PATTERN, username):
        raise InvalidInput(
            fields={"username": _("Use 2 to 60 lower-case letters, digits, dots or hyphens.")}
        )
    if not full_name:
        raise InvalidInput(fields={"full_name": _("Enter the name of the person.")})
    _check_email(email, field="email")
    try:
        validate_password(password, User(username=username, full_name=full_name, email=email))
    except ValidationError as error:
        raise InvalidInput(fields={"password": " ".join(error.messages)}) from error


def _check_email(value: str, *, field: str) -> None:
    if not value:
        return
    try:
        validate_email(value)
    except ValidationError as error:
        raise InvalidInput(fields={field: _("This is no e-mail address.")}) from error
