"""A person leaves: the cases go to a colleague, each with its record; a new agent is appointed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import Forbidden, InvalidInput, NotFound
from parties import errors, handover, queries
from parties.actions.organizations import lock_organization
from parties.actions.people import give_desk, take_desk
from parties.models import Desk, Organization, User
from parties.roles import Role
from workflow import audit, policy, transitions

MEMBER_ROLES = (Role.APPLICANT_SECURITY, Role.APPLICANT_LEGAL_REP)


@transitions.action
def hand_over_cases(
    *,
    organization_id: UUID,
    person_id: UUID,
    to_id: UUID,
    reason: str,
    actor: Any,
    at: datetime,
) -> handover.Outcome:
    """
    Hand every case that a person has in hand in an organization to a colleague.

    The colleague has a desk there of a role that the person has or had. A case the colleague must
    be kept away from goes back to the whole desk. Every case gets its own record.

    :raises NotFound: no such organization for this actor, or no such person there.
    :raises Forbidden: the actor may not hand over cases there.
    :raises NoColleague: the other person has no such desk, or is the same.
    :raises InvalidInput: no reason.
    """
    organization = lock_organization(organization_id)
    if not policy.holds(actor, "parties.see_organization", organization):
        raise NotFound
    if not policy.may(actor, "parties.hand_over_cases", organization):
        raise Forbidden
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    person = _somebody_of(organization, person_id)
    known = queries.colleagues_of(person, organization=organization)
    colleagues = {user.pk: user for user in known}
    if to_id not in colleagues:
        raise errors.NoColleague(fields={"to": errors.NoColleague.default_message})
    outcome = handover.hand_over(
        person=person,
        to=colleagues[to_id],
        organization=organization,
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
    facts = {
        "person": person.audit_name(),
        "to": colleagues[to_id].audit_name(),
        "reason": reason.strip(),
        "handed": outcome.handed,
        "left_open": outcome.left_open,
    }
    audit.record(organization, "hand_over", actor=actor, at=at, facts=facts)
    return outcome


@transitions.action
def appoint_agent(
    *,
    organization_id: UUID,
    member_id: UUID,
    instead_of_id: UUID,
    reason: str,
    actor: Any,
    at: datetime,
) -> Desk:
    """
    Make a member of a company its agent in place of another, who stays as a member.

    For the authority's case handler, when the company cannot do so itself. Cases go over to the new
    agent.

    :raises NotFound: no such company for this actor, no such member, no such agent.
    :raises Forbidden: the actor is no case handler, or works near to the company.
    :raises InvalidInput: no reason.
    """
    organization = lock_organization(organization_id)
    if not policy.holds(actor, "parties.see_organization", organization):
        raise NotFound
    if not policy.holds(actor, "parties.appoint_agent", organization):
        raise Forbidden
    barred = policy.refusal(actor, "parties.appoint_agent", organization)
    if barred:
        raise Forbidden(barred)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    member = _seat(organization, member_id, MEMBER_ROLES).user
    old = _seat(organization, instead_of_id, (Role.APPLICANT_AGENT,))
    key = {"organization": organization, "actor": actor, "at": at}
    desk = give_desk(user=member, role=Role.APPLICANT_AGENT, **key)
    give_desk(user=old.user, role=Role.APPLICANT_SECURITY, **key)
    take_desk(desk_id=old.pk, **key)
    handover.hand_over(person=old.user, to=member, reason=reason.strip(), **key)
    facts = {
        "person": old.user.audit_name(), "to": member.audit_name(), "reason": reason.strip()
    }
    audit.record(organization, "appoint_agent", actor=actor, at=at, facts=facts)
    return desk


def _somebody_of(organization: Organization, person_id: UUID) -> User:
    desk = (
        Desk.objects.filter(organization=organization, user=person_id)
        .select_related("user")
        .first()
    )
    if desk is None:
        raise NotFound
    return desk.user


def _seat(organization: Organization, user_id: UUID, roles: tuple[str, ...]) -> Desk:
    desk = (
        Desk.objects.filter(
            organization=organization, user=user_id, role__in=roles, closed_at=None
        )
        .select_related("user")
        .order_by("id")
        .first()
    )
    if desk is None:
        raise NotFound
    return desk
