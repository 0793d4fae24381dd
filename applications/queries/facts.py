"""The facts of a case for other apps, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.models import Application
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class CaseData:
    """What an agreement needs to know of the application it comes from."""

    application_id: UUID
    number: str
    state: str
    applicant_id: UUID
    authority_id: UUID
    platform_id: UUID
    committee_id: UUID
    scenario_code: str
    scenario_name: str
    purpose_class: str
    purpose_text: str
    expected_products: str
    term_months: int
    delivery_mode: str
    environment: str
    protection_level: int | None
    region: str
    onward_supply: bool
    monthly_quota: int
    security_plan: dict[str, Any]
    conditions: tuple[str, ...]
    decision_number: str
    decision_result: str
    decided_at: datetime | None


def case_facts(application_id: UUID) -> CaseData:
    """
    Return the facts of a case; for the system and other apps, which decide who may know them.

    :raises NotFound: there is no such application, or it was never submitted.
    """
    row = Application.objects.filter(id=application_id, number__isnull=False).first()
    if row is None:
        raise NotFound
    return CaseData(
        application_id=row.pk,
        number=row.number or "",
        state=row.state,
        applicant_id=row.applicant_id,
        authority_id=row.authority_id,
        platform_id=row.platform_id,
        committee_id=row.committee_id,
        scenario_code=row.scenario_code or "",
        scenario_name=row.scenario_name,
        purpose_class=row.purpose_class,
        purpose_text=row.purpose_text,
        expected_products=row.expected_products,
        term_months=row.term_months or 0,
        delivery_mode=row.delivery_mode,
        environment=row.environment,
        protection_level=row.protection_level,
        region=row.region,
        onward_supply=row.onward_supply,
        monthly_quota=row.monthly_quota or 0,
        security_plan=dict(row.security_plan),
        conditions=tuple(row.conditions),
        decision_number=row.decision_number or "",
        decision_result=row.decision_result,
        decided_at=row.decided_at,
    )
