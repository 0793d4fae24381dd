"""What the worker does for messages: remind, bind digests, send mail."""

from __future__ import annotations

from celery import shared_task

from core import clock
from notify import mail, reminders

SCHEDULE = {
    "notify.send_mail": 30.0,
    "notify.gather_digests": 300.0,
    "notify.remind": 900.0,
}


@shared_task(name="notify.send_mail")
def send_mail() -> int:
    """Send the mail that is due; return how many mails left."""
    return mail.send_due(at=clock.now())


@shared_task(name="notify.gather_digests")
def gather_digests() -> int:
    """Bind what waits for the digest into the mail of the day."""
    return mail.gather_digests(at=clock.now())


@shared_task(name="notify.remind")
def remind() -> int:
    """Remind people of what is due; once a working day."""
    return reminders.remind(at=clock.now())
