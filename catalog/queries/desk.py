"""The opening list and the workbench of one dataset, for those around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from catalog.choices import LevelChoice, OpennessChoice, ReasonChoice, ScanRuleChoice
from catalog.models import (
    Dataset,
    DatasetVersion,
    ReclassificationEvidence,
    RiskAssessment,
    SecrecyReview,
    SensitiveScan,
)
from catalog.queries.rows import FieldRow, field_row
from core.errors import NotFound
from workflow import history, policy, transitions

OPENING_PAGE_ROWS = 30
VERSIONS_MAX = 20
_S = Dataset.State
# The way to opening, as the strip shows it.
WAY = (
    _S.DRAFT,
    _S.CLASSIFIED,
    _S.SENSITIVE_CHECKED,
    _S.RISK_ASSESSED,
    _S.SECRECY_REVIEWED,
    _S.PREVIEW,
    _S.PUBLISHED,
)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A dataset in the opening list."""

    id: UUID
    code: str
    title: str
    provider_name: str
    state: str
    state_name: str
    level: str
    openness: str
    openness_name: str
    version: int
    row_count: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many datasets of the list stand in a state."""

    state: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """One page of the opening list; ``states`` counts the whole list."""

    rows: tuple[OpeningRow, ...]
    total: int
    page: int
    pages: int
    states: tuple[StateCount, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a dataset; without rows ``filled_at`` is None."""

    number: int
    row_count: int
    bytes: int
    sha256: str
    filled_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What a scan found in one field."""

    field: str
    rule_name: str
    hits: int


@dataclass(frozen=True, slots=True)
class ScanRow:
    """The last scan."""

    version: int
    rows_scanned: int
    hits: int
    findings: tuple[FindingRow, ...]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """The risk assessment in force."""

    version: int
    threats: str
    aggregation_risk: str
    likelihood: int
    impact: int
    controls: str
    residual_level_name: str
    assessor: str
    valid_until: date
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """The secrecy review, or the evidence of a reclassification."""

    version: int
    title: str
    text: str
    content_hash: str
    valid_until: date | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class WayStep:
    """One state of the way with where the dataset stands: past, current or future."""

    state: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything the desk of one dataset shows."""

    id: UUID
    code: str
    title: str
    description: str
    provider_name: str
    state: str
    state_name: str
    state_reason: str
    level: str
    level_name: str
    openness: str
    openness_name: str
    reason_code: str
    reason_name: str
    conditions: str
    frequency_name: str
    way: tuple[WayStep, ...]
    offers: tuple[transitions.Offer, ...]
    may_add_rows: bool
    may_set_term: bool
    open_from: date | None
    open_to: date | None
    operated_to: date | None
    term_basis: str
    fields: tuple[FieldRow, ...]
    versions: tuple[VersionRow, ...]
    scan: ScanRow | None
    assessment: AssessmentRow | None
    review: OpinionRow | None
    reclassification: OpinionRow | None
    timeline: tuple[history.TimelineEntry, ...]


