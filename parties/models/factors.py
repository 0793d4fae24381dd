"""The second factor of a person: one-time codes by time, and codes for a lost telephone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SecondFactor(models.Model):
    """
    The authenticator application of one person, from its enrolment to its removal.

    A code is good once: ``used_steps`` are the steps of time whose codes were taken lately.
    ``failures`` counts wrong tries in a row, of the password that goes with it too.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factors"
    )
    # Sealed with a key of the site (``parties.onetime``).
    secret = models.BinaryField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    remove_reason = models.CharField(max_length=500, blank=True)
    used_steps = models.JSONField(default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="parties_factor_one_in_force",
                fields=["user"],
                condition=Q(removed_at__isnull=True, confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="parties_factor_one_under_way",
                fields=["user"],
                condition=Q(removed_at__isnull=True, confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="parties_factor_removed_later",
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"second factor {self.pk} of {self.user_id}"


class RecoveryCode(models.Model):
    """A code that stands in for a lost telephone, once; only its hash is kept."""

    factor = models.ForeignKey(
        SecondFactor, on_delete=models.PROTECT, related_name="recovery_codes"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="parties_recovery_code_hash",
                condition=Q(code_hash__regex=r"^[0-9a-f]{64}$"),
            )
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
