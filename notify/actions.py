"""Telling people: a row now, mail later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotFound
from notify.models import Message
from parties import queries as parties

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
    body: str | Promise = "",
    link: str = "",
) -> int:
    """
    Tell people something once; return how many were told now.

    ``key`` names the occasion: who was told under it before is not told again. ``link`` is a path
    of the portal. Mail goes to those who have an address, by a task. Translatable texts are told
    in the language of the house, whatever language the cause was typed in.

    :raises UnusableMessage: subject or key is missing or too long, or the link is not a path.
    """
    with translation.override(settings.LANGUAGE_CODE):
        subject, body = str(subject), str(body)
    _check(subject=subject, key=key, link=link)
    rows = {
        person.pk: Message(
            recipient=person,
            subject=subject,
            body=body,
            link=link,
            key=key,
            created_at=at,
            mail_due_at=at if person.email else None,
        )
        for person in people
        if person.is_active and not person.is_system
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
    body: str | Promise = "",
    link: str = "",
) -> int:
    """
    Tell everyone who holds a role in an organization; return how many were told now.

    :raises UnusableMessage: as ``tell``.
    """
    people = parties.people_at(organization, role)
    return tell(people=people, subject=subject, body=body, link=link, key=key, at=at)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person; fields as in ``tell``, the texts in the language of the house."""

    person: Any
    subject: str
    key: str
    body: str = ""
    link: str = ""


def tell_each(notices: Iterable[Notice], *, at: datetime) -> int:
    """
    Tell many people different things, each once, by two statements; return how many were new.

    :raises UnusableMessage: as ``tell``; then nobody is told.
    """
    wanted: dict[tuple[Any, str], Message] = {}
    for one in notices:
        _check(subject=one.subject, key=one.key, link=one.link)
        if not one.person.is_active or one.person.is_system:
            continue
        wanted[one.person.pk, one.key] = Message(
            recipient=one.person,
            subject=one.subject,
            body=one.body,
            link=one.link,
            key=one.key,
            created_at=at,
            mail_due_at=at if one.person.email else None,
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


def _check(*, subject: str, key: str, link: str) -> None:
    if not subject.strip() or len(subject) > SUBJECT_CHARACTERS_MAX:
        raise UnusableMessage(fields={"subject": _("Enter a subject of at most 200 characters.")})
    if not key or len(key) > KEY_CHARACTERS_MAX:
        raise UnusableMessage(fields={"key": _("A message needs a key of at most 200 characters.")})
    if link and (not link.startswith("/") or link.startswith("//") or "\\" in link):
        raise UnusableMessage(fields={"link": _("A link must be a path of this portal.")})
