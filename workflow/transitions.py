"""
The one road: every change of a ``state`` column in the product passes here.

``perform`` asks authority first and legality second, runs the transition method, saves, writes the
audit entry and the outbox event. One transaction, one commit. ``action`` wraps the actions of the
apps: it opens the transaction and, after a rollback, puts a refused attempt on record.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache, wraps
from typing import Any, Protocol, TypeVar, cast

from django.db import connection, models, transaction
from django_fsm import ConcurrentTransition, Transition, can_proceed

from core.errors import DomainError, Forbidden, NotAllowedNow
from core.fsm import AS_LOCKED, ROW_AS_READ
from workflow import audit, locking, outbox, policy, rows
from workflow.models import AuditEntry

_depth: ContextVar[int] = ContextVar("action_depth", default=0)


class Subject(Protocol):
    """A model with a protected ``state`` field and declared transitions."""

    state: str
    pk: Any

    def get_all_state_transitions(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried; kept on the error so that the refusal can be recorded."""

    subject: models.Model
    name: str
    actor: Any
    at: datetime


F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound=models.Model)
E = TypeVar("E", bound=DomainError)


def action(function: F) -> F:
    """
    Run a function in one transaction and record a refusal after its rollback.

    Only the outermost action records, in a transaction of its own: the refused work is gone by
    then, the record stays.
    """

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        outermost = _depth.get() == 0
        token = _depth.set(_depth.get() + 1)
        # Whom an actor stands in for is found out anew in every action.
        behalf = audit.on_behalf_of.set("") if outermost else None
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except DomainError as error:
            attempt = getattr(error, "attempt", None)
            if outermost and attempt is not None:
                _record_refusal(attempt, error)
            raise
        finally:
            _depth.reset(token)
            if behalf is not None:
                audit.on_behalf_of.reset(behalf)

    return cast(F, run)


def perform(subject: S, name: str, *, actor: Any, at: datetime, **arguments: Any) -> S:
    """
    Move one subject by one declared transition, and record it.

    ``subject`` is locked by the caller; ``at`` is the time of the act; ``arguments`` go to the
    transition method and, where they are plain facts, to the audit entry.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises SwitchedOff: the actor might, but the act is switched off.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    assert connection.in_atomic_block, "a transition needs an open transaction"
    permission = declared(type(subject), name).permission
    attempt = Attempt(subject, name, actor, at)
    with rows.prepared() as cursor:
        if not _queue_up(subject, permission, actor=actor, cursor=cursor):
            raise refused(policy.denial(actor, permission, subject), attempt)
        reason = policy.refusal(actor, permission, subject)
        if reason:
            raise refused(Forbidden(reason), attempt)
        step = getattr(subject, name)
        if not can_proceed(step):
            raise refused(NotAllowedNow(), attempt)
        before = _state(subject)
        step(at=at, **arguments)
        facts = plain_facts(arguments)
        draft = audit.prepare(
            subject, name, before=before, after=_state(subject), actor=actor, at=at, facts=facts
        )
        event: dict[str, Any] = {"subject": subject, "at": at, "facts": facts}
        event_name = f"{subject._meta.label_lower}.{name}"
        told = outbox.insert_values(event_name, **event)
        event_id = _write(subject, draft, told, cursor=cursor)
    outbox.announce(event_name, event_id=event_id, **event)
    return subject


def _queue_up(subject: models.Model, permission: str, *, actor: Any, cursor: Any) -> bool:
    """Wait for the end of the subject's chain, and return whether the actor holds the right."""
    known = locking.as_locked(subject, permission, actor=actor)
    if known is not None:
        return known
    held = policy.holds_by_itself(actor, permission)
    if held is False:
        return False
    query, values = ("true", []) if held else policy.question(actor, permission, subject)
    line = audit.queue_values(subject._meta.model, subject.pk)
    cursor.execute(f"SELECT {query}, {audit.QUEUE}", [*values, *line])
    return bool(cursor.fetchone()[0])


def _write(subject: models.Model, draft: audit.Draft, told: list[Any], *, cursor: Any) -> int:
    """
    Write a moved subject, its record and its event by one statement; return the event's number.

    :raises ConcurrentTransition: the row is not in the state any more that the step began with.
    """
    if subject.get_deferred_fields():
        # What was not read is not written: the ORM knows which columns those are.
        subject.save()
        store, values = "SELECT 1", list[Any]()
    else:
        store, values = rows.store_statement(subject, was=draft.before)
        store += " RETURNING 1"
    cursor.execute(
        f"WITH moved AS ({store}), {audit.LINK}, entry AS ({audit.APPEND}),"  # noqa: S608
        f" event AS ({outbox.INSERT})"
        " SELECT (SELECT count(*) FROM moved), event.id FROM entry, event",
        [*values, *audit.append_values(draft), *told],
    )
    moved, event_id = cursor.fetchone()
    if moved != 1:
        raise ConcurrentTransition(f"{subject._meta.label} {subject.pk} left {draft.before}")
    subject.__dict__.pop(ROW_AS_READ, None)
    subject.__dict__.pop(AS_LOCKED, None)
    subject._update_initial_state()  # type: ignore[attr-defined]
    return int(event_id)


