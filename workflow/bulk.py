"""
The same road for many subjects at once: a dataset closes, and ten thousand licenses follow.

What ``perform`` does one by one is done here by set: authority, legality, the transition method on
every subject, one UPDATE per distinct outcome, the audit entries and the events in one COPY each.
Every subject has its own entry in its own chain and its own event, exactly as if it went alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django_fsm import ConcurrentTransition, can_proceed

from core.errors import Forbidden, NotAllowedNow
from workflow import audit, outbox, policy
from workflow.transitions import Attempt, declared, plain_facts, refused

S = TypeVar("S", bound=models.Model)


def perform_all(
    subjects: Sequence[S], name: str, *, actor: Any, at: datetime, **arguments: Any
) -> list[S]:
    """
    Move many subjects of one class by one declared transition, all or none.

    The caller has locked every subject. A transition method assigns fields, as everywhere: what it
    changes inside a JSON value without assigning it is not seen here. Fields that the caller
    deferred stay unread unless the method asks for them.

    :raises Forbidden: the actor may not do this to one of them, in any state.
    :raises NotAllowedNow: the present state of one of them does not lead there.
    """
    assert connection.in_atomic_block, "a transition needs an open transaction"
    several = list(subjects)
    if not several:
        return several
    model = type(several[0])
    assert all(type(one) is model for one in several), "one class at a time"
    _ask(several, name, actor=actor, at=at)
    befores = [_step(one, name, at=at, arguments=arguments) for one in several]
    _store(model, several, befores)
    facts = plain_facts(arguments)
    moved = [
        (one, str(before["state"]), _state(one))
        for one, before in zip(several, befores, strict=True)
    ]
    audit.record_all(moved, name, actor=actor, at=at, facts=facts)
    outbox.emit_all(f"{model._meta.label_lower}.{name}", subjects=several, at=at, facts=facts)
    return several


def _ask(several: Sequence[S], name: str, *, actor: Any, at: datetime) -> None:
    """Ask authority of all before legality of any, so that an outsider learns no state."""
    model = type(several[0])
    permission = declared(model, name).permission
    held = _held(several, permission, actor=actor)
    for one in several:
        attempt = Attempt(one, name, actor, at)
        if one.pk not in held:
            raise refused(policy.denial(actor, permission, one), attempt)
        reason = policy.refusal(actor, permission, one)
        if reason:
            raise refused(Forbidden(reason), attempt)
    for one in several:
        if not can_proceed(getattr(one, name)):
            raise refused(NotAllowedNow(), Attempt(one, name, actor, at))


def _held(several: Sequence[S], permission: str, *, actor: Any) -> set[Any]:
    ids = [one.pk for one in several]
    if getattr(actor, "is_system", False):
        return set(ids) if policy.rule_of(permission).system else set()
    seen = policy.visible(actor, permission, type(several[0]))
    return set(seen.filter(pk__in=ids).values_list("pk", flat=True))


def _step(one: models.Model, name: str, *, at: datetime, arguments: dict[str, Any]) -> Any:
    before = dict(one.__dict__)
    getattr(one, name)(at=at, **arguments)
    return before


def _store(model: type[S], several: Sequence[S], befores: Sequence[dict[str, Any]]) -> None:
    """Write what changed: one UPDATE for all subjects that changed alike from the same state."""
    columns = {f.attname: f for f in model._meta.concrete_fields}
    alike: dict[tuple[Any, ...], tuple[dict[str, Any], list[Any]]] = {}
    for one, before in zip(several, befores, strict=True):
        changes = {
            name: value
            for name, value in one.__dict__.items()
            if name in columns and (name not in before or before[name] != value)
        }
        key = (before["state"], tuple((name, repr(value)) for name, value in changes.items()))
        alike.setdefault(key, (changes, []))[1].append(one.pk)
    for (state, _), (changes, ids) in alike.items():
        # A step that leads back to its own state and sets nothing leaves no trace in the row.
        if changes and _update(model, ids, state=state, changes=changes) != len(ids):
            raise ConcurrentTransition(f"{model._meta.label}: a row moved under its lock")


def _update(model: type[S], ids: list[Any], *, state: str, changes: dict[str, Any]) -> int:
    """Write the same changes to many rows by one statement with one array, and count them."""
    meta: Any = model._meta
    quote = connection.ops.quote_name
    fields = {f.attname: f for f in meta.concrete_fields}
    changed = ", ".join(f"{quote(fields[name].column)} = %s" for name in changes)
    values = [fields[name].get_db_prep_save(value, connection) for name, value in changes.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} SET {changed}"  # noqa: S608 - names of columns
            f" WHERE {quote(meta.pk.column)} = ANY(%s) AND state = %s",
            [*values, ids, state],
        )
        return int(cursor.rowcount)


def _state(one: models.Model) -> str:
    return str(getattr(one, "state", ""))
