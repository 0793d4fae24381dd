"""What reviewers of a new application read of the licenses its applicant holds already."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from licensing.models import License
from licensing.queries.public import effective_state


def license_lines(*, organization_id: UUID, at: datetime) -> tuple[str, ...]:
    """
    Return the live licenses of a party as short lines that begin with the dataset's code.

    What has ended or run out is no overlap; a license that stands still is. At most PAGE_ROWS_MAX.
    Source: domain §3.12, overlap with existing licenses.
    """
    rows = (
        License.objects.select_related("dataset", "agreement")
        .filter(licensee_id=organization_id, state__in=License.LIVE)
        .order_by("dataset__code", "number", "id")[: settings.PAGE_ROWS_MAX]
    )
    held = [(row, effective_state(row, at=at)) for row in rows]
    return tuple(
        f"{row.dataset.code} {row.number} {row.scenario_name} {row.valid_to.isoformat()}"
        for row, state in held
        if state in License.LIVE
    )
