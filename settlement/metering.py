"""What the meter says about one license in one month, in the unit of its price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from gateway.models import UsageEvent
from gateway.queries import UsageCount, usage_between
from settlement.pricing import Model


@dataclass(frozen=True, slots=True)
class Metered:
    """A quantity in the unit of a price, and the count that proves it."""

    quantity: Decimal
    count: UsageCount
    from_at: datetime
    to_at: datetime
    stored_before: datetime


def metered(
    *, license_id: UUID, model: str, from_at: datetime, to_at: datetime, stored_before: datetime
) -> Metered:
    """
    Return the usage of a license in [from_at, to_at), as far as it was stored before a moment.

    The same bounds give the same answer for ever.
    """
    bounds = {"from_at": from_at, "to_at": to_at, "stored_before": stored_before}
    count = usage_between(license_id=license_id, **bounds)
    units = count.billable
    if model == Model.PER_RECORD:
        # Rows of retries and of failed calls are not billed: only the billable calls' are.
        found = UsageEvent.objects.filter(
            license_id=license_id,
            excluded_because=UsageEvent.Excluded.NOT_EXCLUDED,
            occurred_at__gte=from_at,
            occurred_at__lt=to_at,
            stored_at__lt=stored_before,
        ).aggregate(rows=Sum("rows"))
        units = int(found["rows"] or 0)
    return Metered(Decimal(units), count, **bounds)
