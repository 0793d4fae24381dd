"""Which acts can be switched off, which are, and what would be left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from core.fsm import StateModel
from parties import queries as parties
from parties.roles import Role
from workflow import policy, switches, transitions
from workflow.models import VerbSwitch

ROWS_MAX = 200
# Who may propose a switch, in the order in which a desk is looked for.
PROPOSERS = (Role.AUTHORITY_SUPERVISOR, Role.AUTHORITY_DECIDER)


@dataclass(frozen=True, slots=True)
class Act:
    """One right that can be switched off: the verbs it covers, the states they lead out of."""

    permission: str
    subject: str
    verbs: tuple[str, ...]
    states: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """One switch as the page shows it."""

    id: UUID
    act: Act
    of_state: str
    state_name: str
    role: str
    reason: str
    legal_basis: str
    until_on: date | None
    state: str
    standing: str
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    settled_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    ended_reason: str
    offers: tuple[transitions.Offer, ...]


@cache
def switchable_acts() -> tuple[Act, ...]:
    """Return every right that can be switched off, by subject and name."""
    return tuple(
        _act(model, rule)
        for model in _subjects()
        for rule in policy.rules()
        if rule.switchable
        and any(s.permission == rule.permission for s in transitions.declared_transitions(model))
    )


def act_of(permission: str) -> Act | None:
    """Return one right that can be switched off, or None."""
    return next((act for act in switchable_acts() if act.permission == permission), None)


def trapped_by(*, more: switches.Off, off: Iterable[switches.Off]) -> tuple[str, ...]:
    """Return the states that one more switch would leave without a way out, by their names."""
    found = act_of(more.permission)
    if found is None:
        return ()
    model = apps.get_model(found.subject)
    names = dict(_field(model).flatchoices)
    before = switches.trapped(_exits(model), off)
    after = switches.trapped(_exits(model), [*off, more])
    return tuple(str(names.get(state, state)) for state in after if state not in before)


def all_off() -> tuple[switches.Off, ...]:
    """Return what is switched off now."""
    rows = VerbSwitch.objects.filter(state=VerbSwitch.State.IN_FORCE)
    return tuple(
        switches.Off(*values) for values in rows.values_list("permission", "of_state", "role")
    )


def verb_switches(*, actor: Any) -> tuple[SwitchRow, ...]:
    """Return the switches this actor may see, what is open first, then the newest."""
    rows = (
        policy.visible(actor, "workflow.see_verbswitch", VerbSwitch)
        .select_related("proposed_by", "settled_by", "ended_by")
        .order_by("-proposed_at", "id")[:ROWS_MAX]
    )
    order = {"PROPOSED": 0, "IN_FORCE": 1}
    shown = [row for row in (_row(r, actor=actor) for r in rows) if row is not None]
    return tuple(sorted(shown, key=lambda row: order.get(row.state, 2)))


def may_propose_switch(actor: Any) -> bool:
    """Return whether an actor has a desk at which switches are proposed."""
    return any(parties.has_role(actor, role) for role in PROPOSERS)


def _row(row: VerbSwitch, *, actor: Any) -> SwitchRow | None:
    act = act_of(row.permission)
    if act is None:
        return None
    return SwitchRow(
        id=row.pk,
        act=act,
        of_state=row.of_state,
        state_name=dict(act.states).get(row.of_state, row.of_state),
        role=row.role,
        reason=row.reason,
        legal_basis=row.legal_basis,
        until_on=row.until_on,
        state=row.state,
        standing=str(VerbSwitch.State(row.state).label),
        proposed_by=row.proposed_by.full_name,
        proposed_at=row.proposed_at,
        settled_by=row.settled_by.full_name if row.settled_by else "",
        settled_at=row.settled_at,
        ended_by=row.ended_by.full_name if row.ended_by else "",
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        offers=transitions.offers(row, actor=actor),
    )


def _subjects() -> tuple[type[models.Model], ...]:
    found = [m for m in apps.get_models() if issubclass(m, StateModel)]
    return tuple(sorted(found, key=lambda m: m._meta.label_lower))


def _act(model: type[models.Model], rule: policy.Rule) -> Act:
    steps = [
        s for s in transitions.declared_transitions(model) if s.permission == rule.permission
    ]
    sources = {state for s in steps for state in s.sources}
    # In the order of the procedure, as the class names its states.
    names = [(str(c), name) for c, name in _field(model).flatchoices if str(c) in sources]
    return Act(
        permission=rule.permission,
        subject=model._meta.label_lower,
        verbs=tuple(dict.fromkeys(s.name for s in steps)),
        states=tuple(names),
        roles=tuple(dict.fromkeys(str(role) for _, role in rule.desks)),
    )


def _exits(model: type[models.Model]) -> tuple[switches.Exit, ...]:
    """Return the steps by which persons lead a subject on; what only the system does is none."""
    return tuple(
        switches.Exit(source, step.permission, tuple(str(role) for _, role in rule.desks))
        for step in transitions.declared_transitions(model)
        for source in step.sources
        if source != step.target
        and ((rule := policy.rule_of(step.permission)).desks or not rule.system)
    )


def _field(model: type[models.Model]) -> Any:
    return model._meta.get_field("state")
