"""Agreements, what they are made from, and who signed them."""

from contracts.models.agreement import (
    Agreement,
    AgreementDocument,
    AgreementGroupPermission,
    AgreementParty,
    AgreementUserPermission,
)
from contracts.models.order import SigningOrder
from contracts.models.proposal import (
    ChangeProposal,
    ChangeProposalGroupPermission,
    ChangeProposalUserPermission,
)
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
    "Signature",
    "SigningMandate",
    "SigningMandateGroupPermission",
    "SigningMandateUserPermission",
    "SigningOrder",
    "SigningRule",
    "TermProfile",
    "TermProfileGroupPermission",
    "TermProfileUserPermission",
]
