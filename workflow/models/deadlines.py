"""Deadlines in working days, their rules, their stops and their history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class DeadlineRule(models.Model):
    """How long a step may take, and by what authority: configuration, never a constant."""

    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    working_days = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        ordering = ["kind", "version"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_deadline_rule_version", fields=["kind", "version"]
            ),
            models.CheckConstraint(
                name="workflow_deadline_rule_days", condition=Q(working_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}: {self.working_days} wd"


class Deadline(models.Model):
    """One running or closed clock of one subject."""

    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    rule = models.ForeignKey(DeadlineRule, on_delete=models.PROTECT)
    kind = models.CharField(max_length=60)
    started_on = models.DateField()
    working_days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.CharField(max_length=300, blank=True)
    stopped_days = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_deadline_one_open_per_kind",
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="workflow_deadline_due_after_start",
                condition=Q(due_on__gt=models.F("started_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="workflow_deadline_open", condition=Q(closed_on=None)
            ),
            models.Index(fields=["subject_type", "subject_id"], name="workflow_deadline_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id} due {self.due_on}"


class ClockStop(models.Model):
    """
    Time that does not count: from a day, to a day, for a cause and a reason, by a person.

    ``resumed_by`` is who let the clock run again; None when the clock was closed as it stood.
    """

    class Cause(models.TextChoices):
        CORRECTION = "CORRECTION", pgettext_lazy("stop", "Returned for correction")
        CLARIFICATION = "CLARIFICATION", pgettext_lazy("stop", "A question to the applicant")
        COMPANY = "COMPANY", pgettext_lazy("stop", "Waiting for the company")
        THIRD_PARTY = "THIRD_PARTY", pgettext_lazy("stop", "A third party is heard")
        CONSENT = "CONSENT", pgettext_lazy("stop", "Consent of the rights holder")
        EXPERT = "EXPERT", pgettext_lazy("stop", "Assessment by experts")
        FORCE_MAJEURE = "FORCE_MAJEURE", pgettext_lazy("stop", "Force majeure")
        OTHER = "OTHER", pgettext_lazy("stop", "Another cause")

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="stops")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    cause = models.CharField(max_length=16, choices=Cause.choices, default=Cause.OTHER)
    reason = models.CharField(max_length=300)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_clock_stop_one_open",
                fields=["deadline"],
                condition=Q(until_on__isnull=True),
            ),
            models.CheckConstraint(
                name="workflow_clock_stop_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
            ),
            models.CheckConstraint(
                name="workflow_clock_stop_resumed_has_ended",
                condition=Q(resumed_by__isnull=True) | Q(until_on__isnull=False),
            ),
            models.CheckConstraint(
                name="workflow_clock_stop_cause_known",
                condition=Q(
                    cause__in=[
                        "CORRECTION",
                        "CLARIFICATION",
                        "COMPANY",
                        "THIRD_PARTY",
                        "CONSENT",
                        "EXPERT",
                        "FORCE_MAJEURE",
                        "OTHER",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on or 'now'}"


class DeadlineChange(models.Model):
    """What a deadline was before it moved, and why it moved."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="changes")
    due_on_before = models.DateField()
    due_on_after = models.DateField()
    reason = models.CharField(max_length=300)
    # The piece of work that moved it, when many were moved at once; empty otherwise.
    origin = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["origin", "id"], name="workflow_change_origin", condition=~Q(origin="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_on_before} -> {self.due_on_after}"
