"""What lists and pages of applications are made of: frozen rows, nothing a template could query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from applications.states import ApplicationState as S
from workflow.deadlines import ClockView
from workflow.history import TimelineEntry
from workflow.transitions import Offer

TONES: dict[str, str] = {
    S.DRAFT: "secondary",
    S.CORRECTION_REQUESTED: "yellow",
    S.NOT_ACCEPTED: "red",
    S.APPROVED: "green",
    S.APPROVED_WITH_CONDITIONS: "green",
    S.REJECTED: "red",
    S.WITHDRAWN: "secondary",
    S.LAPSED: "secondary",
    S.OBJECTION: "yellow",
    S.OVERTURNED: "green",
    S.UPHELD: "secondary",
    S.AGREEMENT_STAGE: "blue",
    S.GRANTED: "green",
    S.LAPSED_UNSIGNED: "secondary",
}


def tone_of(state: str) -> str:
    """Return the tone of a state; the word stands beside it."""
    return TONES.get(state, "blue")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One attached file."""

    id: int
    name: str
    size_bytes: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of a list; ``clock`` is the nearest running clock."""

    id: UUID
    number: str
    scenario_name: str
    applicant_name: str
    datasets: str
    state: str
    state_name: str
    tone: str
    submitted_at: datetime | None
    updated_at: datetime
    clock: ClockView | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    rows: tuple[Any, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class QueueTab:
    """One tab of a desk with the number of cases under it, or None when it is not counted."""

    key: str
    title: str
    count: int | None


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One provider's part of a review."""

    id: UUID
    application_id: UUID
    number: str
    scenario_name: str
    provider_name: str
    state: str
    state_name: str
    tone: str
    clock: ClockView | None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One requested field and what became of it: "", ALLOW, DENY or TRANSFORM."""

    name: str
    title: str
    level: str
    decision: str = ""
    rule: str = ""
    reason: str = ""
    legal_basis: str = ""
    rule_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One requested dataset."""

    code: str
    title: str
    provider_name: str
    level: str
    level_name: str
    justification: str
    filters: dict[str, Any]
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper of the case."""

    id: int
    kind_name: str
    number: str
    content_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One state on the strip; ``status`` is past, current or future."""

    label: str
    status: str
    when: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing to be corrected, and what the applicant says was done about it."""

    number: str
    section: str
    item: str
    problem: str
    required: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """The correction notice of a submission."""

    number: str
    issued_at: datetime
    due_on: date
    answered_at: datetime | None
    defects: tuple[Defect, ...]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One version of the decision."""

    version: int
    number: str
    result: str
    result_name: str
    tone: str
    reasons: str
    conditions: tuple[str, ...]
    departure_reason: str
    decider_name: str
    decided_at: datetime
    partial: bool = False
    items: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """The security assessment."""

    findings: tuple[str, ...]
    conclusion: str
    conditions: tuple[str, ...]
    valid_until: date
    assessor_name: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class ItemConclusionRow:
    """What the committee concluded on one dataset; votes are weighted."""

    code: str
    votes_for: int
    votes_against: int
    votes_abstain: int
    passed: bool
    tie: bool


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """What the committee concluded, with its count; the mean is in points as text."""

    passed: bool
    seats: int
    recused: int
    present: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    mean: str
    minutes_number: str
    conditions: tuple[str, ...]
    items: tuple[ItemConclusionRow, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """The objection and its answer."""

    grounds: str
    filed_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another case that this reader may open."""

    id: UUID
    number: str
    state_name: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one case shows to this reader."""

    id: UUID
    number: str
    scenario_code: str
    scenario_name: str
    state: str
    state_name: str
    tone: str
    applicant_id: UUID
    applicant_name: str
    applicant_uscc: str
    authority_name: str
    handler_name: str
    office: str
    purpose_class_name: str
    purpose_text: str
    expected_products: str
    benefit_statement: str
    term_months: int | None
    monthly_quota: int | None
    delivery_mode_name: str
    environment_name: str
    protection_level: int | None
    protection_certificate: str
    region: str
    onward_supply: bool
    cross_border: bool
    security_plan: tuple[tuple[str, str], ...]
    commitments: tuple[str, ...]
    signer: str
    submitted_at: datetime | None
    refusal: str
    withdrawal_reason: str
    items: tuple[ItemRow, ...]
    strip: tuple[Step, ...]
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineEntry, ...]
    documents: tuple[DocumentRow, ...]
    checks: Any
    offers: tuple[Offer, ...]
    branches: tuple[BranchRow, ...]
    correction: CorrectionRow | None
    assessment: AssessmentRow | None
    conclusion: ConclusionRow | None
    decisions: tuple[DecisionRow, ...]
    objection: ObjectionRow | None
    is_applicant: bool
    sees_panel: bool
    manages_clocks: bool
    may_copy: bool
    copied_from: CaseLink | None
    copies: tuple[CaseLink, ...]
    fast_lane: dict[str, Any] | None = None
    family: Any = None
    # What the form asks beside the columns, by section.
    further: tuple[Any, ...] = ()
