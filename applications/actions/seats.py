"""The seats of a panel: who sits, who declares, who presides. Source: domain T07, T10, §3.10."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import panel
from applications.actions.access import ask
from applications.errors import CannotBeSeated
from applications.models import Application, CommitteeTerm, Minutes, Roster
from applications.queries.roster import in_office, rule_in_force, rules_of, term_of
from applications.states import ApplicationState
from core import clock
from core.errors import Forbidden, InvalidInput, NotFound
from parties.models import User
from workflow import policy, rounds, transitions
from workflow.models import ReviewRound

# The steps of a case before a panel, per purpose of the panel.
VERBS = {
    panel.REVIEW: {
        "seat": "seat_panel",
        "vote": "vote",
        "close": "close_panel",
        "sign": "sign_minutes",
        "conclude": "conclude_committee",
    },
    panel.OBJECTION: {
        "seat": "seat_objection_panel",
        "vote": "vote_on_objection",
        "close": "close_objection_panel",
        "sign": "sign_objection_minutes",
        "conclude": "recommend_on_objection",
    },
}
PRESIDING = (CommitteeTerm.Role.CHAIR, CommitteeTerm.Role.VICE)


@transitions.action
def seat_panel(
    *, application_id: UUID, members: Iterable[Any], chair: Any, actor: Any, at: datetime
) -> Application:
    """
    Seat a panel of named people; ``members`` and ``chair`` are people or their ids.

    A case in OBJECTION gets a new panel: nobody of the first one sits again. A seat gives the right
    to declare; the file room opens with the declaration.

    :raises CannotBeSeated: somebody is not in office today, is too near to a party or to the case,
        or sat on the first panel.
    :raises PanelError: too few members, one twice, or a panel is sitting.
    """
    application = lock_for_panel(application_id, actor)
    ask(application, verb_of(application, "seat"), actor=actor, at=at)
    terms = [_term(application, m, at=at) for m in members]
    leader = _term(application, chair, at=at)
    _open(application, terms=terms, leader=leader, roster=None, actor=actor, at=at)
    return application


@transitions.action
def seat_roster(
    *, application_id: UUID, roster_id: UUID, actor: Any, at: datetime
) -> Application:
    """
    Seat a whole roster as a standing panel; whoever joins it later sits too, from then on.

    Its chair presides, the vice chair when the chair is too near to the case.

    :raises CannotBeSeated: nobody of the roster can preside.
    :raises PanelError: too few members for the quorum, or a panel is sitting.
    """
    application = lock_for_panel(application_id, actor)
    ask(application, verb_of(application, "seat"), actor=actor, at=at)
    roster = Roster.objects.filter(id=roster_id, committee=application.committee_id).first()
    if roster is None:
        raise NotFound
    leaders = [
        t for t in _in_office(roster, at) if t.role in PRESIDING
    ]
    leaders.sort(key=lambda t: (PRESIDING.index(t.role), t.pk))  # type: ignore[arg-type]
    for one in leaders:
        if _too_near(application, one.member) is None:
            _open(application, terms=[one], leader=one, roster=roster, actor=actor, at=at)
            return application
    raise CannotBeSeated(_("Nobody of this roster can preside over this case."))


@transitions.action
def seat_substitute(
    *, application_id: UUID, member: Any, actor: Any, at: datetime
) -> Application:
    """
    Add a member to the sitting panel, so that a recusal does not end it.

    :raises CannotBeSeated: not in office, too near, or seated already.
    :raises PanelError: no panel is sitting.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "seat")
    ask(application, verb, actor=actor, at=at)
    term = _term(application, member, at=at)
    sitting = rounds.sitting(application)
    if sitting.seats.filter(member=term.member).exists():
        raise CannotBeSeated(fields={"members": _("This person is seated already.")})
    transitions.perform(application, verb, actor=actor, at=at, seats=sitting.seats.count() + 1)
    # Only one presides: a second chair of the roster sits as a member.
    role = term.role if term.role != "CHAIR" else "MEMBER"
    rounds.add_seat(sitting, member=term.member, role=role)
    _grant_seat(application, term.member)
    return application


