"""A person brings a company into the product, without anybody's leave; the authority approves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.ids import normalize_uscc, uscc_is_valid
from parties import errors
from parties.actions.organizations import check_email, overseers
from parties.actions.people import give_desk, new_person
from parties.actions.profiles import clean_entries, store_version
from parties.models import Attempt, Desk, Organization, User
from parties.roles import Kind, Role, own_holder
from workflow import audit, transitions

ATTEMPTS_MAX = 10
ATTEMPT_MINUTES = 15
FOUNDING_ROLES = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)


def count_attempt(*, kind: str, source: str, at: datetime) -> None:
    """
    Count one try from one address at an open page; it stays counted whatever follows.

    :raises TooManyAttempts: ATTEMPTS_MAX were counted within the last ATTEMPT_MINUTES.
    """
    digest = hashlib.sha256(f"{kind}|{source}".encode()).hexdigest()
    since = at - timedelta(minutes=ATTEMPT_MINUTES)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Tries from one address queue here, so that a burst is counted to the last one.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
        tries = Attempt.objects.filter(kind=kind, source_hash=digest)
        tries.filter(at__lte=since).delete()
        full = tries.count() >= ATTEMPTS_MAX
        if not full:
            Attempt.objects.create(kind=kind, source_hash=digest, at=at)
    if full:
        raise errors.TooManyAttempts


@transitions.action
def register_company(
    *,
    uscc: str,
    role: str,
    entries: Mapping[str, str],
    at: datetime,
    actor: Any = None,
    person: Mapping[str, str] | None = None,
) -> Organization:
    """
    Register a company, by somebody who works for it; it can apply once its profile is approved.

    ``entries`` are those of the profile; ``role`` is the seat the person takes. ``actor`` is a
    person with an account, or ``person`` describes a new one: username, full_name, email, phone,
    password.

    :raises InvalidInput: entries that do not fit; ``fields`` names them.
    :raises CannotRegister: a company with this code is known, whatever its kind or state.
    :raises AddressInUse: the mail address belongs to an account.
    :raises UsernameTaken: another person has this user name.
    :raises SeatElsewhere: the person has a seat in another company.
    """
    uscc = normalize_uscc(uscc)
    cleaned = clean_entries(entries)
    _check(uscc=uscc, role=role, entries=cleaned)
    if Organization.objects.filter(uscc=uscc).exists():
        raise errors.CannotRegister
    founder = _founder(actor, person, at=at)
    company = _store(uscc=uscc, entries=cleaned, actor=founder, at=at)
    give_desk(user=founder, organization=company, role=role, actor=founder, at=at)
    store_version(company, entries=cleaned, actor=founder, at=at)
    return company


def _check(*, uscc: str, role: str, entries: Mapping[str, str]) -> None:
    wrong: dict[str, Any] = {}
    if not uscc_is_valid(uscc):
        wrong["uscc"] = _(
            "This is no valid unified social credit code: 18 characters, the last one a check"
            " character."
        )
    if role not in FOUNDING_ROLES:
        wrong["role"] = _("Choose whether you are the agent or the legal representative.")
    if not entries.get("name"):
        wrong["name"] = _("Enter the full name.")
    if wrong:
        raise InvalidInput(fields=wrong)


def _founder(actor: Any, person: Mapping[str, str] | None, *, at: datetime) -> User:
    if actor is not None and actor.is_authenticated:
        elsewhere = Desk.objects.filter(
            user=actor, closed_at=None, organization__kind=Kind.APPLICANT
        )
        if elsewhere.exists():
            raise errors.SeatElsewhere
        found: User = actor
        return found
    if person is None:
        raise InvalidInput(fields={"username": _("Sign in, or describe your new account.")})
    return register_person(person, at=at)


def register_person(person: Mapping[str, str], *, at: datetime) -> User:
    """
    Make an account for somebody who registers a company or accepts an invitation.

    :raises InvalidInput: no mail address, or entries that do not fit.
    :raises AddressInUse: the mail address belongs to an account.
    """
    email = str(person.get("email", "")).strip().lower()
    if not email:
        raise InvalidInput(fields={"email": _("Enter your e-mail address.")})
    check_email(email, field="email")
    with connection.cursor() as cursor:
        # Two accounts for one address would leave open whose invitation it is.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"address:{email}"]
        )
    if User.objects.filter(email__iexact=email).exists():
        raise errors.AddressInUse
    user = new_person(
        username=str(person.get("username", "")),
        full_name=str(person.get("full_name", "")),
        password=str(person.get("password", "")),
        email=email,
        phone=str(person.get("phone", "")),
        at=at,
    )
    audit.record(user, "create", actor=user, at=at, facts={"username": user.username})
    return user


def _store(*, uscc: str, entries: Mapping[str, str], actor: User, at: datetime) -> Organization:
    company = Organization(
        name=entries["name"],
        short_name=entries.get("short_name") or entries["name"][:40],
        uscc=uscc,
        kind=Kind.APPLICANT,
        registered_at=at,
    )
    facts = {"name": company.name, "uscc": uscc, "kind": company.kind}
    holders = {own_holder(kind=Kind.APPLICANT): company, **overseers()}
    try:
        with transaction.atomic():
            return transitions.create(company, actor=actor, at=at, facts=facts, **holders)
    except IntegrityError as error:
        # Somebody registered the same code at the same moment.
        raise errors.CannotRegister from error
