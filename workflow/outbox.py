"""
The outbox: events written with the change they report, delivered to each subscriber once.

The rows are the truth; the broker only wakes a worker. A worker claims deliveries with a lease and
a fencing number, and a handler's effect and the mark "delivered" are one transaction. A delivery
that failed twelve times becomes a dead letter that a person can see and send again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from core.errors import NotFound
from workflow import audit
from workflow.models import Delivery, Event

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
RETRY_SECONDS_FIRST = 2
RETRY_SECONDS_MAX = 3_600
ERROR_CHARACTERS_MAX = 2_000
DELIVERIES_PER_INSERT = 1_000
INSERT = (
    "INSERT INTO workflow_event (name, subject_type, subject_id, at, facts)"
    " VALUES (%s, %s, %s, %s, %s::jsonb) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber of one event; inline ones run inside the transaction of the event."""

    event: str
    name: str
    handler: Handler
    inline: bool


_subscriptions: dict[str, list[Subscription]] = {}


def subscribe(event: str, *, name: str, handler: Handler, inline: bool = False) -> None:
    """
    Register a handler ``(event, *, at)`` for an event name such as ``catalog.dataset.suspend``.

    ``inline`` is for closing access only: the effect must be in the same commit as its cause.
    """
    existing = _subscriptions.setdefault(event, [])
    if any(s.name == name for s in existing):
        raise ValueError(f"{name} subscribes to {event} twice")
    existing.append(Subscription(event, name, handler, inline))


def subscriptions() -> tuple[Subscription, ...]:
    """Return every subscription, by event and name."""
    every = (s for several in _subscriptions.values() for s in several)
    return tuple(sorted(every, key=lambda s: (s.event, s.name)))


def emit(name: str, *, subject: models.Model, at: datetime, facts: dict[str, Any]) -> None:
    """Write an event and a delivery per subscriber, in the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, insert_values(name, subject=subject, at=at, facts=facts))
        [event_id] = cursor.fetchone()
    announce(name, event_id=event_id, subject=subject, at=at, facts=facts)


def insert_values(
    name: str, *, subject: models.Model, at: datetime, facts: dict[str, Any]
) -> list[Any]:
    """Return the values of ``INSERT``."""
    return [name, *audit.subject_key(subject), at, json.dumps(facts)]


def announce(
    name: str, *, event_id: int, subject: models.Model, at: datetime, facts: dict[str, Any]
) -> None:
    """Run the inline subscribers of a written event; write a delivery for each of the others."""
    subscribers = _subscriptions.get(name, [])
    if not subscribers:
        return
    subject_type, subject_id = audit.subject_key(subject)
    event = Event(
        id=event_id,
        name=name,
        subject_type=subject_type,
        subject_id=subject_id,
        at=at,
        facts=facts,
    )
    event._state.adding = False
    for subscription in subscribers:
        if subscription.inline:
            subscription.handler(event, at=at)
    waiting = [s for s in subscribers if not s.inline]
    if not waiting:
        return
    Delivery.objects.bulk_create(
        [Delivery(event=event, subscriber=s.name, due_at=at) for s in waiting]
    )
    if settings.OUTBOX_NUDGE:
        transaction.on_commit(_nudge, robust=True)


def emit_all(
    name: str, *, subjects: Sequence[models.Model], at: datetime, facts: dict[str, Any]
) -> None:
    """Write an event each for many subjects, and its deliveries, in the open transaction."""
    subscribers = _subscriptions.get(name, [])
    stored = json.dumps(facts)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('workflow_event', 'id'))"
            " FROM generate_series(1, %s)",
            [len(subjects)],
        )
        ids = [number for (number,) in cursor.fetchall()]
        with cursor.copy(
            "COPY workflow_event (id, name, subject_type, subject_id, at, facts) FROM STDIN"
        ) as rows:
            for number, subject in zip(ids, subjects, strict=True):
                rows.write_row((number, name, *audit.subject_key(subject), at, stored))
    inline = [s for s in subscribers if s.inline]
    if inline:
        for event in Event.objects.filter(id__in=ids).order_by("id"):
            for subscription in inline:
                subscription.handler(event, at=at)
    waiting = [s for s in subscribers if not s.inline]
    Delivery.objects.bulk_create(
        [Delivery(event_id=n, subscriber=s.name, due_at=at) for n in ids for s in waiting],
        batch_size=DELIVERIES_PER_INSERT,
    )
    if waiting and settings.OUTBOX_NUDGE:
        transaction.on_commit(_nudge, robust=True)


def deliver_due(*, at: datetime, limit: int | None = None) -> int:
    """
    Deliver what is due, oldest first, and return how many deliveries succeeded.

    Runs until nothing due is left or ``limit`` deliveries were claimed.
    """
    done, claimed = 0, 0
    while limit is None or claimed < limit:
        batch = _claim(at=at, rows=min(settings.OUTBOX_BATCH_ROWS, (limit or 10**9) - claimed))
        if not batch:
            break
        claimed += len(batch)
        for delivery_id, fence in batch:
            done += _deliver(delivery_id, fence=fence, at=at)
    return done


def redrive(*, delivery_id: int, actor: Any, at: datetime) -> Delivery:
    """Send a dead letter again, on a person's word; the act is audited on the delivery."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update()
            .filter(id=delivery_id, status=Delivery.State.DEAD)
            .first()
        )
        if delivery is None:
            raise NotFound
        delivery.status, delivery.attempts, delivery.due_at = Delivery.State.PENDING, 0, at
        delivery.save()
        audit.record(delivery, "redrive", actor=actor, at=at, before="DEAD", after="PENDING")
    return delivery


