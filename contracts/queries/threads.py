"""What was said about clauses, as far as a reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from contracts.models import Agreement, ClauseComment, ClauseThread
from workflow import policy

SEE, JOIN = "contracts.see_clausethread", "contracts.join_clausethread"
THREADS_MAX = 300


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One thing that was said."""

    author: str
    party_name: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One conversation about a clause; ``is_internal`` says that the other side cannot see it."""

    id: UUID
    clause: str
    is_internal: bool
    is_open: bool
    text_version: int
    comments: tuple[CommentRow, ...]
    resolved_by: str
    resolved_at: datetime | None
    may_join: bool


def threads_of(agreement: Agreement, *, actor: Any) -> tuple[ThreadRow, ...]:
    """Return the conversations a reader may see, open ones first, at most THREADS_MAX."""
    said = ClauseComment.objects.select_related("author", "party")
    rows = list(
        policy.visible(actor, SEE, ClauseThread)
        .filter(agreement=agreement)
        .select_related("resolved_by")
        .prefetch_related(Prefetch("comments", said))
        .order_by("state", "started_at", "id")[:THREADS_MAX]
    )
    joins = set(
        policy.visible(actor, JOIN, ClauseThread)
        .filter(agreement=agreement)
        .values_list("pk", flat=True)
    )
    return tuple(_row(row, may_join=row.pk in joins) for row in rows)


def _row(row: ClauseThread, *, may_join: bool) -> ThreadRow:
    return ThreadRow(
        id=row.pk,
        clause=row.clause,
        is_internal=row.is_internal,
        is_open=row.state == ClauseThread.State.OPEN,
        text_version=row.text_version,
        comments=tuple(
            CommentRow(one.author.full_name, one.party.name, one.text, one.written_at)
            for one in row.comments.all()
        ),
        resolved_by=row.resolved_by.full_name if row.resolved_by else "",
        resolved_at=row.resolved_at,
        may_join=may_join,
    )
