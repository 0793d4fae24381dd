"""Whom an overdue clock is put before, and who asked for more time and who allowed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workflow.models.deadlines import Deadline


class EscalationRule(models.Model):
    """Before whom an overdue clock comes, and how many working days after its last day."""

    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    after_working_days = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        default_permissions = ()
        ordering = ["kind", "version"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_escalation_rule_version", fields=["kind", "version"]
            ),
            models.CheckConstraint(
                name="workflow_escalation_rule_says",
                condition=Q(after_working_days__gte=1) & ~Q(role="") & ~Q(legal_basis=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}: {self.after_working_days} wd, {self.role}"


class ClockExtension(models.Model):
    """More time for one clock: asked by one person, granted or refused by another."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    working_days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_extension_one_open",
                fields=["deadline"],
                condition=Q(granted__isnull=True),
            ),
            models.UniqueConstraint(
                name="workflow_extension_one_granted",
                fields=["deadline"],
                condition=Q(granted=True),
            ),
            models.CheckConstraint(
                name="workflow_extension_days",
                condition=Q(working_days__gte=1, working_days__lte=10),
            ),
            models.CheckConstraint(
                name="workflow_extension_settled",
                condition=Q(granted__isnull=True, settled_by__isnull=True, settled_at__isnull=True)
                | Q(granted__isnull=False, settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="workflow_extension_four_eyes",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="workflow_extension_refused_for_a_reason",
                condition=Q(granted__isnull=True) | Q(granted=True) | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: +{self.working_days} wd"
