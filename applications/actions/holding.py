"""
Who has a case on the desk: take it over, give it to a colleague, hand it back, stand in for leave.

Having a case gives no right that the desk does not give; it says who answers for it, and whoever
had it once does not decide it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions.access import ask_right, lock_application
from applications.errors import HeldByAnother
from applications.models import Application, Delegation, Holding
from applications.states import ApplicationState as S
from core import clock
from core.errors import InvalidInput, NotAllowedNow, NotFound
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, transitions

HOLD = "applications.hold_application"
REASON_CHARACTERS_MAX = 300
LEAVE_DAYS_MAX = 120


@transitions.action
def take_over(
    *,
    application_id: UUID,
    from_person_id: Any,
    actor: Any,
    at: datetime,
    reason: str = "",
) -> Application:
    """
    Take a case onto one's own desk, from nobody or from a colleague for a stated reason.

    ``from_person_id`` is whoever the page showed as holder, None for nobody: of two who take the
    case over at the same moment, one does.

    :raises HeldByAnother: somebody else has it by now.
    :raises InvalidInput: it is a colleague's and no reason is stated.
    """
    application = _lock(application_id, act="take_over", actor=actor, at=at)
    if str(application.holder_id) != str(from_person_id or None):
        raise HeldByAnother
    if application.holder_id == actor.pk:
        return application
    if application.holder_id is not None and not reason.strip():
        raise InvalidInput(fields={"reason": _("Say why you take the case from a colleague.")})
    before = application.holder
    _give(application, person=actor, act="take_over", actor=actor, at=at, reason=reason)
    if before is not None:
        _tell(before, application, _("Case {number} was taken over by a colleague"), at=at)
    return application


@transitions.action
def assign_case(
    *, application_id: UUID, person_id: UUID, actor: Any, at: datetime, reason: str = ""
) -> Application:
    """
    Give a case to a colleague of the same desk.

    :raises InvalidInput: the person does not work at this desk, or works for the applicant.
    """
    application = _lock(application_id, act="assign_case", actor=actor, at=at)
    office = parties.people_at(application.authority, Role.AUTHORITY_CASE)
    person = next((p for p in office if str(p.pk) == str(person_id)), None)
    if person is None:
        raise InvalidInput(fields={"person_id": _("Choose a colleague of this desk.")})
    if any(d.organization_id == application.applicant_id for d in parties.desks_of(person)):
        raise InvalidInput(
            fields={"person_id": _("This person works for the applicant of the case.")}
        )
    if application.holder_id == person.pk:
        return application
    _give(application, person=person, act="assign_case", actor=actor, at=at, reason=reason)
    if person.pk != actor.pk:
        _tell(person, application, _("Case {number} was assigned to you"), at=at)
    return application


@transitions.action
def hand_back(
    *, application_id: UUID, actor: Any, at: datetime, reason: str = ""
) -> Application:
    """
    Hand one's case back to the desk, so that anybody there can take it.

    :raises HeldByAnother: it is not on the actor's desk, nor on that of an absent colleague.
    """
    application = _lock(application_id, act="hand_back", actor=actor, at=at)
    if application.holder_id != actor.pk and not audit.on_behalf_of.get():
        raise HeldByAnother
    _give(application, person=None, act="hand_back", actor=actor, at=at, reason=reason)
    return application


def change_holding(
    application: Application, *, person: Any | None, given_by: Any, at: datetime
) -> None:
    """Put on record who has the case from now on, or nobody; the caller sets ``holder``."""
    _end_holding(application, at=at)
    if person is not None:
        Holding.objects.create(
            application=application, person=person, given_by=given_by, from_at=at
        )


@transitions.action
def delegate_for_leave(
    *,
    delegate_id: UUID,
    from_on: date,
    until_on: date,
    reason: str,
    actor: Any,
    at: datetime,
) -> Delegation:
    """
    Have a colleague stand in for the actor from the first to the last day of a leave.

    The cases of the absent person appear as the delegate's, and what the delegate does on them is
    recorded on behalf of the absent. It ends by itself after the last day.

    :raises InvalidInput: not a colleague, days in the wrong order or past, or a leave that overlaps
        another one.
    """
    office = parties.organization_for(actor, Role.AUTHORITY_CASE)
    days = (from_on, until_on)
    delegate = _ask_leave(office, delegate_id, days, reason, actor=actor, at=at)
    made = Delegation.objects.create(
        organization=office,
        absent=actor,
        delegate=delegate,
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip()[:REASON_CHARACTERS_MAX],
        made_by=actor,
        made_at=at,
    )
    facts = {"delegate": delegate.full_name, "from": from_on, "until": until_on}
    audit.record(actor, "delegate_for_leave", actor=actor, at=at, facts=facts)
    notify.tell(
        people=[delegate],
        subject=_("You stand in for a colleague"),
        body=f"{actor.full_name} {from_on.isoformat()} – {until_on.isoformat()}",
        link=reverse("portal:application_desk"),
        topic=topics.CASEWORK,
        key=f"applications.delegation.{made.pk}",
        at=at,
    )
    return made


@transitions.action
def end_delegation(*, delegation_id: int, actor: Any, at: datetime) -> Delegation:
    """
    End a delegation before its last day; whoever gave it comes back early.

    :raises NotFound: the actor gave no such delegation, or it has ended.
    """
    found = (
        Delegation.objects.select_for_update(of=("self",))
        .filter(id=delegation_id, absent=actor, ended_at=None)
        .first()
    )
    if found is None:
        raise NotFound
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    audit.record(actor, "end_delegation", actor=actor, at=at, facts={"delegation": found.pk})
    return found


def _lock(application_id: UUID, *, act: str, actor: Any, at: datetime) -> Application:
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, HOLD, actor=actor, act=act, at=at)
    if application.state == S.DRAFT or application.closed_at is not None:
        raise NotAllowedNow
    return application


def _give(
    application: Application, *, person: Any, act: str, actor: Any, at: datetime, reason: str
) -> None:
    before = application.holder
    change_holding(application, person=person, given_by=actor, at=at)
    application.holder, application.updated_at = person, at
    application.save(update_fields=["holder", "updated_at"])
    facts = {
        "from": before.full_name if before else "",
        "to": person.full_name if person else "",
        "reason": reason.strip()[:REASON_CHARACTERS_MAX],
    }
    audit.record(application, act, actor=actor, at=at, facts=facts)


def _end_holding(application: Application, *, at: datetime) -> None:
    # Whoever waited for the lock may have read the clock before the one who had it.
    until = Greatest(F("from_at"), Value(at))
    application.holdings.filter(until_at=None).update(until_at=until)


def _tell(person: Any, application: Application, subject: Any, *, at: datetime) -> None:
    notify.tell(
        people=[person],
        subject=format_lazy(subject, number=application.number),
        body=application.scenario_name,
        link=reverse("portal:application", args=[application.pk]),
        topic=topics.CASEWORK,
        key=f"applications.holder.{application.pk}.{at.isoformat()}",
        at=at,
    )


def _ask_leave(
    office: Any, delegate_id: Any, days: tuple[date, date], reason: str, *, actor: Any, at: datetime
) -> Any:
    """Return the colleague who can stand in on these days."""
    from_on, until_on = days
    desk = parties.people_at(office, Role.AUTHORITY_CASE)
    others = (p for p in desk if str(p.pk) == str(delegate_id) and p.pk != actor.pk)
    delegate = next(others, None)
    problems: dict[str, Any] = {}
    if delegate is None:
        problems["delegate_id"] = _("Choose a colleague of this desk.")
    if until_on < from_on or until_on < clock.local_date(at):
        problems["until_on"] = _("The last day comes after the first, and is not past.")
    elif (until_on - from_on).days > LEAVE_DAYS_MAX:
        problems["until_on"] = _("A delegation lasts 120 days at most.")
    if not reason.strip():
        problems["reason"] = _("State the reason.")
    overlapping = Delegation.objects.filter(
        absent=actor, ended_at=None, from_on__lte=until_on, until_on__gte=from_on
    )
    if overlapping.exists():
        problems["from_on"] = _("You have delegated these days already. End that delegation first.")
    if problems:
        raise InvalidInput(fields=problems)
    return delegate
