"""Seats in a company: invited by mail, taken once by the person of that address, ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import Forbidden, InvalidInput, NotFound
from parties import errors, queries, rules
from parties.actions.companies import register_person
from parties.actions.organizations import check_email, lock_organization
from parties.actions.people import give_desk, take_desk
from parties.models import Desk, Invitation, Organization, User
from parties.roles import Kind, Role
from workflow import audit, policy, transitions

SEAT_ROLES = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP, Role.APPLICANT_SECURITY)
EXPIRY_ROWS_MAX = 200


def hash_of_code(code: str) -> str:
    """Return the hash under which the code of an invitation is known."""
    return hashlib.sha256(code.strip().encode()).hexdigest()


@transitions.action
def invite(
    *, organization_id: UUID, email: str, role: str, actor: Any, at: datetime
) -> Invitation:
    """
    Offer a seat to a mail address; a task makes the code and mails it.

    :raises NotFound: there is no such company for this actor.
    :raises Forbidden: the actor does not manage its seats, or is an agent who would appoint a
        second legal representative.
    :raises InvalidInput: no mail address, or a role that is no seat.
    :raises AddressInvited: the address is invited already, or its person has a seat here.
    :raises CompanyBarred: the company is barred.
    """
    organization = _managed(organization_id, actor)
    email = email.strip().lower()
    _check_offer(organization, email=email, role=role, actor=actor)
    _expire_overdue(organization, email=email, at=at)
    if (
        Invitation.objects.filter(
            organization=organization, email=email, state=Invitation.State.OPEN
        ).exists()
        or Desk.objects.filter(
            organization=organization, closed_at=None, user__email__iexact=email
        ).exists()
    ):
        raise errors.AddressInvited
    rule = queries.rule_in_force(rules.INVITATION_DAYS, at=at)
    invitation = Invitation(
        organization=organization,
        email=email,
        role=role,
        rule=rule,
        invited_by=actor,
        invited_at=at,
        expires_at=at + timedelta(days=int(rule.value)),
        mail_due_at=at,
    )
    facts = {"role": role, "email": email}
    transitions.create(invitation, actor=actor, at=at, facts=facts, company=organization)
    audit.record(organization, "invite", actor=actor, at=at, facts=facts)
    return invitation


@transitions.action
def revoke_invitation(*, invitation_id: UUID, actor: Any, at: datetime) -> Invitation:
    """
    Take an open invitation back; its code opens nothing from now on.

    :raises NotFound: there is none, or the actor may not see it.
    :raises NotAllowedNow: it is not open any more.
    """
    known = Invitation.objects.filter(pk=invitation_id).first()
    if known is None or not policy.holds(actor, "parties.see_invitation", known):
        raise NotFound
    lock_organization(known.organization_id)
    invitation = _lock_invitation(invitation_id)
    return transitions.perform(invitation, "revoke", actor=actor, at=at)


@transitions.action
def accept_invitation(
    *, code: str, actor: Any, at: datetime, leave_other: bool = False
) -> Desk:
    """
    Take the seat an invitation offers to the actor's own address; once.

    ``leave_other`` ends the seats in another company, whose open invitations by this person fall.
    Using a code again that one has used leads to the seat and changes nothing.

    :raises InvitationUnusable: an unknown code, one for another address, or one that was used by
        somebody else, revoked or has expired.
    :raises AlreadyJoined: the person has this seat by another way.
    :raises SeatElsewhere: the person has seats in another company and did not say to leave it.
    :raises LastSeat: a seat there is the last one and cases are open.
    :raises CompanyBarred: the company is barred.
    """
    invitation = _find(code)
    organization = _lock_with_others(invitation, actor)
    invitation = _lock_invitation(invitation.pk)
    if invitation.email != actor.email.strip().lower() or not actor.is_active:
        raise errors.InvitationUnusable
    if invitation.state == Invitation.State.ACCEPTED and invitation.accepted_by_id == actor.pk:
        return _seat_of(invitation, actor)
    if invitation.state != Invitation.State.OPEN or at >= invitation.expires_at:
        raise errors.InvitationUnusable
    if organization.state == Organization.State.BARRED:
        raise errors.CompanyBarred
    if Desk.objects.filter(
        user=actor, organization=organization, role=invitation.role, closed_at=None
    ).exists():
        raise errors.AlreadyJoined
    _leave_others(actor, organization, leave=leave_other, at=at)
    policy.grant_person("parties.accept_invitation", person=actor, subject=invitation)
    transitions.perform(invitation, "accept", actor=actor, at=at, by=actor)
    return give_desk(
        user=actor, organization=organization, role=invitation.role, actor=actor, at=at
    )


@transitions.action
def accept_with_new_account(
    *, code: str, person: Mapping[str, str], at: datetime
) -> Desk:
    """
    Make an account for the invited address and take the seat; who has the code has the mailbox.

    :raises InvitationUnusable: as ``accept_invitation``.
    :raises AddressInUse: the address has an account: its person signs in and accepts.
    :raises InvalidInput: entries of the person that do not fit.
    """
    invitation = _find(code)
    if invitation.state != Invitation.State.OPEN or at >= invitation.expires_at:
        raise errors.InvitationUnusable
    user = register_person({**person, "email": invitation.email}, at=at)
    return accept_invitation(code=code, actor=user, at=at)


@transitions.action
def end_seat(*, desk_id: int, actor: Any, at: datetime) -> Desk:
    """
    End a seat in the own company; every right that came with it is gone with the commit.

    :raises NotFound: there is no open seat of this number in a company of the actor.
    :raises Forbidden: the actor does not manage its seats, or is an agent before the legal
        representative's.
    :raises LastSeat: it is the last agent's or legal representative's, and cases are open.
    """
    known = Desk.objects.filter(pk=desk_id, closed_at=None).first()
    if known is None:
        raise NotFound
    organization = _managed(known.organization_id, actor)
    if known.role == Role.APPLICANT_LEGAL_REP and known.user_id != actor.pk:
        _ask_legal_rep(organization, actor)
    return take_desk(desk_id=desk_id, organization=organization, actor=actor, at=at)


@transitions.action
def expire_invitations(*, at: datetime) -> int:
    """Let invitations expire whose time has run out; return how many, at most a few hundred."""
    system, count = queries.system_actor(), 0
    overdue = Invitation.objects.filter(state=Invitation.State.OPEN, expires_at__lte=at)
    for invitation in overdue.select_for_update(of=("self",), skip_locked=True).order_by(
        "expires_at", "id"
    )[:EXPIRY_ROWS_MAX]:
        transitions.perform(invitation, "expire", actor=system, at=at)
        count += 1
    return count


def _managed(organization_id: UUID, actor: Any) -> Organization:
    organization = lock_organization(organization_id)
    if not policy.holds(actor, "parties.see_organization", organization):
        raise NotFound
    if not policy.may(actor, "parties.manage_seats", organization):
        raise Forbidden
    return organization


def _check_offer(organization: Organization, *, email: str, role: str, actor: Any) -> None:
    if organization.state == Organization.State.BARRED:
        raise errors.CompanyBarred
    if role not in SEAT_ROLES:
        raise InvalidInput(fields={"role": _("Choose the role of the seat.")})
    if not email:
        raise InvalidInput(fields={"email": _("Enter the e-mail address to invite.")})
    check_email(email, field="email")
    if role == Role.APPLICANT_LEGAL_REP:
        _ask_legal_rep(organization, actor)


def _ask_legal_rep(organization: Organization, actor: Any) -> None:
    """Who stands for the company is for its legal representative to say, once there is one."""
    seats = Desk.objects.filter(
        organization=organization, role=Role.APPLICANT_LEGAL_REP, closed_at=None
    )
    if seats.exists() and not seats.filter(user=actor).exists():
        raise Forbidden(_("The legal representative decides on this seat."))


def _expire_overdue(organization: Organization, *, email: str, at: datetime) -> None:
    """An invitation that ran out must not stand in the way of a new one until the task comes."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).filter(
        organization=organization, email=email, state=Invitation.State.OPEN, expires_at__lte=at
    )
    for row in rows:
        transitions.perform(row, "expire", actor=queries.system_actor(), at=at)


