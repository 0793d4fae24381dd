"""Bring organizations into the product; verify, edit and bar them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import Forbidden, InvalidInput, NotFound
from core.ids import normalize_uscc, uscc_is_valid
from parties import errors, queries, rules
from parties.models import Organization, PartyProfile
from parties.roles import SINGLE_KINDS, Kind, own_holder
from workflow import audit, policy, transitions

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
    require_registrar(actor)
    name, short_name, uscc = name.strip(), short_name.strip(), normalize_uscc(uscc)
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
    holders = {own_holder(kind=kind): organization, **overseers()}
    transitions.create(organization, actor=actor, at=at, facts=facts, **holders)
    if kind in (Kind.AUTHORITY, Kind.PLATFORM):
        _grant_overseer(organization)
    return organization


@transitions.action
def verify_organization(*, organization_id: UUID, actor: Any, at: datetime) -> Organization:
    """
    Confirm the identity and the credit standing of an organization, on the day of ``at``.

    It holds for the days of the rule in force. A company that has handed in a profile is verified
    by approving that.

    :raises NotFound: there is no such organization.
    :raises ReviewTheProfile: it has a profile, which is approved or returned instead.
    :raises NotAllowedNow: it has been verified, or is barred.
    :raises Forbidden: the actor may not verify it.
    Source: domain §3.2 PartyProfile (KYC evidence, credit check date).
    """
    organization = lock_organization(organization_id)
    if PartyProfile.objects.filter(organization=organization).exists():
        raise errors.ReviewTheProfile
    return transitions.perform(
        organization,
        "verify",
        actor=actor,
        at=at,
        by=actor,
        credit_checked_on=clock.local_date(at),
        valid_until=valid_until(at=at),
    )


def valid_until(*, at: datetime) -> date:
    """Return the last day of a verification given on the day of ``at``."""
    days = int(queries.rule_in_force(rules.VERIFICATION_DAYS, at=at).value)
    return clock.local_date(at) + timedelta(days=days)


@transitions.action
def edit_organization(
    *, organization_id: UUID, changes: dict[str, str], actor: Any, at: datetime
) -> Organization:
    """
    Change contact, bank or tax data of an organization; name, code and kind stay.

    :raises InvalidInput: a field that cannot be changed, or an e-mail address that is none.
    :raises Forbidden: the actor may not edit this organization.
    """
    organization = lock_organization(organization_id)
    if not policy.holds(actor, "parties.edit_organization", organization):
        raise Forbidden
    reason = policy.refusal(actor, "parties.edit_organization", organization)
    if reason:
        raise Forbidden(reason)
    wrong = sorted(set(changes) - set(PROFILE_FIELDS) - {"short_name"})
    if wrong:
        raise InvalidInput(fields={name: _("This cannot be changed here.") for name in wrong})
    check_email(changes.get("contact_email", ""), field="contact_email")
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
    organization = lock_organization(organization_id)
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
    organization = lock_organization(organization_id)
    return transitions.perform(organization, "lift_bar", actor=actor, at=at, reason=reason.strip())


def lock_organization(organization_id: UUID) -> Organization:
    """
    Lock one organization for the rest of the transaction.

    :raises NotFound: there is none.
    """
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = rows.filter(id=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def require_registrar(actor: Any) -> None:
    """
    Ask that an actor may bring organizations, people and desks into the product.

    :raises Forbidden: the actor is no registrar.
    """
    if not queries.is_registrar(actor):
        raise Forbidden


def overseers() -> dict[str, Organization | None]:
    """Return the authority and the platform as holders, None before they are registered."""
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
    check_email(profile.get("contact_email", ""), field="contact_email")


def check_email(value: str, *, field: str) -> None:
    """
    Ask that a text is empty or a mail address.

    :raises InvalidInput: it is neither; ``field`` is named.
    """
    if not value:
        return
    try:
        validate_email(value)
    except ValidationError as error:
        raise InvalidInput(fields={field: _("This is no e-mail address.")}) from error
