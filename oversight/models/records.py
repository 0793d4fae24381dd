"""What belongs to a violation case and is never rewritten: evidence, statements, measures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.models.alerts import Alert
from oversight.models.cases import ViolationCase
from oversight.models.choices import MeasureKind


class Evidence(models.Model):
    """
    One piece of evidence with its SHA-256 and its custody; a trigger refuses change and removal.
    """

    case = models.ForeignKey(ViolationCase, on_delete=models.PROTECT, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    size_bytes = models.PositiveBigIntegerField()
    content_hash = models.CharField(max_length=64)
    custodian = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="oversight_evidence_position", fields=["case", "position"]
            ),
            models.UniqueConstraint(
                name="oversight_evidence_once", fields=["case", "content_hash"]
            ),
            models.CheckConstraint(
                name="oversight_evidence_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="oversight_evidence_not_empty", condition=Q(size_bytes__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:12]}"


class PartyStatement(models.Model):
    """What the party said, and what the authority answered."""

    class Kind(models.TextChoices):
        STATEMENT = "STATEMENT", _("Party's statement")
        WAIVER = "WAIVER", _("Waiver")
        OBJECTION = "OBJECTION", _("Objection")

    case = models.ForeignKey(ViolationCase, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField()
    content_hash = models.CharField(max_length=64)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["case", "given_at", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="oversight_objection_once", fields=["case"], condition=Q(kind="OBJECTION")
            ),
            models.CheckConstraint(
                name="oversight_statement_says_something", condition=~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"


class Measure(models.Model):
    """
    A measure as it was carried out: interim ones on an alert or a case, final ones on a case.

    ``effects`` lists what was done to which license. ``until`` ends an interim measure that no case
    follows; ``ended_at`` says when it was lifted or replaced.
    """

    case = models.ForeignKey(
        ViolationCase, null=True, on_delete=models.PROTECT, related_name="measures"
    )
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=8, choices=MeasureKind.choices)
    interim = models.BooleanField()
    terms = models.JSONField(default=dict)
    effects = models.JSONField(default=list)
    reason = models.TextField()
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ordered_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="oversight_measure_belongs_somewhere",
                condition=Q(case__isnull=False) | Q(alert__isnull=False, interim=True),
            ),
            models.CheckConstraint(
                name="oversight_measure_without_case_ends",
                condition=Q(case__isnull=False) | Q(until__isnull=False),
            ),
            models.CheckConstraint(name="oversight_measure_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'interim' if self.interim else 'final'}"
