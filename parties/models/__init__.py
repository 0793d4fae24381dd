"""People, the organizations they work for, and the desks they work at."""

from parties.models.factors import RecoveryCode, SecondFactor
from parties.models.organizations import (
    Desk,
    Organization,
    OrganizationGroupPermission,
    OrganizationUserPermission,
    PublicUnit,
)
from parties.models.profiles import (
    Affiliate,
    PartyEvidence,
    PartyProfile,
    PartyProfileGroupPermission,
    PartyProfileUserPermission,
    PartyRule,
)
from parties.models.seats import (
    Attempt,
    Invitation,
    InvitationGroupPermission,
    InvitationUserPermission,
)
from parties.models.users import User

__all__ = [
    "Affiliate",
    "Attempt",
    "Desk",
    "Invitation",
    "InvitationGroupPermission",
    "InvitationUserPermission",
    "Organization",
    "OrganizationGroupPermission",
    "OrganizationUserPermission",
    "PartyEvidence",
    "PartyProfile",
    "PartyProfileGroupPermission",
    "PartyProfileUserPermission",
    "PartyRule",
    "PublicUnit",
    "RecoveryCode",
    "SecondFactor",
    "User",
]
