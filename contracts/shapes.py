"""
The shapes of the twenty-three terms of an agreement, version 2. Pure.

Every entry states how it is made stricter (``contracts.lattice``); ``None`` says nothing, so a
template, a profile or a condition states only what it cares for. Units stand in the names; money
is whole fen, unit prices are exact yuan. An entry is never renamed or given another meaning; what
is new is added and the version counted up (``contracts.versions`` reads older ones).
Source: domain §3.5, docs/sources.md#agreement-terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contracts.lattice import (
    BY_CODE,
    COMMON,
    COMMON_SOME,
    EACH,
    EARLIEST,
    EVERY,
    LATEST,
    LEAST,
    MOST,
    NESTED,
    NO,
    SAME,
    YES,
    each,
    rank,
)

SCHEMA_VERSION = 2
# Loosest first. Verification only answers yes or no, so nothing is stricter.
MODES = ("RAW_EXPORT", "API", "SANDBOX", "VERIFY_ONLY")
REGIONS = ("COUNTRY", "PROVINCE", "CITY")
TRANSFORMS = ("KEEP", "MASK", "HASH", "GENERALIZE", "SUPPRESS")
FREE_PURPOSES = frozenset({"PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT"})

Mode = Literal["RAW_EXPORT", "API", "SANDBOX", "VERIFY_ONLY"]
Region = Literal["COUNTRY", "PROVINCE", "CITY"]
Transform = Literal["KEEP", "MASK", "HASH", "GENERALIZE", "SUPPRESS"]
Onward = Literal["NAMED_PROCESSORS", "NONE"]
PurposeClass = Literal["PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT", "INDUSTRY", "SECTOR"]
PriceModel = Literal[
    "FREE",
    "FIXED_PRODUCT",
    "PER_CALL",
    "TIERED_CALL",
    "PER_RECORD",
    "SUBSCRIPTION_PERIOD",
    "HYBRID",
]


def _sorted_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


Names = Annotated[tuple[str, ...], AfterValidator(_sorted_once)]
def _stated(numbers: dict[str, int] | None) -> dict[str, int] | None:
    return numbers or None


# An empty mapping says nothing, like no mapping.
Numbers = Annotated[dict[str, int] | None, AfterValidator(_stated)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Shape(BaseModel):
    """A part of the terms; unknown entries are refused, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Purpose(Shape):
    """Term 1: what for, in which scenario, and nothing else."""

    purpose_class: Annotated[PurposeClass | None, SAME] = None
    scenario_code: Annotated[str | None, SAME] = None
    scenario_name: Annotated[str | None, SAME] = None
    purpose_text: Annotated[str | None, SAME] = None
    products: Annotated[str | None, SAME] = None


class FieldLabel(Shape):
    """A field as the catalog names it; descriptive only."""

    name: str
    title: str


class DatasetScope(Shape):
    """One dataset: which fields, filters and transforms, and in which mode it is delivered."""

    code: Annotated[str, SAME]
    dataset_id: Annotated[UUID | None, SAME] = None
    title: Annotated[str | None, SAME] = None
    provider: Annotated[str | None, SAME] = None
    level: Annotated[str | None, SAME] = None
    version: Annotated[int | None, SAME] = None
    labels: Annotated[tuple[FieldLabel, ...] | None, SAME] = None
    fields: Annotated[Names | None, COMMON_SOME] = None
    # Fixed filters: for each field the values that may be asked for; an absent field is free.
    filters: Annotated[dict[str, Names] | None, each(COMMON_SOME)] = None
    transforms: Annotated[dict[str, Transform] | None, each(rank(*TRANSFORMS))] = None
    mode: Annotated[Mode | None, rank(*MODES)] = None
    history_months: Annotated[Count | None, LEAST] = None
    # The period: only records whose date in this field lies in it; both days are in it.
    period_field: Annotated[str | None, SAME] = None
    period_from: Annotated[date | None, LATEST] = None
    period_to: Annotated[date | None, EARLIEST] = None
    group_size_min: Annotated[Count | None, MOST] = None


def _by_code_once(items: tuple[DatasetScope, ...]) -> tuple[DatasetScope, ...]:
    if len({item.code for item in items}) < len(items):
        raise ValueError("a dataset is named twice")
    return tuple(sorted(items, key=lambda item: item.code))


Datasets = Annotated[tuple[DatasetScope, ...], AfterValidator(_by_code_once)]


class Scope(Shape):
    """Term 2: the datasets, fields, filters and period."""

    datasets: Annotated[Datasets | None, BY_CODE] = None


class Rights(Shape):
    """Term 3: holding, use and operating rights (持有、使用、经营), each yes or no."""

    holding: Annotated[bool | None, NO] = None
    use: Annotated[bool | None, NO] = None
    operate: Annotated[bool | None, NO] = None
    internal_only: Annotated[bool | None, YES] = None


