"""When parties are reminded that their agreement ends, and that they were."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contracts.models.agreement import Agreement


class ExpiryRule(models.Model):
    """
    One version of the days before the end on which parties are reminded.

    ``days_before`` holds calendar days, the earliest reminder first, e.g. [90, 45]; the version in
    force on the day of the run counts. An empty list reminds nobody.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    effective_on = models.DateField()
    days_before = models.JSONField()
    legal_basis = models.CharField(max_length=300)

    class Meta:
        ordering = ["version"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="contracts_expiry_rule_has_basis", condition=~Q(legal_basis="")
            )
        ]

    def __str__(self) -> str:
        return f"expiry reminders v{self.version}: {self.days_before}"


class ExpiryReminder(models.Model):
    """
    One reminder of one end: told once, also when the run comes late.

    ``late_days`` says by how many days; one that a later one made superfluous was not told by
    itself (``told`` is false). A new end, by an amendment, is reminded of anew.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="expiry_reminders"
    )
    valid_to = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    rule = models.ForeignKey(ExpiryRule, on_delete=models.PROTECT, related_name="+")
    told = models.BooleanField()
    late_days = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "-days_before"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_expiry_reminder_once",
                fields=["agreement", "valid_to", "days_before"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.valid_to} -{self.days_before}"
