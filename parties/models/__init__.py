"""People, the organizations they work for, and the desks they work at."""

from parties.models.organizations import (
    Desk,
    Organization,
    OrganizationGroupPermission,
    OrganizationUserPermission,
    PublicUnit,
)
from parties.models.users import User

__all__ = [
    "Desk",
    "Organization",
    "OrganizationGroupPermission",
    "OrganizationUserPermission",
    "PublicUnit",
    "User",
]