class Delivery(Shape):
    """Term 4: how the data comes, and to whom."""

    formats: Annotated[Names | None, COMMON_SOME] = None
    # The systems or units that may receive; when stated, no other one is registered.
    recipients: Annotated[Names | None, COMMON_SOME] = None
    endpoint: Annotated[str | None, SAME] = None
    clients_max: Annotated[Count | None, LEAST] = None
    reviewed_clients_only: Annotated[bool | None, YES] = None


class QuotaLimit(Shape):
    """Calls in all, a month, a day and a second, and rows a call of one dataset."""

    per_total: Annotated[Count | None, LEAST] = None
    per_month: Annotated[Count | None, LEAST] = None
    per_day: Annotated[Count | None, LEAST] = None
    rate_per_second: Annotated[Count | None, LEAST] = None
    rows_per_call: Annotated[Count | None, LEAST] = None


class Quota(Shape):
    """Term 5: how much; ``every`` holds for each dataset, ``datasets`` for the named one."""

    every: Annotated[QuotaLimit | None, NESTED] = None
    datasets: Annotated[dict[str, QuotaLimit] | None, EACH] = None
    warn_percent: Annotated[Percent | None, LEAST] = None


class Environment(Shape):
    """Term 6: where the data may be worked on; ``mode`` is the floor of every dataset."""

    mode: Annotated[Mode | None, rank(*MODES)] = None
    protection_level: Annotated[int | None, Field(ge=1, le=4), MOST] = None


class RegionTerm(Shape):
    """Term 7: where the data may be stored and processed."""

    region: Annotated[Region | None, rank(*REGIONS)] = None
    cross_border: Annotated[bool | None, NO] = None
    # Places by their six digits of GB/T 2260; a district lies in its city and its province.
    storage: Annotated[Names | None, COMMON_SOME] = None
    processing: Annotated[Names | None, COMMON_SOME] = None
    declared: Annotated[str | None, SAME] = None


class OnwardTransfer(Shape):
    """Term 8: to whom the data may be passed on: nobody, or processors named with consent."""

    allowed: Annotated[Onward | None, rank("NAMED_PROCESSORS", "NONE")] = None
    processors: Annotated[Names | None, COMMON] = None
    # The document by which the provider consented to each named processor.
    consents: Annotated[dict[str, str] | None, each(SAME)] = None
    sub_delegation: Annotated[bool | None, NO] = None
    interfaces: Annotated[bool | None, NO] = None


class Retention(Shape):
    """Term 9: how long data and backups may be kept."""

    days: Annotated[Count | None, LEAST] = None
    backup_days: Annotated[Count | None, LEAST] = None


class Desensitization(Shape):
    """Term 10: what is done to the data before delivery, and what must not be undone."""

    reidentification_ban: Annotated[bool | None, YES] = None
    output_check: Annotated[bool | None, YES] = None
    k_min: Annotated[Count | None, MOST] = None
    standards: Annotated[Names | None, EVERY] = None


class Security(Shape):
    """Term 11: controls, logs, and how fast an incident is told."""

    controls: Annotated[Names | None, EVERY] = None
    log_retention_months: Annotated[Count | None, MOST] = None
    incident_notice_hours: Annotated[Count | None, LEAST] = None
    named_officer: Annotated[bool | None, YES] = None


class Audit(Shape):
    """Term 12: the right to inspect."""

    inspection: Annotated[bool | None, YES] = None
    notice_working_days: Annotated[Count | None, LEAST] = None
    watermark: Annotated[bool | None, YES] = None


class Consent(Shape):
    """Term 13: the datasets whose records need the consent of those they speak of."""

    datasets: Annotated[Names | None, EVERY] = None
    evidence: Annotated[bool | None, YES] = None
    # The evidence filed for each dataset, by the number it has in the case.
    references: Annotated[dict[str, str] | None, each(SAME)] = None


class DatasetQuality(Shape):
    """What the provider promises of one dataset; a higher promise is the stricter one."""

    update_frequency: Annotated[str | None, SAME] = None
    completeness_percent: Annotated[Percent | None, MOST] = None
    accuracy_percent: Annotated[Percent | None, MOST] = None
    standardization_percent: Annotated[Percent | None, MOST] = None
    consistency_percent: Annotated[Percent | None, MOST] = None
    timeliness_percent: Annotated[Percent | None, MOST] = None
    accessibility_percent: Annotated[Percent | None, MOST] = None


