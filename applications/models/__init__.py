"""The request for conditional data: its case, its review, its decision, its papers."""

from applications.models.application import Application
from applications.models.branch import (
    ProviderBranch,
    ProviderBranchGroupPermission,
    ProviderBranchUserPermission,
)
from applications.models.committee import (
    CommitteeTerm,
    PanelRule,
    PanelRuleGroupPermission,
    PanelRuleUserPermission,
    Roster,
    RosterGroupPermission,
    RosterUserPermission,
)
from applications.models.items import (
    ApplicationGroupPermission,
    ApplicationItem,
    ApplicationUserPermission,
)
from applications.models.meetings import (
    AgendaItem,
    Meeting,
    MeetingGroupPermission,
    MeetingUserPermission,
    Minutes,
    MinutesSignature,
)
from applications.models.records import (
    ApplicationDocument,
    CorrectionNotice,
    Decision,
    EligibilityCheck,
    Objection,
    SecurityAssessment,
)
from applications.models.verdicts import DecisionItem, FastLaneRule, RenewalRule

__all__ = [
    "AgendaItem",
    "Application",
    "ApplicationDocument",
    "ApplicationGroupPermission",
    "ApplicationItem",
    "ApplicationUserPermission",
    "CommitteeTerm",
    "CorrectionNotice",
    "Decision",
    "DecisionItem",
    "EligibilityCheck",
    "FastLaneRule",
    "Meeting",
    "MeetingGroupPermission",
    "MeetingUserPermission",
    "Minutes",
    "MinutesSignature",
    "Objection",
    "PanelRule",
    "PanelRuleGroupPermission",
    "PanelRuleUserPermission",
    "ProviderBranch",
    "ProviderBranchGroupPermission",
    "ProviderBranchUserPermission",
    "RenewalRule",
    "Roster",
    "RosterGroupPermission",
    "RosterUserPermission",
    "SecurityAssessment",
]
