"""The engine's own tables: audit chain, outbox, deadlines, review rounds."""

from workflow.models.audit import AuditEntry, AuditSeal
from workflow.models.deadlines import ClockStop, Deadline, DeadlineChange, DeadlineRule
from workflow.models.outbox import Delivery, Event
from workflow.models.rounds import Ballot, ReviewRound, ReviewSeat, SheetDraft

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Ballot",
    "ClockStop",
    "Deadline",
    "DeadlineChange",
    "DeadlineRule",
    "Delivery",
    "Event",
    "ReviewRound",
    "ReviewSeat",
    "SheetDraft",
]
