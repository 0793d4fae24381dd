"""Mail of invitations, and what runs out with time."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from parties.actions import expire_invitations
from parties.actions.companies import ATTEMPT_MINUTES
from parties.actions.seats import hash_of_code
from parties.models import Attempt, Invitation

logger = logging.getLogger(__name__)

SCHEDULE = {"parties.mail_invitations": 30.0, "parties.tidy": 3600.0}
MAIL_BATCH_ROWS = 50
MAIL_ATTEMPTS_MAX = 6
RETRY_SECONDS_FIRST = 60
CODE_BYTES = 32


@shared_task(name="parties.mail_invitations")
def mail_invitations() -> int:
    """Mail the invitations that are due; return how many left."""
    return mail_due(at=clock.now())


@shared_task(name="parties.tidy")
def tidy() -> int:
    """Let invitations expire and forget old attempts; return how many expired."""
    at = clock.now()
    Attempt.objects.filter(at__lte=at - timedelta(minutes=ATTEMPT_MINUTES)).delete()
    return expire_invitations(at=at)


def mail_due(*, at: datetime) -> int:
    """
    Mail what is due at ``at``, oldest first, at most MAIL_BATCH_ROWS; return how many left.

    The code is made here and put into the mail; what is stored is its hash, in the same commit as
    the mark that the mail has left. A mail that failed is tried again with a new code.
    """
    due = Invitation.objects.filter(mail_due_at__lte=at).order_by("mail_due_at", "id")
    return sum(_send(pk, at=at) for pk in list(due.values_list("id", flat=True)[:MAIL_BATCH_ROWS]))


def _send(invitation_id: object, *, at: datetime) -> bool:
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("organization")
            .filter(
                id=invitation_id, mail_due_at__lte=at, state=Invitation.State.OPEN,
                expires_at__gt=at,
            )
            .first()
        )  # fmt: skip
        if invitation is None:
            return False
        code = secrets.token_urlsafe(CODE_BYTES)
        invitation.mail_attempts += 1
        try:
            _mail_of(invitation, code).send()
        except OSError:
            # The mail server is not there or refuses: SMTP errors are OSErrors.
            logger.warning("invitation_mail_failed", extra={"invitation_id": str(invitation.pk)})
            wait = timedelta(seconds=RETRY_SECONDS_FIRST * 2**invitation.mail_attempts)
            over = invitation.mail_attempts >= MAIL_ATTEMPTS_MAX
            invitation.mail_due_at = None if over else at + wait
            invitation.save()
            return False
        invitation.code_hash = hash_of_code(code)
        invitation.mailed_at, invitation.mail_due_at = at, None
        invitation.save()
        return True


def _mail_of(invitation: Invitation, code: str) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        told = {
            "company": invitation.organization.name,
            "role": str(invitation.get_role_display()),
            "until": invitation.expires_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "code": code,
            # Behind the hash sign: browsers send it to nobody, so no log and no proxy has it.
            "link": f"{settings.PUBLIC_BASE_URL}/invitations/#{code}",
        }
        subject = _("%(company)s invites you to a seat") % told
        body = _(
            "%(company)s invites you to the seat: %(role)s.\n\nOpen this address and sign in, or"
            " make an account for this mail address:\n%(link)s\n\nInvitation code:"
            " %(code)s\n\nThe code can be used once, by you alone, until %(until)s. If you do not"
            " know the company, do nothing."
        ) % told
    return EmailMessage(
        subject=subject,
        body=body,
        to=[invitation.email],
        headers={"Message-ID": f"<invitation-{invitation.pk}-{invitation.mail_attempts}@datadeed>"},
    )
