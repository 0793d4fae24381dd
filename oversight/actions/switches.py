"""Switching acts off and on again: one person proposes, another one approves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import Forbidden, InvalidInput
from oversight.actions.access import ask, lock, stated
from oversight.errors import NotSwitchable, NoWayOut, SwitchedAlready
from oversight.queries.switches import PROPOSERS, act_of, all_off, trapped_by
from parties import queries as parties
from parties.models import Organization
from parties.roles import Kind
from workflow import switches, transitions
from workflow.models import VerbSwitch

RUN_OUT = "期限届满，自动恢复。"
SEE = "workflow.see_verbswitch"


@transitions.action
def propose_switch(
    *,
    permission: str,
    reason: str,
    legal_basis: str,
    actor: Any,
    at: datetime,
    of_state: str = "",
    role: str = "",
    until_on: date | None = None,
) -> VerbSwitch:
    """
    Propose to switch one right off; nothing changes until another person approves.

    ``of_state`` and ``role`` narrow it; empty means every state, everybody. ``until_on`` is the
    last day it holds.

    :raises Forbidden: the actor is neither supervisor nor decider of the authority.
    :raises NotSwitchable: the act may not be switched off, or not in that state or for that role.
    :raises NoWayOut: somebody's case would be left in a state that nobody could lead out of.
    :raises SwitchedAlready: the same is proposed or in force.
    :raises ReasonNeeded: no reason, or no legal basis.
    """
    authority = _authority_of(actor)
    act = act_of(permission)
    if act is None or of_state not in ("", *dict(act.states)) or role not in ("", *act.roles):
        raise NotSwitchable
    why, basis = stated(reason), stated(legal_basis, field="legal_basis")
    _ask_day(until_on, at=at)
    switches.change_alone()
    same = VerbSwitch.objects.filter(
        permission=permission, of_state=of_state, role=role, state__in=["PROPOSED", "IN_FORCE"]
    )
    if same.exists():
        raise SwitchedAlready
    _ask_way_out(switches.Off(permission, of_state, role))
    row = VerbSwitch(
        permission=permission,
        of_state=of_state,
        role=role,
        reason=why,
        legal_basis=basis,
        until_on=until_on,
        proposed_by=actor,
        proposed_at=at,
    )
    facts = {"permission": permission, "of_state": of_state, "role": role, "legal_basis": basis}
    return transitions.create(
        row,
        actor=actor,
        at=at,
        facts=facts,
        authority=authority,
        platform=parties.the(Kind.PLATFORM),
    )


@transitions.action
def settle_switch(*, switch_id: UUID, approve: bool, actor: Any, at: datetime) -> VerbSwitch:
    """
    Approve or refuse a proposed switch; approved, it holds for every step from now on.

    :raises Forbidden: the actor may not, or proposed it.
    :raises InvalidInput: its last day has passed meanwhile.
    :raises NoWayOut: what was switched off meanwhile leaves no way out with it.
    :raises NotAllowedNow: it is settled already.
    """
    switches.change_alone()
    row = lock(VerbSwitch, switch_id, actor=actor, see=SEE)
    verb = "approve" if approve else "refuse"
    ask(row, verb, actor=actor, at=at)
    if approve:
        _ask_day(row.until_on, at=at)
        _ask_way_out(switches.Off(row.permission, row.of_state, row.role))
    return transitions.perform(row, verb, actor=actor, at=at, by=actor)


@transitions.action
def end_switch(*, switch_id: UUID, reason: str, actor: Any, at: datetime) -> VerbSwitch:
    """
    Switch an act on again; one person may, for it only gives back what the rules grant.

    :raises Forbidden: the actor may not.
    :raises ReasonNeeded: no reason.
    :raises NotAllowedNow: it is not in force.
    """
    row = lock(VerbSwitch, switch_id, actor=actor, see=SEE)
    ask(row, "end", actor=actor, at=at)
    return transitions.perform(
        row, "end", actor=actor, at=at, by=actor, reason=stated(reason)
    )


@transitions.action
def end_due_switches(*, at: datetime) -> int:
    """End the switches whose last day is over; return how many."""
    today = clock.local_date(at)
    due = VerbSwitch.objects.filter(state=VerbSwitch.State.IN_FORCE, until_on__lt=today)
    rows = list(due.select_for_update(of=("self",), no_key=True).order_by("id"))
    for row in rows:
        transitions.perform(
            row, "run_out", actor=parties.system_actor(), at=at, reason=RUN_OUT
        )
    return len(rows)


def _authority_of(actor: Any) -> Organization:
    for role in PROPOSERS:
        if parties.has_role(actor, role):
            return parties.organization_for(actor, role)
    raise Forbidden


def _ask_day(until_on: date | None, *, at: datetime) -> None:
    if until_on is not None and until_on < clock.local_date(at):
        raise InvalidInput(
            fields={"until_on": _("The last day has passed. Name today or a later day.")}
        )


def _ask_way_out(more: switches.Off) -> None:
    states = trapped_by(more=more, off=all_off())
    if states:
        raise NoWayOut(states="、".join(states))
