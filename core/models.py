"""The official calendar as rows, and the counters that number documents."""

from __future__ import annotations

from django.db import models


class CalendarDay(models.Model):
    """A day whose working status departs from its weekday, with the notice that says so."""

    class Type(models.TextChoices):
        OFF = "OFF", "Off"
        WORK = "WORK", "Make-up working day"

    day = models.DateField(primary_key=True)
    day_type = models.CharField(max_length=4, choices=Type.choices)
    name = models.CharField(max_length=40)
    source_notice = models.URLField(max_length=300)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                name="core_calendar_day_type_known",
                condition=models.Q(day_type__in=["OFF", "WORK"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.day_type}"


class CalendarYear(models.Model):
    """A year whose official calendar has been published and imported."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    imported_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.year)


class Counter(models.Model):
    """The last number given out in a series, e.g. licenses of 2026."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class SigningKey(models.Model):
    """
    A key and its certificate, kept for a holder; the key is encrypted (core.signatures.software).

    A retired key signs nothing any more; its certificate stays, so that what it signed is known.
    """

    class Use(models.TextChoices):
        SIGN = "SIGN", "Signs documents"
        CERTIFY = "CERTIFY", "Signs certificates"

    holder_id = models.CharField(max_length=64)
    holder_name = models.CharField(max_length=200)
    use = models.CharField(max_length=7, choices=Use.choices)
    algorithm = models.CharField(max_length=7)
    fingerprint = models.CharField(max_length=64, unique=True)
    certificate = models.TextField()
    locked_key = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="core_signing_key_one_current",
                fields=["holder_id", "use", "algorithm"],
                condition=models.Q(retired_at=None),
            ),
            models.CheckConstraint(
                name="core_signing_key_use_known", condition=models.Q(use__in=["SIGN", "CERTIFY"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.algorithm}"


class RequestTally(models.Model):
    """How many requests of a kind came from one address within one window of time."""

    kind = models.CharField(max_length=20)
    source_hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    requests = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="core_request_tally_one", fields=["kind", "source_hash", "begun_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.requests}"
