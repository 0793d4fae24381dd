"""Agreements, what they are made from, and who signed them."""

from contracts.models.agreement import (
    Agreement,
    AgreementDocument,
    AgreementGroupPermission,
    AgreementParty,
    AgreementUserPermission,
    Signature,
)
from contracts.models.clause import (
    ClauseVersion,
    ClauseVersionGroupPermission,
    ClauseVersionUserPermission,
    ProfileComment,
)
from contracts.models.proposal import (
    ChangeProposal,
    ChangeProposalGroupPermission,
    ChangeProposalUserPermission,
)
from contracts.models.template import (
    BaseTemplate,
    BaseTemplateGroupPermission,
    BaseTemplateUserPermission,
    TermProfile,
    TermProfileGroupPermission,
    TermProfileUserPermission,
)

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementGroupPermission",
    "AgreementParty",
    "AgreementUserPermission",
    "BaseTemplate",
    "BaseTemplateGroupPermission",
    "BaseTemplateUserPermission",
    "ChangeProposal",
    "ChangeProposalGroupPermission",
    "ChangeProposalUserPermission",
    "ClauseVersion",
    "ClauseVersionGroupPermission",
    "ClauseVersionUserPermission",
    "ProfileComment",
    "Signature",
    "TermProfile",
    "TermProfileGroupPermission",
    "TermProfileUserPermission",
]