@transitions.action
def hand_over_chair(
    *, application_id: UUID, member: Any, actor: Any, at: datetime
) -> Application:
    """
    Let a seated chair or vice chair preside, when the one so far is recused or absent.

    :raises CannotBeSeated: the person may not preside.
    :raises PanelError: no panel is sitting, or the person has no seat on it.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "seat")
    ask(application, verb, actor=actor, at=at)
    term = _term(application, member, at=at)
    if term.role not in PRESIDING:
        raise CannotBeSeated(fields={"chair": _("A chair or a vice chair presides.")})
    sitting = rounds.sitting(application)
    for seat in sitting.seats.filter(role="CHAIR").select_related("member"):
        for permission in ("conclude_committee", "sign_minutes"):
            policy.withdraw_person(
                f"applications.{permission}", person=seat.member, subject=application
            )
    rounds.hand_over_chair(sitting, member=term.member)
    transitions.perform(application, verb, actor=actor, at=at, seats=sitting.seats.count())
    grant_chair(application, term.member)
    return application


@transitions.action
def declare_interest(
    *, application_id: UUID, conflict: str, actor: Any, at: datetime
) -> Application:
    """
    Declare that no interest stands in the way, or recuse the actor.

    ``conflict`` is empty for "none", else the reason of the recusal. The file room opens to who has
    declared none, and to nobody else of the panel.

    :raises PanelError: no seat, declared already, or the panel is not sitting.
    """
    application = lock_for_panel(application_id, actor)
    ask(application, verb_of(application, "vote"), actor=actor, at=at)
    term = ask_office(application, actor=actor, at=at)
    reason = conflict.strip()
    role = term.role if term.role != "CHAIR" else "MEMBER"
    rounds.declare_interest(application, member=actor, conflict=reason, at=at, role=role)
    if not reason:
        policy.grant_person("applications.see_application", person=actor, subject=application)
    return application


@transitions.action
def adjourn_panel(
    *, application_id: UUID, reason: str, actor: Any, at: datetime
) -> Application:
    """
    Adjourn a sitting that has no quorum; the same panel sits again and votes anew.

    What was voted is neither counted nor shown; the sheets stay with their authors as drafts.

    :raises InvalidInput: no reason.
    :raises Forbidden: the actor does not preside.
    :raises PanelError: no panel is sitting.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "close")
    ask(application, verb, actor=actor, at=at)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    ask_chair(application, actor=actor)
    earlier = rounds.adjourn(application, reason=reason.strip(), actor=actor, at=at)
    transitions.perform(application, verb, actor=actor, at=at, outcome="ADJOURNED")
    rounds.sit_again(application, earlier=earlier, actor=actor, at=at)
    return application


def lock_for_panel(application_id: UUID, actor: Any) -> Application:
    """
    Lock one application for somebody who sees it, or has a seat and may not see it yet.

    :raises NotFound: there is none, or it is none of the actor's business.
    """
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(id=application_id).first()
    rights = ("applications.see_application", "applications.vote_application")
    if found is None or not any(policy.holds(actor, right, found) for right in rights):
        raise NotFound
    return found


def verb_of(application: Application, step: str) -> str:
    """Return the name of a step for the panel that a case in its state is before."""
    return VERBS[purpose_of(application)][step]


def purpose_of(application: Application) -> str:
    """Return which panel a case is before: the one on an objection, or the review."""
    at_objection = application.state == ApplicationState.OBJECTION
    return panel.OBJECTION if at_objection else panel.REVIEW


def ask_office(application: Application, *, actor: Any, at: datetime) -> CommitteeTerm:
    """
    Ask that a member is in office on the day of the act.

    :raises Forbidden: no term covers the day.
    """
    on = clock.local_date(at)
    term = term_of(actor, committee_id=application.committee_id, on=on)
    if term is None:
        raise Forbidden(_("Your term of office does not cover this day."))
    return term


