"""What a decision says of each dataset, and the versioned rules that spare or renew a review."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from applications.models.records import Decision


class DecisionItem(models.Model):
    """What one version of a decision says of one dataset; ``conditions`` are lines of text."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="items")
    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT)
    result = models.CharField(max_length=24, choices=Decision.Result.choices)
    reasons = models.TextField()
    conditions = models.JSONField(default=list)
    departure_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["decision_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="decision_item_once", fields=["decision", "dataset"]),
            models.CheckConstraint(name="decision_item_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="decision_item_conditions_fit",
                condition=Q(result="APPROVED_WITH_CONDITIONS") & ~Q(conditions=[])
                | Q(result__in=["APPROVED", "REJECTED"]) & Q(conditions=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} in {self.decision_id}: {self.result}"


class FastLaneRule(models.Model):
    """
    One version of the rule that spares a repeated, harmless case the committee.

    The version with the highest number whose day has come holds; ``enabled`` false closes the lane
    from that day.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    effective_on = models.DateField()
    enabled = models.BooleanField()
    level_max = models.PositiveSmallIntegerField()
    lookback_months = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)

    class Meta:
        ordering = ["version"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="fast_lane_rule_has_basis", condition=~Q(legal_basis="")
            ),
            models.CheckConstraint(
                name="fast_lane_rule_level_is_low", condition=Q(level_max__lte=2)
            ),
        ]

    def __str__(self) -> str:
        return f"fast lane v{self.version}"


class RenewalRule(models.Model):
    """One version of the window for renewals, in calendar days before the license expires."""

    version = models.PositiveSmallIntegerField(unique=True)
    effective_on = models.DateField()
    opens_days = models.PositiveSmallIntegerField()
    closes_days = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)

    class Meta:
        ordering = ["version"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="renewal_rule_has_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="renewal_rule_opens_first",
                condition=Q(opens_days__gte=models.F("closes_days")),
            ),
        ]

    def __str__(self) -> str:
        return f"renewal window v{self.version}"
