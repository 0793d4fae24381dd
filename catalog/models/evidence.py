"""What each gate left behind. Evidence is added, never changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalog import choices
from catalog.models.datasets import Dataset, DatasetVersion


class Evidence(models.Model):
    """What all evidence has: of which version, by whom, when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["recorded_at", "id"]
        default_permissions = ()


class SensitiveScan(Evidence):
    """One scan of all rows of a version; ``findings`` is a list of {field, rule, hits, share}."""

    rows_scanned = models.BigIntegerField()
    findings = models.JSONField(default=list)
    hits = models.BigIntegerField()

    class Meta(Evidence.Meta):
        constraints = [
            models.CheckConstraint(
                name="catalog_scan_counts", condition=Q(rows_scanned__gte=0, hits__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"scan of {self.version_id}"


class RiskAssessment(Evidence):
    """The risk assessment before opening. Source: clause A09, domain §3.2 RiskAssessment."""

    threats = models.TextField()
    aggregation_risk = models.TextField()
    # Both from 1 (rare, slight) to 5 (certain, grave); their product is the risk before controls.
    likelihood = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    impact = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    controls = models.TextField()
    residual_level = models.CharField(max_length=10, choices=choices.LevelChoice.choices)
    assessor = models.CharField(max_length=120)
    valid_until = models.DateField()

    class Meta(Evidence.Meta):
        constraints = [
            models.CheckConstraint(
                name="catalog_assessment_scale",
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
            )
        ]

    def __str__(self) -> str:
        return f"risk assessment of {self.version_id}"


class SecrecyReview(Evidence):
    """The secrecy review by somebody else than the data officer. Source: clause B31."""

    opinion = models.TextField()

    def __str__(self) -> str:
        return f"secrecy review of {self.version_id}"


class ReclassificationEvidence(Evidence):
    """Why a dataset that was not open may be looked at again. Source: clause A24."""

    kind = models.CharField(max_length=24, choices=choices.EvidenceKindChoice.choices)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    content_hash = models.CharField(max_length=64)
    # A consent ends; a report holds for the version it was made for.
    valid_until = models.DateField(null=True)

    class Meta(Evidence.Meta):
        constraints = [
            models.CheckConstraint(
                name="catalog_consent_has_an_end",
                condition=~Q(kind="CONSENT") | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="catalog_evidence_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"
