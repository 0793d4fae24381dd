"""What reviewers of a new application read of the licenses its applicant holds already."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from applications.registers import Grant
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


def grants_of_party(*, organization_id: UUID, at: datetime) -> tuple[Grant, ...]:
    """Return the live licenses of a party as facts for renewals and the fast lane."""
    rows = (
        License.objects.select_related("dataset", "agreement")
        .filter(licensee_id=organization_id, state__in=License.LIVE)
        .order_by("dataset__code", "number", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(
        Grant(
            application_id=row.agreement.application_id,
            number=row.number,
            dataset_code=row.dataset.code,
            fields=tuple(row.scope.get("fields") or ()),
            rows=dict(row.scope.get("rows") or {}),
            valid_to=row.valid_to,
            live=state in License.LIVE,
            active=state == License.State.ACTIVE and not row.restriction,
            under_measure=bool(row.restriction)
            or (row.suspension or {}).get("source") == "measure",
        )
        for row in rows
        for state in [effective_state(row, at=at)]
    )
