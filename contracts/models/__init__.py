"""Agreements, what they are made from, and who signed them."""

from contracts.models.agreement import (
    Agreement,
    AgreementDocument,
    AgreementGroupPermission,
    AgreementParty,
    AgreementUserPermission,
    Signature,
)
from contracts.models.proposal import (
    ChangeProposal,
    ChangeProposalGroupPermission,
    ChangeProposalUserPermission,
    ProposalAsk,
    ProposalClaim,
)
from contracts.models.template import (
    BaseTemplate,
    BaseTemplateGroupPermission,
    BaseTemplateUserPermission,
    TermProfile,
    TermProfileGroupPermission,
    TermProfileUserPermission,
)
from contracts.models.text import (
    ClauseComment,
    ClauseThread,
    ClauseThreadGroupPermission,
    ClauseThreadUserPermission,
    TextVersion,
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
    "ClauseComment",
    "ClauseThread",
    "ClauseThreadGroupPermission",
    "ClauseThreadUserPermission",
    "ProposalAsk",
    "ProposalClaim",
    "Signature",
    "TermProfile",
    "TermProfileGroupPermission",
    "TermProfileUserPermission",
    "TextVersion",
]
