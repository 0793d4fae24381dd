"""Events and their deliveries: one row per subscriber, with lease and fencing number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="workflow_event_subject")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class Delivery(models.Model):
    """
    One event on its way to one subscriber.

        PENDING --delivered--> DONE
        PENDING --twelve tries--> DEAD --redrive--> PENDING

    ``fence`` grows with every claim: a worker that wakes up late finds another number and writes
    nothing.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", "Pending"
        DONE = "DONE", "Delivered"
        DEAD = "DEAD", "Dead letter"

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_delivery_once_per_subscriber", fields=["event", "subscriber"]
            ),
            models.CheckConstraint(
                name="workflow_delivery_done_has_time",
                condition=Q(status="DONE", done_at__isnull=False)
                | (~Q(status="DONE") & Q(done_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="workflow_delivery_due", condition=Q(status="PENDING")
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.subscriber}: {self.status}"
