"""
Mail: what is due is sent, what failed is tried again later, what keeps failing is left.

A message of its own is one mail; what waits for the digest is one mail a person and day. Each mail
is its own transaction and has a stable id, so that one sent twice after a crash is recognized.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction

from core import clock
from notify.models import MAIL_ATTEMPTS_MAX, Digest, Message
from notify.topics import Way

logger = logging.getLogger(__name__)

MAIL_BATCH_ROWS = 50
RETRY_SECONDS_FIRST = 60
# The digest of a day holds what was told before this hour of the day, in local time.
DIGEST_HOUR = 8
DIGEST_PEOPLE_MAX = 500
DIGEST_LINES_MAX = 100


def send_due(*, at: datetime) -> int:
    """Send the messages and digests due at ``at``, oldest first; return how many mails left."""
    return _send_due(Message, at=at) + _send_due(Digest, at=at)


def gather_digests(*, at: datetime) -> int:
    """
    Bind what waits for the digest into the mail of the day; return how many people get one.

    From DIGEST_HOUR on, once a person and day, at most DIGEST_PEOPLE_MAX people a run. A day on
    which nothing ran is made up: the next digest has what was told since the last.
    """
    day = clock.local_date(at)
    cut = clock.start_of_day(day) + timedelta(hours=DIGEST_HOUR)
    if at < cut:
        return 0
    waiting = (
        Message.objects.filter(way=Way.DIGEST, digest=None, created_at__lt=cut)
        .exclude(recipient__digests__day=day)
        .order_by("recipient_id")
        .values_list("recipient_id", flat=True)
        .distinct()
    )
    return sum(_gather(pk, day=day, cut=cut, at=at) for pk in list(waiting[:DIGEST_PEOPLE_MAX]))


def _gather(recipient_id: Any, *, day: date, cut: datetime, at: datetime) -> bool:
    with transaction.atomic():
        digest, created = Digest.objects.get_or_create(
            recipient_id=recipient_id, day=day, defaults={"created_at": at, "mail_due_at": at}
        )
        if not created:
            return False
        Message.objects.filter(
            recipient_id=recipient_id, way=Way.DIGEST, digest=None, created_at__lt=cut
        ).update(digest=digest)
    return True


def _send_due(model: type[Message] | type[Digest], *, at: datetime) -> int:
    """
    Send what is due of one class, at most MAIL_BATCH_ROWS; return how many left.

    Each is its own transaction: one bad address holds up nobody else.
    """
    due: models.QuerySet[Any] = model._default_manager.filter(mail_due_at__lte=at)
    keys = due.order_by("mail_due_at", "id").values_list("id", flat=True)
    return sum(_send(model, pk, at=at) for pk in list(keys[:MAIL_BATCH_ROWS]))


def _send(model: type[Message] | type[Digest], pk: int, *, at: datetime) -> bool:
    with transaction.atomic():
        rows: models.QuerySet[Any] = model._default_manager.select_for_update(
            of=("self",), skip_locked=True
        ).select_related("recipient")
        row = rows.filter(id=pk, mail_due_at__lte=at).first()
        if row is None:
            return False
        row.mail_attempts += 1
        try:
            _mail_of(row).send()
        except (OSError, ValueError):
            # The mail server is not there or refuses (SMTP errors are OSErrors), or the address
            # or the subject cannot stand in the head of a mail.
            logger.warning("mail_failed", extra={"of": model.__name__, "pk": pk}, exc_info=True)
            wait = timedelta(seconds=RETRY_SECONDS_FIRST * 2**row.mail_attempts)
            row.mail_due_at = None if row.mail_attempts >= MAIL_ATTEMPTS_MAX else at + wait
            row.save()
            return False
        row.mailed_at, row.mail_due_at = at, None
        row.save()
        return True


def _mail_of(row: Message | Digest) -> EmailMessage:
    subject, body = _digest(row) if isinstance(row, Digest) else (row.subject, _text(row))
    name = type(row).__name__.lower()
    return EmailMessage(
        subject=subject,
        body=body,
        to=[row.recipient.email],
        headers={"Message-ID": f"<{name}-{row.pk}@datadeed>"},
    )


def _digest(digest: Digest) -> tuple[str, str]:
    """Return what the digest says. The text is content, so it is Chinese."""
    total = digest.messages.count()
    rows = digest.messages.order_by("created_at", "id")[:DIGEST_LINES_MAX]
    parts = [f"{n}. {m.subject}\n{_text(m)}".strip() for n, m in enumerate(rows, start=1)]
    if total > DIGEST_LINES_MAX:
        parts.append(f"另有{total - DIGEST_LINES_MAX}条，请登录平台查看。")
    day = digest.day
    return f"{day.year}年{day.month}月{day.day}日消息摘要：共{total}条", "\n\n".join(parts)


def _text(message: Message) -> str:
    where = f"\n\n{settings.PUBLIC_BASE_URL}{message.link}" if message.link else ""
    return f"{message.body}{where}"