def opening_list(*, actor: Any, state: str = "", page: int = 1) -> OpeningPage:
    """
    Return one page of the datasets an actor may see before they are open, by code.

    ``state`` narrows the rows, not the counts; an unknown one leaves none.
    """
    visible = policy.visible(actor, "catalog.see_dataset", Dataset)
    counted = dict(
        visible.order_by().values_list("state").annotate(count=Count("id")).order_by("state")
    )
    rows = visible.filter(state=state) if state else visible
    total = rows.count()
    pages = max(1, -(-total // OPENING_PAGE_ROWS))
    page = min(max(1, page), pages)
    start = (page - 1) * OPENING_PAGE_ROWS
    shown = rows.select_related("provider", "current_version").order_by("code")
    return OpeningPage(
        tuple(_opening_row(row) for row in shown[start : start + OPENING_PAGE_ROWS]),
        total,
        page,
        pages,
        tuple(StateCount(s.value, str(s.label), counted[s.value]) for s in _S if s in counted),
    )


def workbench(*, dataset_id: UUID, actor: Any) -> Workbench:
    """
    Return the desk of one dataset.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, "catalog.see_dataset", Dataset)
        .select_related(
            "provider",
            "scan__version",
            "scan__recorded_by",
            "risk_assessment__version",
            "risk_assessment__recorded_by",
            "secrecy_review__version",
            "secrecy_review__recorded_by",
            "reclassification__version",
            "reclassification__recorded_by",
        )
        .filter(id=dataset_id)
        .first()
    )
    if row is None:
        raise NotFound
    versions = list(row.versions.order_by("-number")[:VERSIONS_MAX])
    fields = versions[0].fields.order_by("position") if versions else ()
    return Workbench(
        id=row.id,
        code=row.code,
        title=row.title,
        description=row.description,
        provider_name=row.provider.name,
        state=row.state,
        state_name=str(row.get_state_display()),
        state_reason=row.state_reason,
        level=row.level,
        level_name=str(row.get_level_display()),
        openness=row.openness,
        openness_name=str(row.get_openness_display()),
        reason_code=row.openness_reason,
        reason_name=str(row.get_openness_reason_display()),
        conditions=row.conditions,
        frequency_name=str(row.get_update_frequency_display()),
        way=_way(row),
        offers=transitions.offers(row, actor=actor),
        may_add_rows=policy.may(actor, "catalog.edit_dataset", row) and row.state in _TAKES_ROWS,
        may_set_term=row.state != Dataset.State.WITHDRAWN
        and policy.may(actor, "catalog.publish_dataset", row),
        open_from=row.open_from,
        open_to=row.open_to,
        operated_to=row.operated_to,
        term_basis=row.term_basis,
        fields=tuple(field_row(one) for one in fields),
        versions=tuple(_version_row(one, row.current_version_id) for one in versions),
        scan=_scan_row(_last_scan(row)),
        assessment=_assessment_row(row.risk_assessment),
        review=_review_row(row.secrecy_review),
        reclassification=_evidence_row(row.reclassification),
        timeline=history.timeline(row),
    )


def closing_reasons() -> tuple[tuple[str, str], ...]:
    """Return the reasons for not opening, as a form offers them."""
    return _labels(ReasonChoice, ("TRADE_SECRET", "PRIVACY", "LAW"))


def opening_classes() -> tuple[tuple[str, str], ...]:
    """Return the three opening classes, as a form offers them."""
    return _labels(OpennessChoice, OpennessChoice.values)


def opening_reasons() -> tuple[tuple[str, str], ...]:
    """Return every reason of every class, as a form offers them."""
    return _labels(ReasonChoice, ReasonChoice.values)


def level_names() -> tuple[tuple[str, str], ...]:
    """Return every level, as a form offers them."""
    return _labels(LevelChoice, LevelChoice.values)


_TAKES_ROWS = (_S.DRAFT, _S.CLASSIFIED, _S.RECLASSIFYING, _S.PUBLISHED, _S.SUSPENDED)


def _labels(words: Any, values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(words(value).label)) for value in values)


def _way(row: Dataset) -> tuple[WayStep, ...]:
    """Return the way to opening; a state beside the way is not on it, so nothing is current."""
    beside = {_S.SUSPENDED: _S.PUBLISHED, _S.RECLASSIFYING: _S.DRAFT}
    stands = _S(beside.get(_S(row.state), row.state))
    position = WAY.index(stands) if stands in WAY else -1
    return tuple(
        WayStep(
            step.value,
            str(step.label),
            "past" if place < position else "current" if place == position else "future",
        )
        for place, step in enumerate(WAY)
    )


def _opening_row(row: Dataset) -> OpeningRow:
    version = row.current_version
    return OpeningRow(
        id=row.id,
        code=row.code,
        title=row.title,
        provider_name=row.provider.short_name,
        state=row.state,
        state_name=str(row.get_state_display()),
        level=row.level,
        openness=row.openness,
        openness_name=str(row.get_openness_display()),
        version=version.number if version else 0,
        row_count=version.row_count if version else 0,
        updated_at=version.filled_at if version else None,
    )


def _version_row(one: DatasetVersion, current_id: UUID | None) -> VersionRow:
    return VersionRow(
        one.number, one.row_count, one.bytes, one.sha256, one.filled_at, one.id == current_id
    )


def _last_scan(row: Dataset) -> SensitiveScan | None:
    if row.scan is not None:
        return row.scan
    scans = SensitiveScan.objects.filter(dataset=row).select_related("version", "recorded_by")
    return scans.order_by("-recorded_at", "-id").first()


def _scan_row(one: SensitiveScan | None) -> ScanRow | None:
    if one is None:
        return None
    findings = tuple(
        FindingRow(f["field"], str(ScanRuleChoice(f["rule"]).label), f["hits"])
        for f in one.findings
    )
    return ScanRow(
        one.version.number,
        one.rows_scanned,
        one.hits,
        findings,
        one.recorded_by.full_name,
        one.recorded_at,
    )


def _assessment_row(one: RiskAssessment | None) -> AssessmentRow | None:
    if one is None:
        return None
    return AssessmentRow(
        version=one.version.number,
        threats=one.threats,
        aggregation_risk=one.aggregation_risk,
        likelihood=one.likelihood,
        impact=one.impact,
        controls=one.controls,
        residual_level_name=str(one.get_residual_level_display()),
        assessor=one.assessor,
        valid_until=one.valid_until,
        recorded_by=one.recorded_by.full_name,
        recorded_at=one.recorded_at,
    )


def _review_row(one: SecrecyReview | None) -> OpinionRow | None:
    if one is None:
        return None
    by, when = one.recorded_by.full_name, one.recorded_at
    return OpinionRow(one.version.number, "", one.opinion, "", None, by, when)


def _evidence_row(one: ReclassificationEvidence | None) -> OpinionRow | None:
    if one is None:
        return None
    return OpinionRow(
        one.version.number,
        f"{one.get_kind_display()} · {one.title}",
        one.summary,
        one.content_hash,
        one.valid_until,
        one.recorded_by.full_name,
        one.recorded_at,
    )
