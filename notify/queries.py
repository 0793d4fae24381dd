"""The inbox of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from notify import topics, ways
from notify.models import MAIL_ATTEMPTS_MAX, Choice, Message
from notify.topics import Way
from parties import queries as parties
from parties.roles import Role


@dataclass(frozen=True, slots=True)
class MessageRow:
    """
    One message as the inbox shows it.

    ``delivery`` is inbox | muted | due | refused | given_up | mailed | digest | digest_mailed;
    ``mail_at`` the time of the mail, or of the next try when it was refused.
    """

    id: int
    subject: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None
    topic: str
    topic_title: str | Promise
    delivery: str
    mail_at: datetime | None
    mail_attempts: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """One topic of the filter, with how many messages of it there are."""

    key: str
    title: str | Promise
    count: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of messages, newest first."""

    rows: tuple[MessageRow, ...]
    number: int
    pages: int
    total: int
    unread: int
    topics: tuple[TopicCount, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One topic on the personal page: the own choice ("" for none), and what the house says."""

    key: str
    title: str | Promise
    hint: str | Promise
    choice: str
    house: Way
    allowed: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class HouseCell:
    """How one role hears of a topic; who set it when and why, unless it is the default."""

    role: str
    role_name: str | Promise
    way: Way
    default: Way
    version: int
    reason: str
    set_by: str
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class HouseRow:
    """One topic on the page of the authority."""

    key: str
    title: str | Promise
    hint: str | Promise
    allowed: tuple[Way, ...]
    cells: tuple[HouseCell, ...]


def inbox(*, actor: Any, page: int = 1, unread_only: bool = False, topic: str = "") -> Inbox:
    """
    Return one page of the actor's messages, newest first, PAGE_ROWS_MAX to a page.

    ``topic`` keeps one topic; what is no topic of ours keeps nothing.
    """
    mine = Message.objects.filter(recipient=actor)
    counted = mine.order_by().values_list("topic").annotate(n=Count("id"))
    known: dict[str, int] = dict(counted)
    mine = mine.filter(topic=topic) if topic else mine
    unread = _unread(mine).count()
    if unread_only:
        mine = _unread(mine)
    total = mine.count()
    size = settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = mine.select_related("digest").order_by("-created_at", "-id")
    return Inbox(
        tuple(_row(m) for m in rows[(number - 1) * size : number * size]),
        number,
        pages,
        total,
        unread,
        tuple(TopicCount(key, _title(key), n) for key, n in sorted(known.items())),
    )


def latest(*, actor: Any, limit: int = 5) -> tuple[MessageRow, ...]:
    """Return the newest messages of the actor, at most ``limit``."""
    rows = Message.objects.filter(recipient=actor).select_related("digest")
    return tuple(_row(m) for m in rows.order_by("-created_at", "-id")[:limit])


def unread_count(*, actor: Any) -> int:
    """Return how many messages the actor has not read, those of muted topics aside."""
    return _unread(Message.objects.filter(recipient=actor)).count()


def own_ways(*, actor: Any) -> tuple[OwnRow, ...]:
    """Return the topics that may reach the actor, with the own choice and what the house says."""
    held = {desk.role for desk in parties.desks_of(actor)}
    chosen = dict(Choice.objects.filter(person=actor).values_list("topic", "way"))
    rules = ways.house_rules()
    found = []
    for topic in topics.topics():
        roles = held & set(topic.roles) if topic.roles else held or {""}
        if not roles:
            continue
        house = topics.louder(ways.house_way(topic, role, rules) for role in roles)
        allowed = topic.own_ways()
        choice = chosen.get(topic.key, "")
        found.append(
            OwnRow(
                key=topic.key,
                title=topic.title,
                hint=topic.hint,
                choice=choice if choice in allowed else "",
                house=house,
                allowed=allowed,
            )
        )
    return tuple(found)


def house_ways(*, actor: Any) -> tuple[HouseRow, ...]:
    """
    Return the matrix of the house, topic by role.

    :raises Forbidden: the actor is not a decider of the authority.
    """
    parties.organization_for(actor, Role.AUTHORITY_DECIDER)
    rules = ways.house_rules()
    return tuple(
        HouseRow(
            key=topic.key,
            title=topic.title,
            hint=topic.hint,
            allowed=topic.house_ways(),
            cells=tuple(_cell(topic, role, rules) for role in topic.roles or Role.values),
        )
        for topic in topics.topics()
    )


def _cell(topic: topics.Topic, role: str, rules: Any) -> HouseCell:
    rule = rules.get((topic.key, role))
    return HouseCell(
        role=role,
        role_name=Role(role).label,
        way=ways.house_way(topic, role, rules),
        default=topic.default(role),
        version=rule.version if rule else 0,
        reason=rule.reason if rule else "",
        set_by=rule.set_by.full_name if rule else "",
        set_at=rule.set_at if rule else None,
    )


def _unread(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.filter(read_at=None).exclude(way=Way.MUTE)


def _title(key: str) -> str | Promise:
    topic = topics.find(key)
    return topic.title if topic else key


def _delivery(message: Message) -> tuple[str, datetime | None, int]:
    """Return how far mail has come, since or until when, and after how many tries."""
    if message.way in {Way.NONE, Way.MUTE}:
        return ("muted" if message.way == Way.MUTE else "inbox"), None, 0
    if message.way == Way.DIGEST and message.digest is None:
        return "digest", None, 0
    mail = message.digest or message
    if mail.mailed_at is not None:
        return ("digest_mailed" if message.digest else "mailed"), mail.mailed_at, mail.mail_attempts
    if mail.mail_due_at is not None:
        refused = "refused" if mail.mail_attempts else "due"
        return refused, mail.mail_due_at, mail.mail_attempts
    given_up = mail.mail_attempts >= MAIL_ATTEMPTS_MAX
    return ("given_up" if given_up else "inbox"), None, mail.mail_attempts


def _row(message: Message) -> MessageRow:
    delivery, mail_at, attempts = _delivery(message)
    return MessageRow(
        id=message.id,
        subject=message.subject,
        body=message.body,
        link=message.link,
        created_at=message.created_at,
        read_at=message.read_at,
        mailed_at=message.mailed_at,
        topic=message.topic,
        topic_title=_title(message.topic),
        delivery=delivery,
        mail_at=mail_at,
        mail_attempts=attempts,
    )
