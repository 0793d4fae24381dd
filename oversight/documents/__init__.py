"""
Documents of oversight: hearing notice, decision on a violation, public notice, destruction record.

Source: docs/sources.md#violation-documents and docs/sources.md#destruction-record.
"""

from oversight.documents.destruction import render_destruction_record
from oversight.documents.facts import (
    CertificateRound,
    DestroyedCopy,
    DestructionRecordFacts,
    Evidence,
    HearingNoticeFacts,
    Issue,
    PublicNoticeFacts,
    Violation,
    ViolationDecisionFacts,
)
from oversight.documents.letters import (
    render_hearing_notice,
    render_public_notice,
    render_violation_decision,
)

__all__ = [
    "CertificateRound",
    "DestroyedCopy",
    "DestructionRecordFacts",
    "Evidence",
    "HearingNoticeFacts",
    "Issue",
    "PublicNoticeFacts",
    "Violation",
    "ViolationDecisionFacts",
    "render_destruction_record",
    "render_hearing_notice",
    "render_public_notice",
    "render_violation_decision",
]
