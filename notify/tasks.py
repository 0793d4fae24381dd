"""Mail: what is due is sent, what failed is tried again later, what keeps failing is left."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from core import clock
from notify.models import Message

logger = logging.getLogger(__name__)

SCHEDULE = {"notify.send_mail": 30.0}
MAIL_BATCH_ROWS = 50
MAIL_ATTEMPTS_MAX = 6
RETRY_SECONDS_FIRST = 60


@shared_task(name="notify.send_mail")
def send_mail() -> int:
    """Send the mail that is due; return how many messages left."""
    return send_due(at=clock.now())


def send_due(*, at: datetime) -> int:
    """
    Send what is due at ``at``, oldest first, at most MAIL_BATCH_ROWS; return how many left.

    Each message is its own transaction: one bad address holds up nobody else. The message id of
    the mail is stable, so that a mail sent twice after a crash is recognized as one.
    """
    due = Message.objects.filter(mail_due_at__lte=at).order_by("mail_due_at", "id")
    return sum(_send(pk, at=at) for pk in list(due.values_list("id", flat=True)[:MAIL_BATCH_ROWS]))


def _send(message_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("recipient")
            .filter(id=message_id, mail_due_at__lte=at)
            .first()
        )
        if message is None:
            return False
        message.mail_attempts += 1
        try:
            _mail_of(message).send()
        except OSError:
            # The mail server is not there or refuses: SMTP errors are OSErrors.
            logger.warning("mail_failed", extra={"message_id": message_id}, exc_info=True)
            _postpone(message, at=at)
            return False
        message.mailed_at, message.mail_due_at = at, None
        message.save()
        return True


def _postpone(message: Message, *, at: datetime) -> None:
    wait = timedelta(seconds=RETRY_SECONDS_FIRST * 2**message.mail_attempts)
    message.mail_due_at = None if message.mail_attempts >= MAIL_ATTEMPTS_MAX else at + wait
    message.save()


def _mail_of(message: Message) -> EmailMessage:
    where = f"\n\n{settings.PUBLIC_BASE_URL}{message.link}" if message.link else ""
    return EmailMessage(
        subject=message.subject,
        body=f"{message.body}{where}",
        to=[message.recipient.email],
        headers={"Message-ID": f"<message-{message.id}@datadeed>"},
    )
