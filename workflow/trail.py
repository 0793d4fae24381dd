"""
The audit trail as auditors read it, and the deliveries that nobody could take.

Rights are the caller's: what a person may see of the trail depends on desks, which this layer does
not know. Source: clause A21, docs/sources.md#a21.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from workflow.models import AuditEntry, AuditSeal, Delivery

EXPORT_ROWS_MAX = 50_000
TEXT_CHARACTERS_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an auditor looks for; an empty value asks for nothing in particular."""

    actor: str = ""
    subject_type: str = ""
    subject_id: str = ""
    action: str = ""
    refused_only: bool = False
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry with its place in its chain."""

    number: int
    subject_type: str
    subject_id: str
    sequence: int
    action: str
    before: str
    after: str
    before_name: str
    after_name: str
    refused: bool
    actor_id: str
    actor_name: str
    at: datetime
    facts: dict[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """One page, newest first; ``older_than`` leads to the next one, None at the end."""

    rows: tuple[TrailRow, ...]
    older_than: int | None


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the trail is sealed."""

    last_entry: int
    sealed_to: int
    sealed_at: datetime | None
    seals: int
    seal_hash: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that failed as often as it may."""

    id: int
    event: str
    subject_type: str
    subject_id: str
    subscriber: str
    attempts: int
    last_error: str
    happened_at: datetime


def entries(*, wanted: Wanted, older_than: int | None = None) -> TrailPage:
    """Return one page of the entries wanted, newest first, PAGE_ROWS_MAX to a page."""
    rows = _matching(wanted)
    if older_than is not None:
        rows = rows.filter(id__lt=older_than)
    size = settings.PAGE_ROWS_MAX
    found = list(rows.order_by("-id")[: size + 1])
    more = found[size - 1].id if len(found) > size else None
    return TrailPage(tuple(_row(entry) for entry in found[:size]), more)


def export(*, wanted: Wanted) -> Iterator[TrailRow]:
    """Yield the entries wanted, oldest first, at most EXPORT_ROWS_MAX."""
    for entry in _matching(wanted).order_by("id")[:EXPORT_ROWS_MAX].iterator(chunk_size=2_000):
        yield _row(entry)


def subject_types() -> tuple[str, ...]:
    """Return the kinds of subjects that have entries, by name."""
    rows = AuditEntry.objects.order_by("subject_type").values_list("subject_type", flat=True)
    return tuple(rows.distinct()[:200])


def seal_status() -> SealStatus:
    """Return the last entry and the last seal."""
    seal = AuditSeal.objects.order_by("-id").first()
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return SealStatus(
        last_entry=last or 0,
        sealed_to=seal.last_entry_id if seal else 0,
        sealed_at=seal.sealed_at if seal else None,
        seals=AuditSeal.objects.count(),
        seal_hash=seal.hash if seal else "",
    )


def dead_letters() -> tuple[DeadLetter, ...]:
    """Return the dead letters, oldest first, at most PAGE_ROWS_MAX."""
    rows = Delivery.objects.filter(status=Delivery.State.DEAD).select_related("event")
    return tuple(
        DeadLetter(
            id=row.id,
            event=row.event.name,
            subject_type=row.event.subject_type,
            subject_id=row.event.subject_id,
            subscriber=row.subscriber,
            attempts=row.attempts,
            last_error=row.last_error,
            happened_at=row.event.at,
        )
        for row in rows.order_by("id")[: settings.PAGE_ROWS_MAX]
    )


def state_name(subject_type: str, state: str) -> str:
    """Return a state as its class names it for people; an unknown one as it is written."""
    try:
        states = getattr(apps.get_model(subject_type), "State", None)
    except (LookupError, ValueError):
        # A class that is no longer part of the product still has its entries.
        states = None
    return str(states(state).label) if states is not None and state in states.values else state


def _matching(wanted: Wanted) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    actor = wanted.actor.strip()[:TEXT_CHARACTERS_MAX]
    if actor:
        rows = rows.filter(Q(actor_name__icontains=actor) | Q(actor_id=actor))
    for name in ("subject_type", "subject_id", "action"):
        value = getattr(wanted, name).strip()[:TEXT_CHARACTERS_MAX]
        if value:
            rows = rows.filter(**{name: value})
    if wanted.refused_only:
        rows = rows.filter(outcome=AuditEntry.Outcome.REFUSED)
    if wanted.from_at is not None:
        rows = rows.filter(at__gte=wanted.from_at)
    if wanted.to_at is not None:
        rows = rows.filter(at__lt=wanted.to_at)
    return rows


def _row(entry: AuditEntry) -> TrailRow:
    return TrailRow(
        number=entry.id,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        sequence=entry.sequence,
        action=entry.action,
        before=entry.before,
        after=entry.after,
        before_name=state_name(entry.subject_type, entry.before),
        after_name=state_name(entry.subject_type, entry.after),
        refused=entry.outcome == AuditEntry.Outcome.REFUSED,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        at=entry.at,
        facts=entry.facts,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
    )
