"""What pages about agreements show: frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.preview import Preview
from contracts.queries.turns import Turn
from contracts.redline import RedlinedClause
from contracts.wording import Clause, PartyFacts
from workflow.deadlines import ClockView
from workflow.history import TimelineEntry
from workflow.transitions import Offer


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement in a list."""

    id: UUID
    number: str
    scenario: str
    applicant_name: str
    datasets: str
    state: str
    state_name: str
    drafted_at: datetime
    valid_from: date | None
    valid_to: date | None
    turn: Turn
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class AgreementList:
    """One page of a list of agreements."""

    rows: tuple[AgreementRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a term: what holds, what the template said, who decided it."""

    path: str
    label: str
    value: str
    template_value: str
    source: str
    changed: bool


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term with its entries; ``changed`` when one of them departs from the template."""

    name: str
    title: str
    entries: tuple[EntryRow, ...]
    sources: tuple[str, ...]
    changed: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One party's signature; ``status`` is signed, waiting (its turn) or later."""

    organization_id: UUID
    party_name: str
    side: str
    side_name: str
    status: str
    signer: str
    signed_at: datetime | None
    text_hash: str
    proof_name: str
    by_letter: bool
    # The last day of the reader's own letter, when the reader signs by one.
    my_letter: date | None = None
    # Under which name the document keeps the party's place: its code.
    place_name: str = ""


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A power of attorney for the signing of one agreement."""

    id: UUID
    agreement_id: UUID
    agreement_number: str
    party_name: str
    delegate_name: str
    valid_until: date
    file_name: str
    content_hash: str
    filed_by: str
    filed_at: datetime
    state: str
    state_name: str
    reviewed_by: str
    end_reason: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class VoidedRow:
    """A signature that a later change voided."""

    party_name: str
    signer: str
    signed_at: datetime
    voided_at: datetime
    reason: str
    text_version: int


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One stored paper."""

    id: int
    kind: str
    kind_name: str
    text_version: int
    content_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry a proposal changes."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """A group of parties of which one has to accept; ``consented`` names who did."""

    names: tuple[str, ...]
    consented: str
    consented_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """
    One proposed change; ``barred`` says why the reader does not answer it.

    ``redline`` is what it would do to the text today, ``changes`` what it asked entry by entry.
    """

    id: UUID
    agreement_id: UUID
    agreement_number: str
    party_name: str
    proposed_by: str
    reason: str
    terms: tuple[str, ...]
    places: tuple[str, ...]
    places_text: str
    changes: tuple[ChangeRow, ...]
    redline: tuple[RedlinedClause, ...]
    asks: tuple[AskRow, ...]
    state: str
    state_name: str
    created_at: datetime
    text_version: int
    present_version: int
    answers_id: UUID | None
    answered_by: str
    answered_at: datetime | None
    answer_reason: str
    may_answer: bool
    may_withdraw: bool
    has_consented: bool
    barred: str
    stale: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """Everything the page of an agreement shows."""

    id: UUID
    number: str
    state: str
    state_name: str
    application_id: UUID
    application_number: str
    decision_number: str
    applicant_name: str
    provider_names: tuple[str, ...]
    authority_name: str
    scenario: str
    template: str
    text_version: int
    text_hash: str
    drafted_at: datetime
    finalized_at: datetime | None
    effective_at: datetime | None
    valid_from: date | None
    valid_to: date | None
    ended_at: datetime | None
    end_text: str
    suspension_reason: str
    parties: tuple[tuple[str, PartyFacts], ...]
    recitals: tuple[str, ...]
    clauses: tuple[Clause, ...]
    changed_terms: frozenset[str]
    terms: tuple[TermRow, ...]
    signatures: tuple[SignatureRow, ...]
    voided: tuple[VoidedRow, ...]
    documents: tuple[DocumentRow, ...]
    proposals: tuple[ProposalRow, ...]
    offers: tuple[Offer, ...]
    may_propose: bool
    signing_order_name: str
    turn: Turn
    signs_for: SignatureRow | None
    mandates: tuple[MandateRow, ...]
    may_file_mandate: bool
    # Why the person whose turn it is cannot sign yet; empty when nothing stands in the way.
    signing_barred: str
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """When the use of the data is evaluated, by the terms."""

    agreement_id: UUID
    first_on: date
    cycle_months: int
    pass_score: int
    fail_score: int


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One version of a dataset's term profile in a list."""

    id: UUID
    dataset_code: str
    dataset_title: str
    version: int
    state: str
    state_name: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnprofiledRow:
    """A dataset that has no profile yet, and that the reader may draft one for."""

    dataset_id: UUID
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What one side says about a profile."""

    about: str
    side_name: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One version of a profile beside the base template and beside the version in force."""

    row: ProfileRow
    note: str
    side_name: str
    turn: str
    drafted_by: str
    agreed_by: str
    agreed_at: datetime | None
    published_by: str
    terms: tuple[TermRow, ...]
    changes: tuple[ChangeRow, ...]
    in_force: int | None
    preview: Preview
    comments: tuple[CommentRow, ...]
    offers: tuple[Offer, ...]
    versions: tuple[ProfileRow, ...]
    may_draft: bool
    may_comment: bool
    dataset_id: UUID