def create(
    subject: S, *, actor: Any, at: datetime, facts: dict[str, Any] | None = None, **holders: Any
) -> S:
    """
    Store a new subject in its first state, grant its desks, and record its beginning.

    ``holders`` are the organizations around it, as ``policy.grant`` takes them. Whether the actor
    may begin such a thing is the caller's rule: there is no subject yet to hold a right on.
    """
    assert connection.in_atomic_block, "a beginning needs an open transaction"
    subject.save(force_insert=True)
    policy.grant(subject, **holders)
    plain = plain_facts(facts or {})
    audit.record(subject, "create", after=_state(subject), actor=actor, at=at, facts=plain)
    outbox.emit(f"{subject._meta.label_lower}.create", subject=subject, at=at, facts=plain)
    return subject


def lock(
    model: type[S], pk: Any, *, actor: Any, see: str, step: str | None = None
) -> S | None:
    """
    Return a subject that the actor may see, locked until the transaction ends, or None.

    ``see`` is the permission to see it; ``step`` is what the act is going to perform, so that the
    right to do it is asked in the same statement.
    """
    rights = (see,) if step is None else (see, declared(model, step).permission)
    found = locking.lock(model, pk, actor=actor, rights=rights, for_step=step is not None)
    return found if found is not None and policy.holds(actor, see, found) else None


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared transition of a class: where from, where to, by which permission."""

    name: str
    sources: tuple[str, ...]
    target: str
    permission: str


@cache
def declared_transitions(model: type[models.Model]) -> tuple[Declared, ...]:
    """Return every declared transition of a class, in the order of declaration."""
    field = cast(Any, model._meta.get_field("state"))
    merged: dict[str, Declared] = {}
    for t in cast("list[Transition]", list(field.get_all_transitions(model))):
        sources: tuple[str, ...] = (str(t.source),)
        known = merged.get(t.name)
        if known is not None:
            sources = known.sources + sources
        merged[t.name] = Declared(t.name, sources, str(t.target), str(t.permission))
    return tuple(merged.values())


@cache
def declared(model: type[models.Model], name: str) -> Declared:
    """Return one declared transition; an unknown name is a mistake in the code."""
    [found] = [t for t in declared_transitions(model) if t.name == name]
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition that the subject's state allows to a holder; ``barred`` says why not now."""

    name: str
    permission: str
    target: str
    barred: str


def offers(subject: models.Model, *, actor: Any) -> tuple[Offer, ...]:
    """
    Return what an actor could do to a subject in its present state.

    What the actor holds no right to is absent; what duties keep the actor from is there with the
    reason, so that a disabled button can be explained.
    """
    state = _state(subject)
    found = []
    for t in declared_transitions(type(subject)):
        if state not in t.sources and "*" not in t.sources:
            continue
        if policy.holds(actor, t.permission, subject):
            reason = policy.refusal(actor, t.permission, subject)
            found.append(Offer(t.name, t.permission, t.target, str(reason or "")))
    return tuple(found)


def refused(error: E, attempt: Attempt) -> E:
    """Return the error with what was attempted on it, so that ``action`` can record it."""
    error.attempt = attempt  # type: ignore[attr-defined]
    return error


def _record_refusal(attempt: Attempt, error: DomainError) -> None:
    with transaction.atomic():
        state = (
            type(attempt.subject)
            ._default_manager.filter(pk=attempt.subject.pk)
            .values_list("state", flat=True)
            .first()
        )
        if state is None:
            # The subject was born and rolled back in the same breath: nothing to hang a record on.
            return
        audit.record(
            attempt.subject,
            attempt.name,
            actor=attempt.actor,
            at=attempt.at,
            before=state,
            after=state,
            outcome=AuditEntry.Outcome.REFUSED,
            facts={"code": error.code},
        )


def _state(subject: models.Model) -> str:
    return str(getattr(subject, "state", ""))


def plain_facts(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a step as facts of its record: names for rows, no bytes."""
    facts: dict[str, Any] = {}
    for key, value in arguments.items():
        if isinstance(value, models.Model):
            facts[key] = str(value.pk)
        elif not isinstance(value, bytes) and value is not None:
            facts[key] = value
    return audit.plain(facts)
