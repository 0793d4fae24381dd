"""
What was used: counts, days, refusals, and which gate knows what.

Functions without an actor are for other apps, which check rights; pages use ``usage_page``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Sum

from core import clock
from gateway.models import GateAck, GateVersion, UsageConflict, UsageDaily, UsageEvent
from licensing.queries import LicenseCard, chain_of, license_card

DAYS_MAX = 400
REFUSALS_MAX = 20
# A gate says what it knows every few seconds; after this it counts as gone.
GATE_SILENT_SECONDS_MAX = 15
# The pace of a quota forecast is the mean of these last days.
FORECAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class UsageCount:
    """
    The calls of one license in a span of time, with what proves them.

    ``event_set_hash`` is the SHA-256 over the hashes of the days, each over its events' payload
    hashes in the order of storing; ``first_id`` and ``last_id`` are None when there is no call.
    """

    billable: int
    server_errors: int
    retries: int
    refused: int
    rows: int
    first_id: int | None
    last_id: int | None
    event_set_hash: str


@dataclass(frozen=True, slots=True)
class UsageDay:
    """One day in Asia/Shanghai."""

    day: date
    billable: int
    server_errors: int
    retries: int
    refused: int
    rows: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused call, as evidence."""

    id: int
    event_id: str
    occurred_at: datetime
    dataset_code: str
    scenario_code: str
    reason: str
    detail: str
    client_address: str
    status: int