def _claim(*, at: datetime, rows: int) -> list[tuple[int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workflow_delivery SET lease_until = %(until)s, fence = fence + 1,"
            " attempts = attempts + 1 WHERE id IN (SELECT id FROM workflow_delivery"
            " WHERE status = 'PENDING' AND due_at <= %(at)s"
            " AND (lease_until IS NULL OR lease_until <= %(at)s)"
            " ORDER BY due_at, id LIMIT %(rows)s FOR UPDATE SKIP LOCKED) RETURNING id, fence",
            {
                "until": at + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
                "at": at,
                "rows": rows,
            },
        )
        return sorted(cursor.fetchall())


def _deliver(delivery_id: int, *, fence: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(of=("self",))
                .select_related("event")
                .filter(id=delivery_id, fence=fence, status=Delivery.State.PENDING)
                .first()
            )
            if delivery is None:
                # Another worker took over after our lease ran out; its number is higher.
                return False
            _handler(delivery)(delivery.event, at=at)
            delivery.status, delivery.done_at = Delivery.State.DONE, at
            delivery.lease_until, delivery.last_error = None, ""
            delivery.save()
            return True
    except Exception as error:
        # Whatever a handler raises is kept on the delivery for a person to read, and retried.
        logger.warning("delivery_failed", extra={"delivery": delivery_id}, exc_info=True)
        _postpone(delivery_id, fence=fence, at=at, error=error)
        return False


def _postpone(delivery_id: int, *, fence: int, at: datetime, error: Exception) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(id=delivery_id, fence=fence).first()
        if delivery is None:
            return
        wait = min(RETRY_SECONDS_FIRST * 2**delivery.attempts, RETRY_SECONDS_MAX)
        delivery.due_at, delivery.lease_until = at + timedelta(seconds=wait), None
        delivery.last_error = f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS_MAX]
        if delivery.attempts >= settings.OUTBOX_ATTEMPTS_MAX:
            delivery.status = Delivery.State.DEAD
        delivery.save()


def _handler(delivery: Delivery) -> Handler:
    for subscription in _subscriptions.get(delivery.event.name, []):
        if subscription.name == delivery.subscriber:
            return subscription.handler
    raise LookupError(f"no subscriber {delivery.subscriber} of {delivery.event.name}")


def _nudge() -> None:
    from workflow.tasks import deliver

    deliver.apply_async(ignore_result=True, retry=False)
