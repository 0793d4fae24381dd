"""Many agreements in force, copied from one that was made by the real actions."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from bench._scratch import multiply_row
from contracts.models import Agreement

NAME = "'MANY-' || n"
ID = "('0000aaaa-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"


def copies_of(agreement: Agreement, *, times: int) -> list[UUID]:
    """Copy an agreement and its case; return the ids of the copies, in order."""
    with connection.cursor() as cursor:
        multiply_row(
            cursor,
            "applications_application",
            agreement.application_id,
            {"id": ID, "number": NAME, "scenario_code": NAME, "decision_number": NAME},
            times=times,
        )
        multiply_row(
            cursor,
            "contracts_agreement",
            agreement.pk,
            {"id": ID, "number": NAME, "application_id": ID},
            times=times,
        )
    made = Agreement.objects.filter(number__startswith="MANY-")
    return list(made.order_by("id").values_list("id", flat=True))
