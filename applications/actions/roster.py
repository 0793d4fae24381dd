"""The roster of the committee: appoint, end a term; felt at once in every open case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from applications.actions.access import ask
from applications.models import (
    Application,
    ApplicationUserPermission,
    CommitteeTerm,
    Roster,
)
from applications.queries.roster import in_office
from core import clock
from core.errors import InvalidInput, NotFound
from parties import queries as parties
from parties.models import User
from parties.roles import Kind, Role
from workflow import audit, policy, rounds, transitions

SEAT_DESKS = (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.EXPERT)
SEAT_RIGHTS = ("vote_application", "conclude_committee", "sign_minutes")
SWEEP_ROWS = 500


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who is appointed as what, by which paper; ``until_on`` is the last day, None for open."""

    member_id: Any
    role: str
    basis: str
    from_on: date
    until_on: date | None = None


@transitions.action
def open_roster(*, name: str, actor: Any, at: datetime) -> Roster:
    """
    Open a roster of the committee, e.g. for its second term.

    :raises Forbidden: the actor is not the secretary of the committee.
    :raises InvalidInput: no name, or one that is taken.
    """
    committee = parties.organization_for(actor, Role.COMMITTEE_SECRETARY)
    title = name.strip()
    if not title or Roster.objects.filter(committee=committee, name=title).exists():
        raise InvalidInput(fields={"name": _("Give the roster a name of its own.")})
    roster = Roster(committee=committee, name=title, opened_at=at)
    roster.group = policy.standing_group(f"roster:{roster.pk}")
    return transitions.create(
        roster,
        actor=actor,
        at=at,
        committee=committee,
        authority=parties.the(Kind.AUTHORITY),
        platform=parties.the(Kind.PLATFORM),
    )


@transitions.action
def appoint_members(
    *, roster_id: UUID, appointments: Iterable[Appointment], actor: Any, at: datetime
) -> Roster:
    """
    Appoint people to a roster; who is in office today has the rights of it from now on.

    :raises InvalidInput: not at a desk of the committee, in office already, or wrong days.
    :raises Forbidden: the actor does not keep the roster, or appoints himself.
    """
    roster = _lock(roster_id, actor)
    ask(roster, "appoint", actor=actor, at=at)
    for one in appointments:
        _appoint(roster, one, actor=actor, at=at)
    return roster


@transitions.action
def end_term(*, term_id: int, reason: str, actor: Any, at: datetime) -> CommitteeTerm:
    """
    End a term of office before its last day.

    The member loses every open seat at once; votes cast in rounds still open lapse, closed rounds
    stay as they were counted.

    :raises InvalidInput: no reason.
    :raises NotFound: there is no running term of this number.
    """
    known = CommitteeTerm.objects.filter(id=term_id).first()
    if known is None:
        raise NotFound
    roster = _lock(known.roster_id, actor)
    term = CommitteeTerm.objects.select_for_update(of=("self",)).select_related("member").get(
        id=term_id
    )
    if term.ended_at is not None:
        raise NotFound
    ask(roster, "end_term", actor=actor, at=at)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    transitions.perform(
        roster, "end_term", actor=actor, at=at, member=term.member, reason=reason.strip()
    )
    _end(roster, term, reason=reason.strip(), actor=actor, at=at)
    return term


@transitions.action
def dissolve_roster(*, roster_id: UUID, reason: str, actor: Any, at: datetime) -> Roster:
    """
    Dissolve a roster: every term on it ends.

    :raises InvalidInput: no reason.
    """
    roster = _lock(roster_id, actor)
    ask(roster, "dissolve", actor=actor, at=at)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    for term in roster.terms.filter(ended_at=None).select_related("member"):
        _end(roster, term, reason=reason.strip(), actor=actor, at=at)
    return transitions.perform(roster, "dissolve", actor=actor, at=at, reason=reason.strip())


@transitions.action
def turn_terms(*, at: datetime) -> int:
    """
    Bring the rosters in line with the day: terms that begin, terms that have run out.

    Returns how many people changed. Each is one set of rights, however many cases are open.
    """
    on, changed, system = clock.local_date(at), 0, parties.system_actor()
    for roster in Roster.objects.filter(state=Roster.State.IN_OFFICE).select_for_update():
        due = {t.member_id for t in in_office(on=on).filter(roster=roster)[:SWEEP_ROWS]}
        there = set(roster.group.user_set.values_list("pk", flat=True))
        for person in User.objects.filter(pk__in=due ^ there):
            changed += 1
            if person.pk in due:
                _enter(roster, person)
            else:
                _leave(roster, person, actor=system, at=at)
    return changed


def _appoint(roster: Roster, one: Appointment, *, actor: Any, at: datetime) -> None:
    person = User.objects.filter(id=getattr(one.member_id, "pk", one.member_id)).first()
    _check(roster, one, person, actor)
    assert person is not None
    transitions.perform(
        roster,
        "appoint",
        actor=actor,
        at=at,
        member=person,
        role=one.role,
        until_on=one.until_on,
    )
    CommitteeTerm.objects.create(
        roster=roster,
        member=person,
        role=one.role,
        from_on=one.from_on,
        until_on=one.until_on,
        basis=one.basis.strip(),
        appointed_by=actor,
        appointed_at=at,
    )
    today = clock.local_date(at)
    if one.from_on <= today and (one.until_on is None or today <= one.until_on):
        _enter(roster, person)


def _check(roster: Roster, one: Appointment, person: User | None, actor: Any) -> None:
    desks = parties.desks_of(person)
    ours = {d.role for d in desks if d.organization_id == roster.committee_id}
    if person is None or not person.is_active or not ours & set(SEAT_DESKS):
        raise InvalidInput(
            fields={"member": _("Appoint people who have a desk at the committee.")}
        )
    if person.pk == actor.pk:
        raise InvalidInput(fields={"member": _("Nobody appoints himself.")})
    if roster.terms.filter(member=person, ended_at=None).exists():
        raise InvalidInput(fields={"member": _("This person is on the roster already.")})
    if one.role not in CommitteeTerm.Role.values or not one.basis.strip():
        raise InvalidInput(fields={"basis": _("Name the role and the paper of the appointment.")})
    if one.until_on is not None and one.until_on < one.from_on:
        raise InvalidInput(fields={"until_on": _("The last day comes after the first one.")})


def _enter(roster: Roster, person: User) -> None:
    person.groups.add(roster.group)
    rounds.take_back(member=person, standing=roster.group)


def _leave(roster: Roster, person: User, *, actor: Any, at: datetime) -> None:
    person.groups.remove(roster.group)
    left = rounds.vacate(member=person, at=at, standing=roster.group)
    ids = [UUID(r.subject_id) for r in left]
    ApplicationUserPermission.objects.filter(
        user=person,
        content_object__in=ids,
        permission__codename__in=[*SEAT_RIGHTS, "see_application"],
    ).delete()
    for case in Application.objects.filter(pk__in=ids).order_by("pk"):
        audit.record(case, "leave_panel", actor=actor, at=at, facts={"member": str(person.pk)})


def _end(
    roster: Roster, term: CommitteeTerm, *, reason: str, actor: Any, at: datetime
) -> None:
    term.ended_at, term.ended_by, term.ended_reason = at, actor, reason
    term.save()
    _leave(roster, term.member, actor=actor, at=at)


def _lock(roster_id: UUID, actor: Any) -> Roster:
    found = Roster.objects.select_for_update(of=("self",), no_key=True).filter(id=roster_id).first()
    if found is None or not policy.holds(actor, "applications.see_roster", found):
        raise NotFound
    return found
