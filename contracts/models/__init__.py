"""Agreements, what they are made from, and who signed them."""

from contracts.models.agreement import (
    Agreement,
    AgreementDocument,
    AgreementParty,
)
from contracts.models.amendment import (
    Amendment,
    AmendmentGroupPermission,
    AmendmentSignature,
    AmendmentUserPermission,
)
from contracts.models.batches import SigningBatch, SigningBatchItem
from contracts.models.clause import (
    ClauseVersion,
    ClauseVersionGroupPermission,
    ClauseVersionUserPermission,
    ProfileComment,
)
from contracts.models.ending import (
    Termination,
    TerminationConsent,
    TerminationGroupPermission,
    TerminationUserPermission,
)
from contracts.models.expiry import ExpiryReminder, ExpiryRule
from contracts.models.order import SigningOrder
from contracts.models.proposal import (
    ChangeProposal,
    ChangeProposalGroupPermission,
    ChangeProposalUserPermission,
    ProposalAsk,
    ProposalClaim,
)
from contracts.models.rights import AgreementGroupPermission, AgreementUserPermission
from contracts.models.signing import (
    Signature,
    SigningMandate,
    SigningMandateGroupPermission,
    SigningMandateUserPermission,
    SigningRule,
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
    "Amendment",
    "AmendmentGroupPermission",
    "AmendmentSignature",
    "AmendmentUserPermission",
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
    "ClauseVersion",
    "ClauseVersionGroupPermission",
    "ClauseVersionUserPermission",
    "ExpiryReminder",
    "ExpiryRule",
    "ProfileComment",
    "ProposalAsk",
    "ProposalClaim",
    "Signature",
    "SigningBatch",
    "SigningBatchItem",
    "SigningMandate",
    "SigningMandateGroupPermission",
    "SigningMandateUserPermission",
    "SigningOrder",
    "SigningRule",
    "TermProfile",
    "TermProfileGroupPermission",
    "TermProfileUserPermission",
    "Termination",
    "TerminationConsent",
    "TerminationGroupPermission",
    "TerminationUserPermission",
    "TextVersion",
]
