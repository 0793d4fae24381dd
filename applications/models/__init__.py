"""The request for conditional data: its case, its review, its decision, its papers."""

from applications.models.application import Application
from applications.models.branch import (
    ProviderBranch,
    ProviderBranchGroupPermission,
    ProviderBranchUserPermission,
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
from applications.models.verdicts import DecisionItem, FastLaneRule, RenewalRule

__all__ = [
    "Application",
    "ApplicationDocument",
    "ApplicationGroupPermission",
    "ApplicationItem",
    "ApplicationUserPermission",
    "CorrectionNotice",
    "Decision",
    "DecisionItem",
    "EligibilityCheck",
    "FastLaneRule",
    "Objection",
    "ProviderBranch",
    "ProviderBranchGroupPermission",
    "ProviderBranchUserPermission",
    "RenewalRule",
    "SecurityAssessment",
]
