"""The engine's own tables: audit chain, outbox, deadlines, review rounds."""

from workflow.models.audit import AuditEntry, AuditSeal
from workflow.models.clock_acts import ClockExtension, EscalationRule
from workflow.models.deadlines import ClockStop, Deadline, DeadlineChange, DeadlineRule
from workflow.models.outbox import Delivery, Event
from workflow.models.rounds import Ballot, ReviewRound, ReviewSeat, SheetDraft
from workflow.models.switches import (
    VerbSwitch,
    VerbSwitchGroupPermission,
    VerbSwitchUserPermission,
)

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Ballot",
    "ClockExtension",
    "ClockStop",
    "Deadline",
    "DeadlineChange",
    "DeadlineRule",
    "Delivery",
    "EscalationRule",
    "Event",
    "ReviewRound",
    "ReviewSeat",
    "SheetDraft",
    "VerbSwitch",
    "VerbSwitchGroupPermission",
    "VerbSwitchUserPermission",
]
