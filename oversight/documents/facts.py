"""What the documents of oversight say: frozen facts, plain types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Who issues a letter, under which number, when."""

    authority: str
    number: str
    issued_at: datetime
    demo_seal: bool
    copies_to: tuple[str, ...] = ()
    watermark: str = ""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """The case: the party, the license, the code V1 to V5 with its name, and the rule broken."""

    case_number: str
    party: str
    party_uscc: str
    license_number: str
    dataset: str
    code: str
    code_name: str
    rule_article: str
    act: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One piece of evidence and its SHA-256."""

    name: str
    source: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class HearingNoticeFacts:
    """Notice before a decision: what is alleged, on what evidence, until when to answer."""

    issue: Issue
    violation: Violation
    evidence: tuple[Evidence, ...]
    proposed_measures: tuple[str, ...]
    interim_measure: str = ""
    statement_working_days: int
    statement_due_on: date
    provisional: bool = False
    contact: str


@dataclass(frozen=True, kw_only=True)
class ViolationDecisionFacts:
    """The decision on a violation case."""

    issue: Issue
    violation: Violation
    evidence: tuple[Evidence, ...]
    statement_summary: str
    statement_answer: str
    measures: tuple[str, ...]
    legal_basis: tuple[str, ...]
    destruction_due_on: date | None = None
    publish_from: date
    publish_to: date
    remedy: str


@dataclass(frozen=True, kw_only=True)
class PublicNoticeFacts:
    """The notice the public reads: act and measure, from when to when; no secrets, no persons."""

    issue: Issue
    violation: Violation
    decision_number: str
    measures: tuple[str, ...]
    legal_basis: tuple[str, ...]
    publish_from: date
    publish_to: date
    repair_channel: str
    notice_url: str


@dataclass(frozen=True, kw_only=True)
class DestroyedCopy:
    """One copy of the data that was to be destroyed."""

    location: str
    content: str
    kind: str
    method: str
    destroyed_on: date | None


@dataclass(frozen=True, kw_only=True)
class CertificateRound:
    """One certificate of destruction and what its verification found."""

    certificate_number: str
    submitted_on: date
    method: str
    standard: str
    operator: str
    witness: str
    certificate_sha256: str
    copies: tuple[DestroyedCopy, ...]
    accepted: bool
    findings: tuple[str, ...]
    checked_by: str
    checked_on: date


@dataclass(frozen=True, kw_only=True)
class DestructionRecordFacts:
    """The verification record of destruction after an exit, all rounds of it."""

    issue: Issue
    party: str
    party_uscc: str
    license_number: str
    dataset: str
    cause: str
    access_closed_at: str
    due_on: date
    rounds: tuple[CertificateRound, ...]
