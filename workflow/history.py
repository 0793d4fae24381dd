"""The timeline of a subject, read from its audit chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from workflow import audit, glance
from workflow.models import AuditEntry

TIMELINE_ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """
    One act on a subject, as the timeline shows it; ``number`` is the global audit number.

    ``shared`` says whether the party outside reads it too; None where that is no question.
    """

    number: int
    action: str
    before: str
    after: str
    actor_name: str
    at: datetime
    facts: dict[str, Any]
    refused: bool
    actor_id: str = ""
    shared: bool | None = None


def timeline(
    subject: models.Model,
    *,
    also: Iterable[models.Model] = (),
    include_refused: bool = False,
    limit: int = TIMELINE_ROWS_MAX,
) -> tuple[TimelineEntry, ...]:
    """
    Return what happened to a subject, newest first, at most ``limit`` entries.

    ``also`` adds subjects that belong to it (branches of a case). Refused attempts are for
    auditors and left out unless asked for.
    """
    wanted = Q()
    for one in (subject, *also):
        subject_type, subject_id = audit.subject_key(one)
        wanted |= Q(subject_type=subject_type, subject_id=subject_id)
    rows = AuditEntry.objects.filter(wanted)
    if not include_refused:
        rows = rows.filter(outcome=AuditEntry.Outcome.DONE)
    return tuple(
        TimelineEntry(
            number=row.id,
            action=row.action,
            before=row.before,
            after=row.after,
            actor_name=row.actor_name,
            at=row.at,
            facts=row.facts,
            refused=row.outcome == AuditEntry.Outcome.REFUSED,
            actor_id=row.actor_id,
        )
        for row in rows.order_by("-id")[:limit]
    )


def acts_of(actor: Any, subject: models.Model) -> frozenset[str]:
    """Return what an actor has done on a subject so far; within a glance asked once a subject."""
    key = audit.subject_key(subject)
    done = glance.once(("acts", *key), lambda: _acts([key]).get(key, {}))
    return done.get(str(actor.pk), frozenset())


def gather_acts(subjects: Iterable[models.Model]) -> None:
    """Fetch for the rest of a glance who has done what on several subjects; one query."""
    keys = [audit.subject_key(one) for one in subjects]
    found = _acts(keys) if keys else {}
    for key in keys:
        glance.once(("acts", *key), lambda key=key: found.get(key, {}))  # type: ignore[misc]


def _acts(keys: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    labels, ids = {label for label, _pk in keys}, {pk for _label, pk in keys}
    rows = AuditEntry.objects.filter(
        subject_type__in=labels, subject_id__in=ids, outcome=AuditEntry.Outcome.DONE
    )
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for label, pk, actor_id, action in rows.order_by().values_list(
        "subject_type", "subject_id", "actor_id", "action"
    ):
        by_actor = found.setdefault((label, pk), {})
        by_actor[actor_id] = by_actor.get(actor_id, frozenset()) | {action}
    return found
