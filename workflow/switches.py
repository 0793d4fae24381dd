"""
Which acts are switched off: one question in SQL, asked wherever a right is asked for.

Nothing is remembered in the process: the row is read in the statement that asks for the right, at
every step anew. A step that had asked before a switch was approved comes before it, as if it had
been done a moment earlier; every step that asks later is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from workflow.models import VerbSwitch

# Whoever changes what is switched off does so alone: two switches may only be safe one by one.
CHANGE_LOCK = 0x0FF5


def question(actor: Any, permission: str, subject: models.Model) -> tuple[str, list[Any]]:
    """Return the SQL expression that is true when a right is off for a person, and its values."""
    return _off("%s"), [permission, str(getattr(subject, "state", "")), actor.pk]


def question_as_locked(actor: Any, permission: str) -> tuple[str, list[Any]]:
    """Return the same for the row that a statement locks as ``locked`` (``rows.lock_free``)."""
    return _off("locked.state"), [permission, actor.pk]


def in_force(actor: Any, permission: str, subject: models.Model) -> VerbSwitch | None:
    """Return the switch by which a right is off for this person and subject, the oldest first."""
    state = str(getattr(subject, "state", ""))
    return (
        _concerning(actor)
        .filter(permission=permission, of_state__in=("", state))
        .order_by("settled_at", "id")
        .first()
    )


def off_for(actor: Any, permission: str, model: type[models.Model]) -> Q:
    """Return the condition that is true for the subjects of a class on which a right is off."""
    where = Q(of_state="")
    if any(f.attname == "state" for f in model._meta.concrete_fields):
        where |= Q(of_state=OuterRef("state"))
    return Q(Exists(_concerning(actor).filter(where, permission=permission)))


def off_on(actor: Any, subject: models.Model) -> Q:
    """Return the condition, on the rows of rights on one subject, that the right is off."""
    name = Concat(Value(f"{subject._meta.app_label}."), OuterRef("permission__codename"))
    here = ("", str(getattr(subject, "state", "")))
    return Q(Exists(_concerning(actor).filter(permission=name, of_state__in=here)))


def change_alone() -> None:
    """Wait until nobody else changes what is switched off, to the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGE_LOCK])


@dataclass(frozen=True, slots=True)
class Off:
    """What a switch takes away; empty texts mean every state and everybody."""

    permission: str
    of_state: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """One declared step by which a person takes a subject out of a state."""

    state: str
    permission: str
    roles: tuple[str, ...]


def trapped(exits: Iterable[Exit], off: Iterable[Off]) -> tuple[str, ...]:
    """
    Return the states out of which nobody could lead any more. Pure.

    A right without desks (it is given to persons) is gone only when it is off for everybody.
    """
    known, taken = tuple(exits), tuple(off)
    states = dict.fromkeys(one.state for one in known)
    return tuple(
        state
        for state in states
        if all(_is_taken(one, taken) for one in known if one.state == state)
    )


def _is_taken(way: Exit, taken: tuple[Off, ...]) -> bool:
    here = [o for o in taken if o.permission == way.permission and o.of_state in ("", way.state)]
    roles = {o.role for o in here}
    return "" in roles or (bool(way.roles) and roles.issuperset(way.roles))


def _concerning(actor: Any) -> models.QuerySet[VerbSwitch]:
    # The name of a desk is "organization:ROLE".
    desks = actor.groups.order_by().filter(name__endswith=Concat(Value(":"), OuterRef("role")))
    off: models.QuerySet[VerbSwitch] = VerbSwitch.objects.filter(
        Q(role="") | Q(Exists(desks)), state=VerbSwitch.State.IN_FORCE
    )
    return off


@cache
def _off(state: str) -> str:
    """Return the expression, built once: it is asked at every step that can be switched off."""
    person: Any = get_user_model()
    members = person.groups.through._meta
    member = members.get_field(person._meta.model_name).column
    return f"""EXISTS (
        SELECT 1 FROM {VerbSwitch._meta.db_table} AS off
        WHERE off.permission = %s AND off.state = 'IN_FORCE' AND off.of_state IN ('', {state})
        AND (off.role = '' OR EXISTS (
            SELECT 1 FROM {members.db_table} AS member
            JOIN auth_group AS desk ON desk.id = member.group_id
            WHERE member.{member} = %s AND split_part(desk.name, ':', 2) = off.role
        ))
    )"""  # noqa: S608 - names of tables
