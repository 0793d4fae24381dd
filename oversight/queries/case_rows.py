"""The frozen rows of which the page of a violation case is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from oversight.queries.strips import Step
from workflow import deadlines, history, transitions


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list."""

    id: UUID
    number: str
    party_name: str
    code: str
    code_name: str
    state: str
    state_name: str
    tone: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class LicenseLine:
    """One license concerned."""

    id: UUID
    number: str
    dataset: str
    state_name: str
    tone: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence; the content is fetched apart."""

    id: int
    position: int
    name: str
    source: str
    size_bytes: int
    content_hash: str
    custodian: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What the party said and what it was answered."""

    kind_name: str
    text: str
    given_by: str
    given_at: datetime
    answer: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as it was carried out."""

    name: str
    interim: bool
    reason: str
    ordered_at: datetime
    until: datetime | None
    ended_at: datetime | None
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A paper that was issued."""

    id: int
    kind_name: str
    number: str
    content_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """How many licenses and credentials a measure would reach now."""

    licenses: int
    credentials: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measure, whether the ladder provides it, and what it would do."""

    measure: str
    name: str
    provided: bool
    proposed: bool
    bars: bool
    effect: Effect


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What the public would read."""

    party_name: str
    act: str
    code_name: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyChoice:
    """A license somebody may report on."""

    party_id: UUID
    party_name: str
    license_id: UUID
    license_number: str
    dataset: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of one case."""

    row: CaseRow
    is_party: bool
    report: str
    reported_by: str
    facts: str
    rule_article: str
    severity_name: str
    source_name: str
    investigator: str
    party_id: UUID
    party_uscc: str
    licenses: tuple[LicenseLine, ...]
    evidence: tuple[EvidenceRow, ...]
    statements: tuple[StatementRow, ...]
    measures: tuple[MeasureRow, ...]
    documents: tuple[DocumentRow, ...]
    prior: tuple[str, ...]
    repeated: bool
    proposals: tuple[Proposal, ...]
    damages_limit_fen: int
    proposed_measure_name: str
    statement_due_on: date | None
    decision_number: str
    decided_at: datetime | None
    decided_by: str
    measure_name: str
    reasons: str
    statement_answer: str
    departure_reason: str
    damages_fen: int
    end_reason: str
    preview: NoticePreview | None
    notice_id: UUID | None
    notice_number: str
    exits: tuple[tuple[UUID, str], ...]
    strip: tuple[Step, ...]
    clocks: tuple[deadlines.ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]
    may_add_evidence: bool
    may_order_interim: bool