def ask_chair(application: Application, *, actor: Any) -> None:
    """
    Ask that a person presides over the panel that sits; another panel's chair does not count.

    :raises PanelError: no panel is sitting.
    :raises Forbidden: the person does not preside, is recused, or has left.
    """
    chairs = rounds.sitting(application).seats.filter(role="CHAIR", recused_at=None, left_at=None)
    if not chairs.filter(member=actor).exists():
        raise Forbidden(_("The member who presides does this."))


def settle(application: Application, sitting: ReviewRound, *, at: datetime) -> None:
    """Write the seats of a standing panel before its count; who is too near is recused."""
    if sitting.standing_id is None:
        return
    roster = Roster.objects.get(group=sitting.standing_id)
    terms = _in_office(roster, at)
    near = {t.member_id: _too_near(application, t.member) for t in terms}
    rounds.settle_standing(
        sitting,
        barred={pk: str(reason) for pk, reason in near.items() if reason},
        roles={t.member_id: t.role if t.role != "CHAIR" else "MEMBER" for t in terms},
        at=at,
    )


def grant_chair(application: Application, person: User) -> None:
    """Give the person who presides the rights to close and to sign."""
    for permission in ("applications.conclude_committee", "applications.sign_minutes"):
        policy.grant_person(permission, person=person, subject=application)


def _open(
    application: Application,
    *,
    terms: list[CommitteeTerm],
    leader: CommitteeTerm,
    roster: Roster | None,
    actor: Any,
    at: datetime,
) -> None:
    if leader.role not in PRESIDING:
        raise CannotBeSeated(fields={"chair": _("A chair or a vice chair presides.")})
    purpose = purpose_of(application)
    if Minutes.objects.filter(application=application, purpose=purpose).exists():
        raise rounds.PanelError(_("The vote on this case is closed; its minutes are drafted."))
    rule = rule_in_force(kind=purpose, on=clock.local_date(at))
    verb = verb_of(application, "seat")
    transitions.perform(application, verb, actor=actor, at=at, seats=len(terms))
    codes = application.items.order_by("dataset__code").values_list("dataset__code", flat=True)
    rounds.open_round(
        application,
        members=[t.member for t in terms],
        chair=leader.member,
        rules=rules_of(rule),
        purpose=purpose,
        items=list(codes),
        roles={t.member_id: t.role if t.role != "CHAIR" else "MEMBER" for t in terms},
        standing=roster.group if roster else None,
        actor=actor,
        at=at,
    )
    if roster is not None:
        policy.grant_group(
            "applications.vote_application", group=roster.group, subject=application
        )
    for term in terms:
        _grant_seat(application, term.member)
    grant_chair(application, leader.member)


def _grant_seat(application: Application, person: User) -> None:
    policy.grant_person("applications.vote_application", person=person, subject=application)


def _in_office(roster: Roster, at: datetime) -> list[CommitteeTerm]:
    rows = in_office(on=clock.local_date(at)).filter(roster=roster)
    return list(rows.select_related("member"))


def _term(application: Application, member: Any, *, at: datetime) -> CommitteeTerm:
    person = User.objects.filter(id=getattr(member, "pk", member), is_active=True).first()
    term = (
        term_of(person, committee_id=application.committee_id, on=clock.local_date(at))
        if person
        else None
    )
    problem: str | Promise | None = _("This person is not in office at the committee today.")
    if person is not None and term is not None:
        problem = _too_near(application, person)
        if problem is None:
            return term
    raise CannotBeSeated(
        _("%(name)s cannot sit on the panel: %(reason)s"),
        name=person.full_name if person else "",
        reason=str(problem),
    )


def _too_near(application: Application, person: User) -> str | Promise | None:
    """Return why a person in office does not sit on this panel, or None."""
    near = policy.refusal(person, "applications.vote_application", application)
    if near:
        return near
    if purpose_of(application) == panel.OBJECTION:
        first = rounds.sat_before(application, purpose=panel.REVIEW)
        if person.pk in first:
            return _("This person sat on the first panel of this case.")
    return None
