"""Telling people: a row now, mail later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotFound
from notify import topics, ways
from notify.models import Choice, HouseRule, Message
from notify.topics import Topic, Way
from parties import queries as parties
from parties.models import Organization
from parties.roles import Role
from workflow import audit

# Who says how the house tells its people.
SETTER = Role.AUTHORITY_DECIDER
REASON_CHARACTERS_MAX = 300
KEY_CHARACTERS_MAX = 200
SUBJECT_CHARACTERS_MAX = 200


class UnusableMessage(InvalidInput):
    """A message that cannot be told: no subject, no key, or a link that leads elsewhere."""

    code = "unusable_message"
    default_message = _("The message cannot be sent. Check its subject, its key and its link.")


def tell(
    *,
    people: Iterable[Any],
    subject: str | Promise,
    key: str,
    at: datetime,
    topic: Topic = topics.GENERAL,
    role: str = "",
    body: str | Promise = "",
    link: str = "",
) -> int:
    """
    Tell people something once; return how many were told now.

    ``key`` names the occasion: who was told under it before is not told again. ``link`` is a path
    of the portal. ``topic``, with the ``role`` that is told, says which way the message takes
    beside the inbox; mail goes to those who have an address, by a task. Translatable texts are
    told in the language of the house, whatever language the cause was typed in.

    :raises UnusableMessage: subject or key is missing or too long, or the link is not a path.
    """
    with translation.override(settings.LANGUAGE_CODE):
        subject, body = str(subject), str(body)
    _check(subject=subject, key=key, link=link)
    told = {p.pk: p for p in people if p.is_active and not p.is_system}
    way_of = ways.ways_of(topic=topic, people=told.values(), role=role) if told else {}
    rows = {
        pk: Message(
            recipient=person,
            subject=subject,
            body=body,
            link=link,
            key=key,
            topic=topic.key,
            way=(way := _way(person, way_of[pk])),
            created_at=at,
            mail_due_at=at if way is Way.NOW else None,
        )
        for pk, person in told.items()
    }
    with transaction.atomic():
        known = set(
            Message.objects.filter(recipient__in=list(rows), key=key).values_list(
                "recipient_id", flat=True
            )
        )
        new = [row for pk, row in rows.items() if pk not in known]
        # Two handlers may tell the same at once; the unique key lets one of them win.
        Message.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def tell_desk(
    *,
    organization: Any,
    role: str,
    subject: str | Promise,
    key: str,
    at: datetime,
    topic: Topic = topics.GENERAL,
    body: str | Promise = "",
    link: str = "",
) -> int:
    """
    Tell everyone who holds a role in an organization; return how many were told now.

    :raises UnusableMessage: as ``tell``.
    """
    people = parties.people_at(organization, role)
    return tell(
        people=people,
        subject=subject,
        topic=topic,
        role=role,
        body=body,
        link=link,
        key=key,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person; fields as in ``tell``, the texts in the language of the house."""

    person: Any
    subject: str
    key: str
    body: str = ""
    link: str = ""


def tell_each(
    notices: Iterable[Notice], *, at: datetime, topic: Topic = topics.GENERAL, role: str = ""
) -> int:
    """
    Tell many people different things, each once; return how many were new.

    All are of one ``topic``. The number of statements does not grow with the notices.

    :raises UnusableMessage: as ``tell``; then nobody is told.
    """
    wanted: dict[tuple[Any, str], Message] = {}
    given = tuple(notices)
    people = {one.person.pk: one.person for one in given}
    way_of = ways.ways_of(topic=topic, people=people.values(), role=role) if people else {}
    for one in given:
        _check(subject=one.subject, key=one.key, link=one.link)
        if not one.person.is_active or one.person.is_system:
            continue
        way = _way(one.person, way_of[one.person.pk])
        wanted[one.person.pk, one.key] = Message(
            recipient=one.person,
            subject=one.subject,
            body=one.body,
            link=one.link,
            key=one.key,
            topic=topic.key,
            way=way,
            created_at=at,
            mail_due_at=at if way is Way.NOW else None,
        )
    with transaction.atomic():
        known = Message.objects.filter(
            recipient__in={pk for pk, _key in wanted}, key__in={key for _pk, key in wanted}
        ).values_list("recipient_id", "key")
        for told in known:
            wanted.pop(told, None)
        Message.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return len(wanted)


