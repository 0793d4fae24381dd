"""What the interface answers, field by field. Amounts are whole fen, times are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class DatasetRow(Schema):
    """One dataset of the catalog."""

    code: str
    title: str
    description: str
    provider: str
    domain: str
    openness: str
    level: str
    update_frequency: str
    row_count: int
    suspended: bool
    updated_at: datetime | None


class DatasetList(Schema):
    """One page of the catalog; ``total`` counts every page."""

    rows: list[DatasetRow]
    total: int
    page: int
    pages: int


class FieldRow(Schema):
    """One field of a dataset."""

    name: str
    title: str
    data_type: str
    level: str
    sensitivity: str
    filterable: bool


class DatasetDetail(Schema):
    """One dataset with its fields and conditions."""

    code: str
    title: str
    description: str
    provider: str
    domain: str
    openness: str
    level: str
    state: str
    update_frequency: str
    conditions: str
    delivery_modes: list[str]
    requires_consent: bool
    applicable: bool
    version: int
    row_count: int
    sha256: str
    updated_at: datetime | None
    fields: list[FieldRow]


class Verification(Schema):
    """What everybody may know of a license, at the moment of the answer."""

    number: str
    machine_number: str
    licensee: str
    provider: str
    authority: str
    dataset_code: str
    dataset_title: str
    scenario_name: str
    valid_from: date
    valid_to: date
    standing: str
    state: str
    answer: str
    restricted: bool
    checked_at: datetime


class WorkRow(Schema):
    """One thing that waits for the person signed in."""

    duty: str
    title: str
    number: str
    subject: str
    subject_id: str
    state: str
    due_on: date | None
    due_status: str
    provisional: bool


class WorkList(Schema):
    """What waits for the person signed in, the nearest deadline first."""

    rows: list[WorkRow]


class ApplicationRow(Schema):
    """One application of the organizations of the person signed in."""

    id: UUID
    number: str
    scenario_name: str
    state: str
    state_name: str


class ApplicationList(Schema):
    """One page of applications, the newest first."""

    rows: list[ApplicationRow]
    total: int
    page: int
    pages: int


class LicenseRow(Schema):
    """One license of the organizations of the person signed in."""

    id: UUID
    number: str
    machine_number: str
    agreement_number: str
    dataset_code: str
    dataset_title: str
    scenario_code: str
    scenario_name: str
    state: str
    restricted: bool
    valid_from: date
    valid_to: date


class LicenseList(Schema):
    """One page of licenses."""

    rows: list[LicenseRow]
    total: int
    page: int
    pages: int


class StatementRow(Schema):
    """One statement of the organizations of the person signed in."""

    id: UUID
    number: str
    revision: int
    agreement_number: str
    licensee_name: str
    period_from: date
    period_to: date
    payable_fen: int
    state: str
    due_on: date | None


class StatementList(Schema):
    """One page of statements, amounts in whole fen."""

    rows: list[StatementRow]
    total: int
    page: int
    pages: int


class OdrlPolicy(Schema):
    """An ODRL 2.2 policy in JSON-LD; docs/odrl.md describes what stands in it."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    context: list[Any] = Field(alias="@context")
    id: str = Field(alias="@id")
    type: str = Field(alias="@type")
    profile: str
    permission: list[dict[str, Any]] = []
    prohibition: list[dict[str, Any]] = []
    obligation: list[dict[str, Any]] = []
