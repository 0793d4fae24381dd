"""How many calls an hour, beside the same hour of the days before. Source: domain §3.11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import ExtractHour

from core import clock
from gateway.models import UsageEvent
from oversight import detection

# A sweep that came late looks this far back; each hour is judged once.
HOURS_BACK = 3
LICENSES_MAX = 500


@dataclass(frozen=True, slots=True)
class SuspiciousHour:
    """An hour of a license, from ``hour_from`` on, and what is suspicious about it."""

    license_id: UUID
    hour_from: datetime
    finding: detection.Finding


def suspicious_hours(*, at: datetime) -> tuple[SuspiciousHour, ...]:
    """Return what is suspicious about the last full hours before ``at``, the oldest first."""
    last = at.replace(minute=0, second=0, microsecond=0)
    found: list[SuspiciousHour] = []
    for back in range(HOURS_BACK, 0, -1):
        found += _judge(last - timedelta(hours=back))
    return tuple(found)


def _judge(hour_from: datetime) -> list[SuspiciousHour]:
    calls = _calls(hour_from, hour_from + timedelta(hours=1), only=None, hour=None)
    busy = [one for one, count in calls.items() if count >= detection.CALLS_MIN]
    if not busy:
        return []
    hour = hour_from.astimezone(clock.SHANGHAI).hour
    since = hour_from - timedelta(days=detection.BASELINE_DAYS)
    before = _calls(since, hour_from, only=busy, hour=hour)
    judged = [
        (one, detection.judge_hour(calls=calls[one], calls_before=before.get(one, 0), hour=hour))
        for one in sorted(busy)
    ]
    return [SuspiciousHour(one, hour_from, finding) for one, finding in judged if finding]


def _calls(
    since: datetime, until: datetime, *, only: list[UUID] | None, hour: int | None
) -> dict[UUID, int]:
    rows = UsageEvent.objects.filter(
        occurred_at__gte=since, occurred_at__lt=until, license_id__isnull=False
    ).exclude(excluded_because=UsageEvent.Excluded.REFUSED)
    if only is not None:
        rows = rows.filter(license_id__in=only)
    if hour is not None:
        rows = rows.annotate(hour=ExtractHour("occurred_at", tzinfo=clock.SHANGHAI))
        rows = rows.filter(hour=hour)
    counted = rows.order_by().values("license_id").annotate(n=Count("id")).order_by("-n")
    return {
        row["license_id"]: row["n"]
        for row in counted[:LICENSES_MAX]
        if row["license_id"] is not None
    }
