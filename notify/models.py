"""Messages to people: one row per message, shown in the inbox and sent by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Message(models.Model):
    """
    One message to one person.

    ``key`` makes telling idempotent: the same event told twice is one message. The inbox always
    has it; ``mailed_at`` says when mail took it, ``mail_attempts`` how often that was tried.
    """

    id = models.BigAutoField(primary_key=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="notify_message_once", fields=["recipient", "key"]),
            models.CheckConstraint(name="notify_message_has_subject", condition=~Q(subject="")),
            models.CheckConstraint(
                name="notify_message_link_is_ours",
                # A link in a message leads into the portal and nowhere else.
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//")),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notify_message_inbox"),
            models.Index(
                fields=["mail_due_at", "id"],
                name="notify_message_to_mail",
                condition=Q(mail_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.subject}"
