"""Drafts nobody works on: how long they are kept, and who was warned."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from applications.models.application import Application


class DraftRule(models.Model):
    """One version of how long an idle draft is kept, and how long before its end one is warned."""

    version = models.PositiveSmallIntegerField(unique=True)
    effective_on = models.DateField()
    idle_days_max = models.PositiveSmallIntegerField()
    warning_days = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)

    class Meta:
        ordering = ["version"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="draft_rule_has_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="draft_rule_warns_before",
                condition=Q(warning_days__gte=1, idle_days_max__gt=F("warning_days")),
            ),
        ]

    def __str__(self) -> str:
        return f"idle drafts v{self.version}"


class DraftWarning(models.Model):
    """
    That the company was warned of a draft idle since ``idle_since``.

    Whoever writes on the draft afterwards makes the warning void: another one is needed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="idle_warnings"
    )
    idle_since = models.DateTimeField()
    warned_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="draft_warning_once", fields=["application", "idle_since"]
            ),
        ]

    def __str__(self) -> str:
        return f"warning of draft {self.application_id}"
