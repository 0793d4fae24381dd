"""A small city: one authority, one platform, one provider with its people, one dataset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from catalog import actions
from catalog.fields import FieldSpec
from catalog.models import Dataset
from parties import actions as parties
from parties import queries
from parties.roles import Role
from tests.conftest import NOON

PASSWORD = "a-long-pass-phrase"
FIELDS = (
    FieldSpec("station", "站点代码", "STRING", "L1", filterable=True),
    FieldSpec("passengers", "进站人次", "INTEGER", "L2"),
)
ASSESSMENT: dict[str, Any] = {
    "threats": "批量抓取",
    "aggregation_risk": "与其他客流数据汇聚",
    "likelihood": 2,
    "impact": 3,
    "controls": "限额、留痕",
    "residual_level": "L2",
    "assessor": "示例测评中心",
    "valid_until": date(2027, 8, 31),
}


@dataclass
class City:
    """Who and what is there."""

    authority: Any
    platform: Any
    provider: Any
    people: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.people[name]


def hire(organization: Any, role: str, username: str) -> Any:
    """Create a person at a desk."""
    system = queries.system_actor()
    person = parties.create_user(
        username=username, full_name=username, password=PASSWORD, actor=system, at=NOON
    )
    parties.open_desk(
        user_id=person.id, organization_id=organization.id, role=role, actor=system, at=NOON
    )
    return person


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def city(db):
    system = queries.system_actor()

    def register(name: str, uscc: str, kind: str) -> Any:
        organization = parties.register_organization(
            name=name, short_name=name, uscc=uscc, kind=kind, actor=system, at=NOON
        )
        return parties.verify_organization(organization_id=organization.id, actor=system, at=NOON)

    authority = register("无锡市数据局", "913202000000DEM185", "AUTHORITY")
    platform = register("城运中心", "913202000000DEM260", "PLATFORM")
    provider = register("无锡市地铁集团", "913202000000DEM34T", "PROVIDER")
    return City(
        authority,
        platform,
        provider,
        {
            "officer": hire(provider, Role.PROVIDER_OFFICER, "officer"),
            "leader": hire(provider, Role.PROVIDER_LEADER, "leader"),
            "reviewer": hire(provider, Role.SECRECY_REVIEWER, "reviewer"),
            "supervisor": hire(authority, Role.AUTHORITY_SUPERVISOR, "supervisor"),
            "stranger": hire(platform, Role.AUDITOR, "auditor"),
        },
    )


def parquet_file(
    path: Path, *, stations: list[str], fields: tuple[FieldSpec, ...] = FIELDS
) -> Path:
    """Write a file that fits FIELDS (or has those names in another order)."""
    columns = {"station": pa.array(stations), "passengers": pa.array(range(len(stations)))}
    parquet.write_table(pa.table({one.name: columns[one.name] for one in fields}), path)
    return path


@pytest.fixture
def clean_file(tmp_path):
    return parquet_file(tmp_path / "clean.parquet", stations=["DT1-01", "DT1-02", "DT2-01"])


@pytest.fixture
def draft(city):
    return describe(city)


def describe(city: City, *, fields: tuple[FieldSpec, ...] = FIELDS, **changes: Any) -> Dataset:
    """Enter a draft."""
    entries = {
        "title": "地铁站点客流",
        "description": "按15分钟统计的进站客流",
        "domain": "TRANSPORT",
        "openness": "CONDITIONAL",
        "openness_reason": "HIGH_SECURITY",
        "update_frequency": "DAILY",
        "delivery_modes": ["API"],
    }
    return actions.create_dataset(
        code=changes.pop("code", "D14"),
        provider_id=city.provider.id,
        fields=fields,
        actor=city.officer,
        at=NOON,
        **{**entries, **changes},
    )


def walk(dataset: Dataset, city: City, *, until: str, file: Path | None = None) -> Dataset:
    """Take a draft through its gates up to a state."""
    key = {"dataset_id": dataset.id, "at": NOON}
    if file is not None:
        actions.add_version(source_path=file, actor=city.officer, **key)
    steps = {
        "CLASSIFIED": lambda: actions.classify_dataset(
            openness=dataset.openness,
            reason_code=dataset.openness_reason,
            actor=city.officer,
            **key,
        ),
        "SENSITIVE_CHECKED": lambda: actions.scan_dataset(actor=city.officer, **key),
        "RISK_ASSESSED": lambda: actions.assess_risk(**ASSESSMENT, actor=city.officer, **key),
        "SECRECY_REVIEWED": lambda: actions.review_secrecy(
            passes=True, opinion="不涉密", actor=city.reviewer, **key
        ),
        "PREVIEW": lambda: actions.open_preview(actor=city.officer, **key),
        "PUBLISHED": lambda: actions.publish_dataset(actor=city.leader, **key),
    }
    for state, step in steps.items():
        step()
        if state == until:
            break
    dataset.refresh_from_db()
    assert dataset.state == until
    return dataset


@pytest.fixture
def published(draft, city, clean_file):
    return walk(draft, city, until="PUBLISHED", file=clean_file)
