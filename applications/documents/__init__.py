"""
Documents of an application: acceptance, correction, minutes of the committee, decision.

Each renderer is a pure function of its facts. Source: domain rules for notices, minutes and
decisions, docs/sources.md#application-documents.
"""

from applications.documents.agenda import AgendaCase, AgendaFacts, render_agenda
from applications.documents.facts import (
    AcceptanceFacts,
    CaseFacts,
    CorrectionFacts,
    DatasetDecision,
    Deadline,
    DecisionFacts,
    Defect,
    IssueFacts,
    ItemResult,
    MemberVote,
    MinutesFacts,
    RequestedDataset,
    SignatureLine,
)
from applications.documents.letters import render_acceptance, render_correction, render_decision
from applications.documents.minutes import render_minutes
from applications.documents.receipt import ReceiptFacts, render_receipt

__all__ = [
    "AcceptanceFacts",
    "AgendaCase",
    "AgendaFacts",
    "CaseFacts",
    "CorrectionFacts",
    "DatasetDecision",
    "Deadline",
    "DecisionFacts",
    "Defect",
    "IssueFacts",
    "ItemResult",
    "MemberVote",
    "MinutesFacts",
    "ReceiptFacts",
    "RequestedDataset",
    "SignatureLine",
    "render_acceptance",
    "render_agenda",
    "render_correction",
    "render_decision",
    "render_minutes",
    "render_receipt",
]
