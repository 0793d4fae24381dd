"""Messages to people: one row per message, shown in the inbox and sent by mail or in a digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from notify.topics import Way

MAIL_ATTEMPTS_MAX = 6


class Digest(models.Model):
    """The mail of one day to one person with every message that waited for it."""

    id = models.BigAutoField(primary_key=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests"
    )
    day = models.DateField()
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(name="notify_digest_once_a_day", fields=["recipient", "day"])
        ]
        indexes = [
            models.Index(
                fields=["mail_due_at", "id"],
                name="notify_digest_to_mail",
                condition=Q(mail_due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.day}"


class Message(models.Model):
    """
    One message to one person.

    ``key`` makes telling idempotent: the same event told twice is one message. The inbox always
    has it; ``way`` says how else it travels, ``mailed_at`` when mail took it, ``mail_attempts``
    how often that was tried. What goes by digest has no mail of its own.
    """

    id = models.BigAutoField(primary_key=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200)
    topic = models.CharField(max_length=40, default="general")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.NOW)
    digest = models.ForeignKey(
        Digest, null=True, on_delete=models.PROTECT, related_name="messages"
    )
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
            models.CheckConstraint(name="notify_message_way", condition=Q(way__in=Way.values)),
            models.CheckConstraint(
                name="notify_message_mailed_by_its_way",
                condition=Q(way=Way.NOW) | Q(mail_due_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notify_message_in_digest_by_its_way",
                condition=Q(way=Way.DIGEST) | Q(digest__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notify_message_inbox"),
            models.Index(
                fields=["mail_due_at", "id"],
                name="notify_message_to_mail",
                condition=Q(mail_due_at__isnull=False),
            ),
            models.Index(
                fields=["recipient", "topic", "-created_at", "-id"], name="notify_message_topic"
            ),
            models.Index(
                fields=["recipient", "id"],
                name="notify_message_for_digest",
                condition=Q(way=Way.DIGEST, digest__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.subject}"


class HouseRule(models.Model):
    """One version of how a role hears of a topic, as the authority set it; the last one holds."""

    topic = models.CharField(max_length=40)
    role = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    way = models.CharField(max_length=8, choices=Way.choices)
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["topic", "role", "version"]
        constraints = [
            models.UniqueConstraint(
                name="notify_house_rule_version", fields=["topic", "role", "version"]
            ),
            models.CheckConstraint(
                name="notify_house_rule_says",
                # The house mutes nobody, and says why it departs from the default.
                condition=Q(way__in=["NOW", "DIGEST", "NONE"]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.role} v{self.version}: {self.way}"


class Choice(models.Model):
    """How one person wants to hear of a topic."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_choices"
    )
    topic = models.CharField(max_length=40)
    way = models.CharField(max_length=8, choices=Way.choices)
    set_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["person_id", "topic"]
        constraints = [
            models.UniqueConstraint(name="notify_choice_once", fields=["person", "topic"]),
            models.CheckConstraint(name="notify_choice_way", condition=Q(way__in=Way.values)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.topic} {self.way}"


class ReminderRun(models.Model):
    """The reminders of one working day; ``missed_days`` are the working days without any before."""

    day = models.DateField(unique=True)
    missed_days = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    messages_told = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"reminders of {self.day}"
