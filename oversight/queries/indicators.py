"""What the meter says about the use of data, for evaluation and exit. Source: domain §3.10, A10."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum

from core import clock
from gateway.models import UsageDaily
from licensing.models import License
from oversight.models import Alert, Evaluation, SelfReport, ViolationCase

COUNTERS = ("billable", "server_errors", "retries", "refused", "rows")


def usage_of_license(license_id: UUID) -> dict[str, int]:
    """Return what the meter has counted for a license, all days together."""
    return _sum(UsageDaily.objects.filter(license_id=license_id))


def indicators_of(evaluation: Evaluation) -> dict[str, Any]:
    """
    Return the figures an assessor looks at, for the period of an evaluation.

    Whole numbers; ``refused_permille`` is the part of refused calls, ``quota_percent`` the use of
    what the quotas allowed in the period.
    """
    licenses = list(License.objects.filter(agreement_id=evaluation.agreement_id).order_by("id"))
    ids = [row.pk for row in licenses]
    used = _sum(
        UsageDaily.objects.filter(
            license_id__in=ids,
            day__gte=evaluation.period_from,
            day__lt=evaluation.period_to,
        )
    )
    calls = used["billable"] + used["server_errors"] + used["retries"] + used["refused"]
    quota = _quota(licenses, evaluation.period_from, evaluation.period_to)
    return {
        **used,
        "calls": calls,
        "refused_permille": used["refused"] * 1000 // calls if calls else 0,
        "quota": quota,
        "quota_percent": used["billable"] * 100 // quota if quota else 0,
        "alerts": _alerts(evaluation, ids),
        "violations": _violations(evaluation),
        "late_reports": SelfReport.objects.filter(
            evaluation=evaluation, late_working_days__gt=0
        ).count(),
    }


def _quota(licenses: list[License], first: date, last: date) -> int:
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    return sum(int(row.quota.get("per_month") or 0) * months for row in licenses)


def _alerts(evaluation: Evaluation, license_ids: list[UUID]) -> int:
    return (
        Alert.objects.filter(
            license_id__in=license_ids,
            raised_at__gte=clock.start_of_day(evaluation.period_from),
        )
        .exclude(outcome=Alert.Outcome.FALSE_POSITIVE)
        .count()
    )


def _violations(evaluation: Evaluation) -> int:
    return (
        ViolationCase.objects.filter(
            party_id=evaluation.licensee_id,
            decided_at__gte=clock.start_of_day(evaluation.period_from),
        )
        .exclude(state=ViolationCase.State.DISMISSED)
        .count()
    )


def _sum(rows: Any) -> dict[str, int]:
    found = rows.aggregate(**{name: Sum(name) for name in COUNTERS})
    return {name: int(found[name] or 0) for name in COUNTERS}
