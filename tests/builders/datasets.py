"""Published datasets for tests of what comes after opening; the gates have tests of their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from catalog.models import (
    Dataset,
    DatasetField,
    DatasetVersion,
    RiskAssessment,
    SecrecyReview,
    SensitiveScan,
)
from parties.models import Organization, User
from parties.queries import the
from tests.builders.parties import MORNING
from workflow import policy

D01_FIELDS = ("uscc", "name", "status", "reg_date", "capital", "industry")
D07_FIELDS = ("request_id", "result", "mortgage_flag", "seal_flag")


def published_dataset(
    provider: Organization,
    officer: User,
    *,
    code: str,
    title: str,
    level: str = "L2",
    openness: str = "CONDITIONAL",
    fields: tuple[str, ...] = D01_FIELDS,
    delivery_modes: tuple[str, ...] = ("API", "SANDBOX", "VERIFY_ONLY"),
    assessed_until: date = date(2028, 12, 31),
    at: datetime = MORNING,
) -> Dataset:
    """Return a dataset that is open under conditions, with all its evidence."""
    dataset = Dataset.objects.create(
        code=code,
        title=title,
        description=f"{title}（测试）",
        provider=provider,
        domain="ENTERPRISE",
        openness=openness,
        openness_reason="CONTINUOUS_ACCESS",
        level=level,
        update_frequency="DAILY",
        delivery_modes=list(delivery_modes),
        created_at=at,
    )
    version = DatasetVersion.objects.create(
        dataset=dataset, number=1, schema_hash="0" * 64, created_at=at
    )
    DatasetField.objects.bulk_create(
        DatasetField(
            version=version,
            position=position,
            name=name,
            title=f"字段{name}",
            data_type="STRING",
            level=level,
            filterable=True,
        )
        for position, name in enumerate(fields, 1)
    )
    _publish(dataset, version, officer, assessed_until, at)
    policy.grant(
        dataset, provider=provider, authority=the("AUTHORITY"), platform=the("PLATFORM")
    )
    return Dataset.objects.get(pk=dataset.pk)


def _publish(
    dataset: Dataset, version: DatasetVersion, officer: User, until: date, at: datetime
) -> None:
    common: dict[str, Any] = {
        "dataset": dataset,
        "version": version,
        "recorded_by": officer,
        "recorded_at": at,
    }
    dataset.current_version = version
    dataset.classified_by, dataset.classified_at, dataset.published_at = officer, at, at
    dataset.scan = SensitiveScan.objects.create(rows_scanned=0, findings=[], hits=0, **common)
    dataset.risk_assessment = RiskAssessment.objects.create(
        threats="越权使用",
        aggregation_risk="低",
        likelihood=2,
        impact=2,
        controls="接口鉴权",
        residual_level="L1",
        assessor="测评机构",
        valid_until=until,
        **common,
    )
    dataset.secrecy_review = SecrecyReview.objects.create(opinion="不涉密", **common)
    # A test may begin where the gates end; nothing else may write a state past the engine.
    dataset.__dict__["state"] = "PUBLISHED"
    dataset.save()
