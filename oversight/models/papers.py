"""Letters and records of oversight as they were issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.models.cases import ViolationCase
from oversight.models.exits import ExitCase
from oversight.models.notices import PublicNotice


class OversightDocument(models.Model):
    """One PDF with its SHA-256; it belongs to exactly one case, notice or exit."""

    class Kind(models.TextChoices):
        HEARING_NOTICE = "HEARING_NOTICE", _("Hearing notice")
        DECISION = "DECISION", _("Decision on the violation")
        NOTICE = "NOTICE", _("Public notice")
        DESTRUCTION_RECORD = "DESTRUCTION_RECORD", _("Record of destruction")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=40, unique=True)
    case = models.ForeignKey(
        ViolationCase, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    notice = models.ForeignKey(
        PublicNotice, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    exit_case = models.ForeignKey(
        ExitCase, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    content_hash = models.CharField(max_length=64)
    file = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="oversight_document_has_one_owner",
                condition=Q(case__isnull=False, notice__isnull=True, exit_case__isnull=True)
                | Q(case__isnull=True, notice__isnull=False, exit_case__isnull=True)
                | Q(case__isnull=True, notice__isnull=True, exit_case__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
