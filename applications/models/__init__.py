"""The request for conditional data: its case, its review, its decision, its papers."""

from applications.models.application import Application
from applications.models.branch import (
    ProviderBranch,
    ProviderBranchGroupPermission,
    ProviderBranchUserPermission,
)
from applications.models.clock_rules import (
    CalendarImport,
    CalendarImportGroupPermission,
    CalendarImportUserPermission,
    RuleProposal,
    RuleProposalGroupPermission,
    RuleProposalUserPermission,
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
from applications.models.desk import (
    Comment,
    Delegation,
    Holding,
    OpinionDraft,
    Remark,
    SectionMark,
    Sighting,
    Snapshot,
)
from applications.models.eligibility import (
    EligibilityRule,
    EligibilityRuleGroupPermission,
    EligibilityRuleUserPermission,
)
from applications.models.exports import ListExport, SavedView
from applications.models.files import AnswerFile
from applications.models.forms import (
    FormDefinition,
    FormDefinitionGroupPermission,
    FormDefinitionUserPermission,
)
from applications.models.idle import DraftRule, DraftWarning
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
from applications.models.talks import (
    Attachment,
    Clarification,
    ClarificationGroupPermission,
    ClarificationUserPermission,
    Consultation,
    ConsultationGroupPermission,
    ConsultationUserPermission,
)
from applications.models.verdicts import DecisionItem, FastLaneRule, RenewalRule

__all__ = [
    "AgendaItem",
    "AnswerFile",
    "Application",
    "ApplicationDocument",
    "ApplicationGroupPermission",
    "ApplicationItem",
    "ApplicationUserPermission",
    "Attachment",
    "CalendarImport",
    "CalendarImportGroupPermission",
    "CalendarImportUserPermission",
    "Clarification",
    "ClarificationGroupPermission",
    "ClarificationUserPermission",
    "Comment",
    "CommitteeTerm",
    "Consultation",
    "ConsultationGroupPermission",
    "ConsultationUserPermission",
    "CorrectionNotice",
    "Decision",
    "DecisionItem",
    "Delegation",
    "DraftRule",
    "DraftWarning",
    "EligibilityCheck",
    "EligibilityRule",
    "EligibilityRuleGroupPermission",
    "EligibilityRuleUserPermission",
    "FastLaneRule",
    "FormDefinition",
    "FormDefinitionGroupPermission",
    "FormDefinitionUserPermission",
    "Holding",
    "ListExport",
    "Meeting",
    "MeetingGroupPermission",
    "MeetingUserPermission",
    "Minutes",
    "MinutesSignature",
    "Objection",
    "OpinionDraft",
    "PanelRule",
    "PanelRuleGroupPermission",
    "PanelRuleUserPermission",
    "ProviderBranch",
    "ProviderBranchGroupPermission",
    "ProviderBranchUserPermission",
    "Remark",
    "RenewalRule",
    "Roster",
    "RosterGroupPermission",
    "RosterUserPermission",
    "RuleProposal",
    "RuleProposalGroupPermission",
    "RuleProposalUserPermission",
    "SavedView",
    "SectionMark",
    "SecurityAssessment",
    "Sighting",
    "Snapshot",
]