def mark_read(*, message_id: int, actor: Any, at: datetime) -> str:
    """
    Mark one of the actor's own messages as read; return its link.

    :raises NotFound: there is no such message of this person.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update().filter(id=message_id, recipient=actor).first()
        )
        if message is None:
            raise NotFound
        if message.read_at is None:
            message.read_at = at
            message.save(update_fields=["read_at"])
    return message.link


def mark_all_read(*, actor: Any, at: datetime) -> int:
    """Mark every unread message of the actor as read; return how many there were."""
    return Message.objects.filter(recipient=actor, read_at=None).update(read_at=at)


def choose_ways(*, wanted: Mapping[str, str], actor: Any, at: datetime) -> int:
    """
    Keep how the actor wants to hear of topics; return how many choices changed.

    ``wanted`` is key of the topic → way, or "" for what the house says. Messages told before keep
    the way they took.

    :raises InvalidInput: an unknown topic, or a way that this topic does not allow.
    """
    _ask_ways(wanted, {t.key: t.own_ways() for t in topics.topics()})
    with transaction.atomic():
        # One person in two windows: the row of the person is the lock of the choices.
        get_user_model()._default_manager.select_for_update(no_key=True).get(pk=actor.pk)
        rows = Choice.objects.filter(person=actor, topic__in=list(wanted))
        before = dict(rows.values_list("topic", "way"))
        changed = {key: way for key, way in wanted.items() if before.get(key, "") != way}
        if not changed:
            return 0
        rows.filter(topic__in=list(changed)).delete()
        Choice.objects.bulk_create(
            Choice(person=actor, topic=key, way=way, set_at=at)
            for key, way in changed.items()
            if way
        )
        audit.record(actor, "choose_messages", actor=actor, at=at, facts={"changed": changed})
    return len(changed)


def set_house_ways(
    *, wanted: Mapping[tuple[str, str], str], reason: str, actor: Any, at: datetime
) -> int:
    """
    Set how roles hear of topics for messages from now on; return how many rules changed.

    ``wanted`` is (key of the topic, role) → way. Each change is a version with its reason.

    :raises Forbidden: the actor is not a decider of the authority.
    :raises InvalidInput: no reason, an unknown topic or role, or a way the topic does not allow.
    """
    authority = parties.organization_for(actor, SETTER)
    text = reason.strip()
    if not 0 < len(text) <= REASON_CHARACTERS_MAX:
        raise InvalidInput(fields={"reason": _("State the reason, in at most 300 characters.")})
    known = {(t.key, r): t.house_ways() for t in topics.topics() for r in t.roles or Role.values}
    _ask_ways(wanted, known)
    with transaction.atomic():
        # Two deciders at once: the row of the authority is the lock of the rules.
        Organization.objects.select_for_update(no_key=True).get(pk=authority.pk)
        rules, changed = ways.house_rules(), 0
        for (key, role), way in sorted(wanted.items()):
            topic, last = topics.find(key), rules.get((key, role))
            assert topic is not None
            before = ways.house_way(topic, role, rules)
            if before == way:
                continue
            made = HouseRule.objects.create(
                topic=key,
                role=role,
                version=last.version + 1 if last else 1,
                way=way,
                reason=text,
                set_by=actor,
                set_at=at,
            )
            facts = {"topic": key, "role": role, "from": before.value, "to": way, "reason": text}
            audit.record(made, "set_rule", actor=actor, at=at, facts=facts)
            changed += 1
    return changed


def _ask_ways(wanted: Mapping[Any, str], known: Mapping[Any, tuple[Way, ...]]) -> None:
    for key, way in wanted.items():
        name = key if isinstance(key, str) else ".".join(key)
        if key not in known:
            raise InvalidInput(fields={name: _("There is no such topic.")})
        allowed = known[key] if not isinstance(key, str) else ("", *known[key])
        if way not in allowed:
            raise InvalidInput(fields={name: _("This topic cannot be told this way.")})


def _way(person: Any, way: Way) -> Way:
    """Return the way that is open to a person: who has no address has the inbox."""
    return way if person.email or way is Way.MUTE else Way.NONE


def _check(*, subject: str, key: str, link: str) -> None:
    if not subject.strip() or len(subject) > SUBJECT_CHARACTERS_MAX:
        raise UnusableMessage(fields={"subject": _("Enter a subject of at most 200 characters.")})
    if not key or len(key) > KEY_CHARACTERS_MAX:
        raise UnusableMessage(fields={"key": _("A message needs a key of at most 200 characters.")})
    if link and (not link.startswith("/") or link.startswith("//") or "\\" in link):
        raise UnusableMessage(fields={"link": _("A link must be a path of this portal.")})
