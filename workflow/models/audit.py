"""The audit chain: one entry per act and per refused attempt, sealed in blocks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """
    One act, or one refused attempt, on one subject.

    Entries of a subject form a chain: each hash covers the entry and the hash before it. The
    table is append-only by role and by trigger.
    """

    class Outcome(models.TextChoices):
        DONE = "DONE", "Done"
        REFUSED = "REFUSED", "Refused"

    id = models.BigAutoField(primary_key=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_audit_one_chain",
                fields=["subject_type", "subject_id", "sequence"],
            ),
            models.CheckConstraint(
                name="workflow_audit_first_has_no_previous",
                condition=Q(sequence=1, previous_hash="")
                | (Q(sequence__gt=1) & ~Q(previous_hash="")),
            ),
        ]
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="workflow_audit_actor"),
            models.Index(fields=["-at", "-id"], name="workflow_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} #{self.sequence} {self.action}"


class AuditSeal(models.Model):
    """
    A block of audit entries under one Merkle root, chained to the seal before it.

    ``first_entry_id``..``last_entry_id`` are inclusive; sequences may have gaps, so
    ``entry_count`` is stored as well.
    """

    id = models.BigAutoField(primary_key=True)
    first_entry_id = models.BigIntegerField()
    last_entry_id = models.BigIntegerField(unique=True)
    entry_count = models.PositiveIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="workflow_seal_range",
                condition=Q(last_entry_id__gte=models.F("first_entry_id"), entry_count__gte=1),
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.id}: {self.first_entry_id}-{self.last_entry_id}"
