"""The rules that turn usage into money, each with versions that are never changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PriceVersion(models.Model):
    """
    One version of the price of a dataset, in force from a day on.

    Drafted by one person, published by another; a published version is never changed.
    """

    class Model(models.TextChoices):
        FREE = "FREE", _("Free of charge")
        FIXED_PRODUCT = "FIXED_PRODUCT", _("Fixed price per product")
        PER_CALL = "PER_CALL", _("Per call")
        TIERED_CALL = "TIERED_CALL", _("Per call, in tiers")
        PER_RECORD = "PER_RECORD", _("Per record")
        SUBSCRIPTION_PERIOD = "SUBSCRIPTION_PERIOD", _("Subscription per period")
        HYBRID = "HYBRID", _("Base price and calls")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="prices")
    number = models.PositiveIntegerField()
    model = models.CharField(max_length=20, choices=Model.choices)
    base_price = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    tiers = models.JSONField(default=list)
    currency = models.CharField(max_length=3, default="CNY")
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafted_prices"
    )
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dataset", "number"]
        constraints = [
            models.UniqueConstraint(name="settlement_price_number", fields=["dataset", "number"]),
            models.CheckConstraint(
                name="settlement_price_published_by_another",
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | (
                    Q(published_by__isnull=False, published_at__isnull=False)
                    & ~Q(published_by=F("drafted_by"))
                ),
            ),
            models.CheckConstraint(
                name="settlement_price_not_negative", condition=Q(base_price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.number}: {self.model}"


class SplitPolicy(models.Model):
    """
    How the net amount is shared, in force from a day on.

    ``shares`` are [{"party", "name", "account", "weight"}], in the order that breaks ties.
    """

    version = models.PositiveIntegerField(unique=True)
    shares = models.JSONField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        ordering = ["version"]

    def __str__(self) -> str:
        return f"split v{self.version}"


class FeeSchedule(models.Model):
    """The fees of the exchange and the platform, in force from a day on; rates are of the gross."""

    version = models.PositiveIntegerField(unique=True)
    platform_rate = models.DecimalField(max_digits=7, decimal_places=6)
    sandbox_fen_per_month = models.BigIntegerField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                name="settlement_fees_in_range",
                condition=Q(
                    platform_rate__gte=0, platform_rate__lte=1, sandbox_fen_per_month__gte=0
                ),
            )
        ]

    def __str__(self) -> str:
        return f"fees v{self.version}"


class TaxRate(models.Model):
    """The rate of value-added tax in force from a day on; 0.06 is six per cent."""

    effective_on = models.DateField(primary_key=True)
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    legal_basis = models.CharField(max_length=300)

    class Meta:
        ordering = ["effective_on"]
        constraints = [
            models.CheckConstraint(
                name="settlement_tax_rate_in_range", condition=Q(rate__gte=0, rate__lt=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.rate} from {self.effective_on}"
