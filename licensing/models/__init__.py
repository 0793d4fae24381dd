"""Licenses and their certificates, client applications, credentials."""

from licensing.models.clients import (
    ClientApplication,
    ClientApplicationGroupPermission,
    ClientApplicationUserPermission,
)
from licensing.models.credentials import (
    Credential,
    CredentialGroupPermission,
    CredentialUserPermission,
)
from licensing.models.issuing import IssueItem, IssueJob
from licensing.models.licenses import (
    License,
    LicenseDocument,
    LicenseGroupPermission,
    LicenseUserPermission,
)

__all__ = [
    "ClientApplication",
    "ClientApplicationGroupPermission",
    "ClientApplicationUserPermission",
    "Credential",
    "CredentialGroupPermission",
    "CredentialUserPermission",
    "IssueItem",
    "IssueJob",
    "License",
    "LicenseDocument",
    "LicenseGroupPermission",
    "LicenseUserPermission",
]
