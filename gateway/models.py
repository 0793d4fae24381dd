"""What the data plane keeps: the version of the grants, usage, counters, acknowledgements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GateVersion(models.Model):
    """
    The one row whose number changes with every commit that a gate must know of.

    Triggers on licenses, credentials, agreements and datasets raise it when their transaction
    commits, so that no two long transactions wait for each other on this row.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField()

    class Meta:
        db_table = "gateway_version"
        constraints = [
            models.CheckConstraint(name="gateway_version_one_row", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.version)


class GateAck(models.Model):
    """What one gate process has said it knows, and when it last said so."""

    node = models.CharField(max_length=80, primary_key=True)
    version = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.node}: {self.version}"


class UsageKey(models.Model):
    """
    The identity of a usage event, kept forever: the same event is stored once.

    ``payload_hash`` is the SHA-256 of what the event says; the same identity with another payload
    is a conflict.
    """

    pk = models.CompositePrimaryKey("source", "event_id")
    source = models.CharField(max_length=60)
    event_id = models.CharField(max_length=80)
    payload_hash = models.BinaryField()
    occurred_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class UsageEvent(models.Model):
    """
    One call at a gate, billed or not; written before its answer left, never changed.

    Partitioned by month of ``occurred_at`` (UTC). ``bytes`` counts the body sent. A call without a
    known license has ``license_id`` null. No foreign keys: a refused call may name anything.
    """

    class Excluded(models.TextChoices):
        NOT_EXCLUDED = "", _("Billable")
        SERVER_ERROR = "SERVER_ERROR", _("Server error")
        RETRY = "RETRY", _("Retry")
        REFUSED = "REFUSED", _("Refused")

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60)
    event_id = models.CharField(max_length=80)
    request_id = models.CharField(max_length=80, blank=True)
    retry_of = models.CharField(max_length=80, blank=True)
    license_id = models.UUIDField(null=True)
    credential_id = models.UUIDField(null=True)
    dataset_code = models.CharField(max_length=40)
    scenario_code = models.CharField(max_length=40, blank=True)
    fields_hash = models.CharField(max_length=64)
    query_hash = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    status = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    client_address = models.CharField(max_length=45, blank=True)
    billable = models.BooleanField()
    excluded_because = models.CharField(max_length=12, choices=Excluded.choices, blank=True)
    payload_hash = models.BinaryField()
    occurred_at = models.DateTimeField()
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.dataset_code} {self.status} {self.event_id}"


class UsageDaily(models.Model):
    """The calls of one license on one day in Asia/Shanghai, counted with the events themselves."""

    license_id = models.UUIDField()
    day = models.DateField()
    billable = models.PositiveBigIntegerField(default=0)
    server_errors = models.PositiveBigIntegerField(default=0)
    retries = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["day", "license_id"]
        constraints = [
            models.UniqueConstraint(
                name="gateway_usage_daily_once", fields=["license_id", "day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.license_id} {self.day}: {self.billable}"


class UsageConflict(models.Model):
    """A usage event whose identity was known with another payload: kept aside for a person."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60)
    event_id = models.CharField(max_length=80)
    payload = models.JSONField()
    payload_hash = models.BinaryField()
    known_hash = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            # The same wrong event sent a thousand times is one conflict.
            models.UniqueConstraint(
                name="gateway_usage_conflict_once", fields=["source", "event_id", "payload_hash"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class QuotaUse(models.Model):
    """
    Units of a license's quota given out for one period, ``2026-11``, ``2026-11-03``
    or ``total``.

    Gates take units in blocks, so that ``used`` may run ahead of the calls by what gates hold.
    """

    license_id = models.UUIDField()
    period = models.CharField(max_length=10)
    used = models.PositiveBigIntegerField()

    class Meta:
        db_table = "gateway_quota"
        constraints = [
            models.UniqueConstraint(name="gateway_quota_once", fields=["license_id", "period"])
        ]

    def __str__(self) -> str:
        return f"{self.license_id} {self.period}: {self.used}"