class QualitySla(Shape):
    """Term 14: the six dimensions of quality, availability, and redress."""

    dimensions: Annotated[Names | None, EVERY] = None
    availability_permille: Annotated[int | None, Field(ge=0, le=1000), MOST] = None
    repair_working_days: Annotated[Count | None, LEAST] = None
    credit_percent: Annotated[Percent | None, MOST] = None
    datasets: Annotated[dict[str, DatasetQuality] | None, EACH] = None


class PriceTier(Shape):
    """A unit price up to a number of calls; the last tier has no end. Yuan, tax inclusive."""

    up_to: int | None = None
    yuan: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class DatasetFee(Shape):
    """The price of one dataset, as the price list had it when the agreement was drafted."""

    model: Annotated[PriceModel | None, SAME] = None
    price_version: Annotated[int | None, SAME] = None
    base_fen: Annotated[Count | None, SAME] = None
    base_unit: Annotated[Literal["MONTH", "YEAR", "PRODUCT"] | None, SAME] = None
    tiers: Annotated[tuple[PriceTier, ...] | None, SAME] = None
    # The cap of the authorizing body: no unit price, no base price lies above it.
    cap_yuan: Annotated[
        Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)] | None, LEAST
    ] = None
    cap_base_fen: Annotated[Count | None, LEAST] = None
    free_of_charge: Annotated[bool | None, YES] = None


class Fee(Shape):
    """Term 15: what is paid, when, and how it is confirmed."""

    datasets: Annotated[dict[str, DatasetFee] | None, EACH] = None
    free_of_charge: Annotated[bool | None, YES] = None
    tax_inclusive: Annotated[bool | None, SAME] = None
    cycle: Annotated[Literal["MONTH", "QUARTER"] | None, rank("QUARTER", "MONTH")] = None
    confirm_working_days: Annotated[Count | None, LEAST] = None
    payment_working_days: Annotated[Count | None, LEAST] = None
    deposit_fen: Annotated[Count | None, MOST] = None
    cap_reference: Annotated[str | None, SAME] = None
    commission_permille: Annotated[int | None, Field(ge=0, le=1000), SAME] = None


class DerivedIp(Shape):
    """Term 16: who owns what is made of the data."""

    owner: Annotated[Literal["USER", "PROVIDER", "SHARED"] | None, SAME] = None
    source_citation: Annotated[bool | None, YES] = None
    excludes_source_content: Annotated[bool | None, YES] = None
    exceptions: Annotated[Names | None, EVERY] = None
    # How the parties share what is earned together, per mille of the whole.
    shares_permille: Annotated[Numbers, SAME] = None


class Reporting(Shape):
    """Term 17: reports on the use."""

    every_months: Annotated[Count | None, LEAST] = None
    due_working_days: Annotated[Count | None, LEAST] = None
    contents: Annotated[Names | None, EVERY] = None
    template: Annotated[str | None, SAME] = None


class Evaluation(Shape):
    """Term 18: the periodic evaluation; the first falls ``first_after_months`` after effect."""

    cycle_months: Annotated[Count | None, LEAST] = None
    first_after_months: Annotated[Count | None, LEAST] = None
    pass_score: Annotated[Percent | None, MOST] = None
    fail_score: Annotated[Percent | None, MOST] = None
    weights: Annotated[Numbers, SAME] = None


class Breach(Shape):
    """Term 19: the ladder of measures and what a breach costs."""

    measures: Annotated[Names | None, EVERY] = None
    liquidated_damages_fen: Annotated[Count | None, MOST] = None
    cure_working_days: Annotated[Count | None, LEAST] = None


class Change(Shape):
    """Term 20: change and termination."""

    notice_working_days: Annotated[Count | None, MOST] = None
    demand_days: Annotated[Count | None, LEAST] = None
    unilateral_causes: Annotated[Names | None, EVERY] = None
    class_change_suspends: Annotated[bool | None, YES] = None
    new_scenario_needs_application: Annotated[bool | None, YES] = None


class Exit(Shape):
    """Term 21: what happens to the data at the end."""

    disposal: Annotated[Literal["RETURN", "DESTROY"] | None, rank("RETURN", "DESTROY")] = None
    certificate: Annotated[bool | None, YES] = None
    due_working_days: Annotated[Count | None, LEAST] = None
    secrecy_survives: Annotated[bool | None, YES] = None


class Dispute(Shape):
    """Term 22: exactly one way to settle a dispute, and how many copies there are."""

    method: Annotated[Literal["COURT", "ARBITRATION"] | None, SAME] = None
    place: Annotated[str | None, SAME] = None
    law: Annotated[Literal["CN"] | None, SAME] = None
    copies: Annotated[Count | None, MOST] = None


class Duration(Shape):
    """Term 23: from the day of effect, for whole months."""

    months: Annotated[Annotated[int, Field(ge=1, le=60)] | None, LEAST] = None
    renewal_window_days: Annotated[Count | None, LEAST] = None
