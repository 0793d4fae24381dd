"""The request for conditional data: its case, its review, its decision, its papers."""

from applications.models.application import Application
from applications.models.branch import (
    ProviderBranch,
    ProviderBranchGroupPermission,
    ProviderBranchUserPermission,
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
from applications.models.items import (
    ApplicationGroupPermission,
    ApplicationItem,
    ApplicationUserPermission,
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

__all__ = [
    "Application",
    "ApplicationDocument",
    "ApplicationGroupPermission",
    "ApplicationItem",
    "ApplicationUserPermission",
    "Attachment",
    "Clarification",
    "ClarificationGroupPermission",
    "ClarificationUserPermission",
    "Comment",
    "Consultation",
    "ConsultationGroupPermission",
    "ConsultationUserPermission",
    "CorrectionNotice",
    "Decision",
    "Delegation",
    "EligibilityCheck",
    "Holding",
    "Objection",
    "OpinionDraft",
    "ProviderBranch",
    "ProviderBranchGroupPermission",
    "ProviderBranchUserPermission",
    "Remark",
    "SectionMark",
    "SecurityAssessment",
    "Sighting",
    "Snapshot",
]
