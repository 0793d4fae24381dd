"""The inbox of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from notify.models import Message


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the inbox shows it."""

    id: int
    subject: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of messages, newest first."""

    rows: tuple[MessageRow, ...]
    number: int
    pages: int
    total: int
    unread: int


def inbox(*, actor: Any, page: int = 1, unread_only: bool = False) -> Inbox:
    """Return one page of the actor's messages, newest first, PAGE_ROWS_MAX to a page."""
    mine = Message.objects.filter(recipient=actor)
    unread = mine.filter(read_at=None).count()
    if unread_only:
        mine = mine.filter(read_at=None)
    total = mine.count()
    size = settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = mine.order_by("-created_at", "-id")[(number - 1) * size : number * size]
    return Inbox(tuple(_row(m) for m in rows), number, pages, total, unread)


def latest(*, actor: Any, limit: int = 5) -> tuple[MessageRow, ...]:
    """Return the newest messages of the actor, at most ``limit``."""
    rows = Message.objects.filter(recipient=actor).order_by("-created_at", "-id")[:limit]
    return tuple(_row(m) for m in rows)


def unread_count(*, actor: Any) -> int:
    """Return how many messages the actor has not read."""
    return Message.objects.filter(recipient=actor, read_at=None).count()


def _row(message: Message) -> MessageRow:
    return MessageRow(
        id=message.id,
        subject=message.subject,
        body=message.body,
        link=message.link,
        created_at=message.created_at,
        read_at=message.read_at,
        mailed_at=message.mailed_at,
    )