def _find(code: str) -> Invitation:
    known = Invitation.objects.filter(code_hash=hash_of_code(code)).first()
    if known is None:
        raise errors.InvitationUnusable
    return known


def _lock_with_others(invitation: Invitation, actor: User) -> Organization:
    """Lock the company and those to be left, in one order for everybody."""
    left = Desk.objects.filter(user=actor, closed_at=None, organization__kind=Kind.APPLICANT)
    wanted = {invitation.organization_id, *left.values_list("organization_id", flat=True)}
    locked = {pk: lock_organization(pk) for pk in sorted(wanted)}
    return locked[invitation.organization_id]


def _lock_invitation(invitation_id: UUID) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation_id)


def _seat_of(invitation: Invitation, actor: User) -> Desk:
    """Return the seat that the invitation led to; a seat that was ended is not given again."""
    desk = Desk.objects.filter(
        user=actor,
        organization_id=invitation.organization_id,
        role=invitation.role,
        closed_at=None,
    ).first()
    if desk is None:
        raise errors.InvitationUnusable
    return desk


def _leave_others(actor: User, organization: Organization, *, leave: bool, at: datetime) -> None:
    desks = Desk.objects.filter(
        user=actor, closed_at=None, organization__kind=Kind.APPLICANT
    ).exclude(organization=organization)
    if not desks.exists():
        return
    if not leave:
        raise errors.SeatElsewhere
    given = Invitation.objects.select_for_update(of=("self",), no_key=True).filter(
        invited_by=actor, state=Invitation.State.OPEN
    )
    for row in given.exclude(organization=organization):
        transitions.perform(row, "revoke", actor=queries.system_actor(), at=at)
    for desk in desks.select_related("organization").order_by("id"):
        take_desk(desk_id=desk.pk, organization=desk.organization, actor=actor, at=at)
