"""Several agreements signed in one go: what was chosen, and what became of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.models.agreement import Agreement


class SigningBatch(models.Model):
    """
    Several signatures that one person asked for at once.

    It has no legal effect of its own: every agreement in it is signed, or refused, by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["-signed_at", "id"]
        default_permissions = ()
        indexes = [models.Index(fields=["signer", "-signed_at"], name="signing_batch_of")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.signed_at:%Y-%m-%d %H:%M}"


class SigningBatchItem(models.Model):
    """One agreement of a batch: signed when ``problem`` is empty, else why it was not."""

    batch = models.ForeignKey(SigningBatch, on_delete=models.PROTECT, related_name="items")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    signed = models.BooleanField()
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["batch", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_batch_item_once", fields=["batch", "agreement"]
            ),
            models.CheckConstraint(
                name="contracts_batch_item_says_why",
                condition=Q(signed=True, problem="") | (Q(signed=False) & ~Q(problem="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.agreement_id}"
