"""What the documents of an application say: frozen facts, plain types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Result = Literal["APPROVED", "APPROVED_WITH_CONDITIONS", "REJECTED"]
PARTLY = "部分准予使用"
RESULT_NAMES: dict[Result, str] = {
    "APPROVED": "准予使用",
    "APPROVED_WITH_CONDITIONS": "附条件准予使用",
    "REJECTED": "不予使用",
}
VOTES = ("同意", "不同意", "弃权")


@dataclass(frozen=True, kw_only=True)
class RequestedDataset:
    """One dataset of the application as a document names it."""

    code: str
    name: str
    version: str
    provider: str
    sensitivity_level: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """The application that a document is about."""

    application_number: str
    applicant: str
    applicant_uscc: str
    scenario: str
    purpose_class: str
    datasets: tuple[RequestedDataset, ...]
    submitted_on: date


@dataclass(frozen=True, kw_only=True)
class IssueFacts:
    """Who issues a letter, under which number, when."""

    authority: str
    number: str
    issued_at: datetime
    demo_seal: bool
    copies_to: tuple[str, ...] = ()
    watermark: str = ""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One step with its last day; ``provisional`` when the calendar of the year is not out."""

    step: str
    working_days: int
    due_on: date
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class AcceptanceFacts:
    """Notice that an application is accepted, or is not accepted and why."""

    issue: IssueFacts
    case: CaseFacts
    accepted: bool
    legal_basis: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    demand_channel: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One thing to be corrected."""

    item: str
    problem: str
    required: str


@dataclass(frozen=True, kw_only=True)
class CorrectionFacts:
    """The one notice that names all defects of a submission at once."""

    issue: IssueFacts
    case: CaseFacts
    legal_basis: tuple[str, ...]
    defects: tuple[Defect, ...]
    working_days: int
    due_on: date
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class MemberVote:
    """A committee member: present, recused, and how they voted. Score 0 to 100, or none."""

    name: str
    organization: str
    duty: str
    present: bool
    recusal_reason: str = ""
    vote: str = ""
    score: Decimal | None = None
    reason: str = ""
    # A dissenting opinion for the minutes, whatever the vote was.
    dissent: str = ""
    # The datasets on which the vote differs: (code, vote).
    votes: tuple[tuple[str, str], ...] = ()
    # The sheet: (criterion, points, reason for few points).
    scores: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemResult:
    """What the panel concluded on one dataset; votes are weighted."""

    code: str
    name: str
    votes_for: int
    votes_against: int
    votes_abstain: int
    passed: bool


@dataclass(frozen=True, kw_only=True)
class SignatureLine:
    """One signature under the minutes: in which capacity, by whom, when."""

    capacity: str
    name: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class MinutesFacts:
    """
    Minutes of a committee meeting on one application; with ``objection`` of the panel on one.

    ``text_hash`` is the SHA-256 of the draft that was signed, empty in the draft itself.
    """

    number: str
    authority: str
    case: CaseFacts
    held_at: datetime
    place: str
    chair: str
    secretary: str
    quorum_rule: str
    pass_rule: str
    members: tuple[MemberVote, ...]
    passed: bool
    conclusion: str
    conditions: tuple[str, ...]
    issued_at: datetime
    demo_seal: bool
    items: tuple[ItemResult, ...] = ()
    objection: bool = False
    rule: str = ""
    signatures: tuple[SignatureLine, ...] = ()
    text_hash: str = ""
    watermark: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetDecision:
    """What a decision says of one dataset; ``reasons`` only where they are its own."""

    code: str
    result: Result
    reasons: str = ""
    departure_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """The decision on an application."""

    issue: IssueFacts
    case: CaseFacts
    accepted_on: date
    result: Result
    legal_basis: tuple[str, ...]
    reasons: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    minutes_number: str = ""
    committee_conclusion: str = ""
    departure_reason: str = ""
    fast_lane: str = ""
    partial: bool = False
    items: tuple[DatasetDecision, ...] = ()
    sign_by: date | None = None
    remedy: str