@dataclass(frozen=True, slots=True)
class UsagePage:
    """The page of one license's usage; ``month_billable`` counts the present month."""

    card: LicenseCard
    days: tuple[UsageDay, ...]
    total: UsageDay
    by_reason: tuple[tuple[str, int], ...]
    refusals: tuple[Refusal, ...]
    month_billable: int
    last_call_at: datetime | None


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate: what it knows, when it said so, whether it is up to date."""

    node: str
    version: int
    at: datetime
    current: bool
    alive: bool


_COUNT_SQL = """
WITH chosen AS (
  SELECT id, payload_hash, excluded_because, rows,
    (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM gateway_usageevent
  WHERE license_id = %s AND occurred_at >= %s AND occurred_at < %s AND stored_at < %s
), days AS (
  SELECT day, sha256(string_agg(payload_hash, ''::bytea ORDER BY id)) AS hash,
    count(*) FILTER (WHERE excluded_because = '') AS billable,
    count(*) FILTER (WHERE excluded_because = 'SERVER_ERROR') AS server_errors,
    count(*) FILTER (WHERE excluded_because = 'RETRY') AS retries,
    count(*) FILTER (WHERE excluded_because = 'REFUSED') AS refused,
    coalesce(sum(rows), 0) AS rows, min(id) AS first_id, max(id) AS last_id
  FROM chosen GROUP BY day
)
SELECT coalesce(sum(billable), 0), coalesce(sum(server_errors), 0), coalesce(sum(retries), 0),
  coalesce(sum(refused), 0), coalesce(sum(rows), 0), min(first_id), max(last_id),
  encode(sha256(coalesce(string_agg(hash, ''::bytea ORDER BY day), ''::bytea)), 'hex')
FROM days
"""


def usage_between(
    *, license_id: UUID, from_at: datetime, to_at: datetime, stored_before: datetime | None = None
) -> UsageCount:
    """
    Return the calls of a license that occurred in [from_at, to_at), counted from the events.

    ``stored_before`` leaves out what was stored at or after a moment, so that the same bounds give
    the same count for ever; without it, everything stored so far counts.
    """
    limit = stored_before or datetime.max.replace(tzinfo=from_at.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_SQL, [license_id, from_at, to_at, limit])
        row = cursor.fetchone()
    billable, server_errors, retries, refused, rows = (int(value) for value in row[:5])
    return UsageCount(
        billable, server_errors, retries, refused, rows, row[5], row[6], str(row[7])
    )


def daily_usage(*, license_id: UUID, from_on: date, to_on: date) -> tuple[UsageDay, ...]:
    """Return the days from ``from_on`` to ``to_on``, both inclusive, that had calls."""
    rows = UsageDaily.objects.filter(license_id=license_id, day__range=(from_on, to_on))
    return tuple(
        UsageDay(r.day, r.billable, r.server_errors, r.retries, r.refused, r.rows)
        for r in rows.order_by("day")[:DAYS_MAX]
    )


def refusals(
    *, license_id: UUID, from_at: datetime, to_at: datetime, limit: int = REFUSALS_MAX
) -> tuple[Refusal, ...]:
    """Return the refused calls of a license in [from_at, to_at), the newest first."""
    rows = UsageEvent.objects.filter(
        license_id=license_id,
        excluded_because=UsageEvent.Excluded.REFUSED,
        occurred_at__gte=from_at,
        occurred_at__lt=to_at,
    )
    return tuple(_refusal(row) for row in rows.order_by("-occurred_at", "-id")[:limit])


def refusals_by_reason(
    *, license_id: UUID, from_at: datetime, to_at: datetime
) -> tuple[tuple[str, int], ...]:
    """Return how many calls of a license were refused for each reason, the most frequent first."""
    rows = (
        UsageEvent.objects.filter(
            license_id=license_id,
            excluded_because=UsageEvent.Excluded.REFUSED,
            occurred_at__gte=from_at,
            occurred_at__lt=to_at,
        )
        .order_by()
        .values_list("reason")
        .annotate(calls=Count("id"))
    )
    return tuple(sorted(rows, key=lambda pair: (-pair[1], pair[0])))


def usage_page(*, license_id: UUID, actor: Any, at: datetime, days: int = 31) -> UsagePage:
    """
    Return the usage of one license over the last days.

    :raises NotFound: there is no such license, or the actor may not see it.
    """
    card = license_card(license_id=license_id, actor=actor, at=at)
    today = clock.local_date(at)
    from_on = today - timedelta(days=min(max(days, 1), DAYS_MAX) - 1)
    from_at, to_at = clock.start_of_day(from_on), clock.end_of_day(today)
    rows = daily_usage(license_id=license_id, from_on=from_on, to_on=today)
    newest = UsageEvent.objects.filter(license_id=license_id).aggregate(at=Max("occurred_at"))
    return UsagePage(
        card=card,
        days=rows,
        total=_total(rows, today),
        by_reason=refusals_by_reason(license_id=license_id, from_at=from_at, to_at=to_at),
        refusals=refusals(license_id=license_id, from_at=from_at, to_at=to_at),
        month_billable=month_usage(license_id=license_id, at=at),
        last_call_at=newest["at"],
    )


def month_usage(*, license_id: UUID, at: datetime) -> int:
    """
    Return the billed calls of a license in the month of ``at`` in Asia/Shanghai.

    Calls under the licenses it was reissued from count as well: their quota is one.
    """
    today = clock.local_date(at)
    found = UsageDaily.objects.filter(
        license_id__in=chain_of(license_id=license_id),
        day__year=today.year,
        day__month=today.month,
    ).aggregate(calls=Sum("billable"))
    return int(found["calls"] or 0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    How far a monthly quota is used, and when it runs out at the present pace.

    ``pace`` is calls a day, the mean of the last FORECAST_DAYS days with what was used today;
    ``runs_out_on`` is None when the quota lasts the month, or nothing limits it.
    """

    used: int
    limit: int | None
    percent: int
    pace: int
    runs_out_on: date | None


def quota_forecast(*, license_id: UUID, limit: int | None, at: datetime) -> Forecast:
    """Return how far the quota of a license is used this month, and the day it runs out."""
    used, today = month_usage(license_id=license_id, at=at), clock.local_date(at)
    if not limit:
        return Forecast(used, None, 0, 0, None)
    first = today - timedelta(days=FORECAST_DAYS - 1)
    days = UsageDaily.objects.filter(
        license_id__in=chain_of(license_id=license_id), day__range=(first, today)
    ).aggregate(calls=Sum("billable"), since=Min("day"))
    # A license that was first used three days ago is judged by three days.
    span = (today - days["since"]).days + 1 if days["since"] else FORECAST_DAYS
    calls = int(days["calls"] or 0)
    runs_out_on = None
    if used >= limit:
        runs_out_on = today
    elif calls:
        ends = today + timedelta(days=-(-(limit - used) * span // calls))
        runs_out_on = ends if (ends.year, ends.month) == (today.year, today.month) else None
    percent = min(100, used * 100 // limit)
    return Forecast(used, limit, percent, -(-calls // span), runs_out_on)


def gates(*, at: datetime) -> tuple[GateRow, ...]:
    """Return every gate that has reported, by name, and whether it knows the present version."""
    present = GateVersion.objects.values_list("version", flat=True).first()
    silent_since = at - timedelta(seconds=GATE_SILENT_SECONDS_MAX)
    rows = GateAck.objects.order_by("node")[: settings.PAGE_ROWS_MAX]
    return tuple(
        GateRow(r.node, r.version, r.at, r.version == present, r.at >= silent_since) for r in rows
    )


def conflict_count() -> int:
    """Return how many usage events wait in quarantine."""
    return UsageConflict.objects.count()


def _total(rows: tuple[UsageDay, ...], day: date) -> UsageDay:
    return UsageDay(
        day,
        sum(r.billable for r in rows),
        sum(r.server_errors for r in rows),
        sum(r.retries for r in rows),
        sum(r.refused for r in rows),
        sum(r.rows for r in rows),
    )


def _refusal(row: UsageEvent) -> Refusal:
    return Refusal(
        row.id,
        row.event_id,
        row.occurred_at,
        row.dataset_code,
        row.scenario_code,
        row.reason,
        row.detail,
        row.client_address,
        row.status,
    )
