"""What pages and other apps read about licenses, client applications and credentials."""

from licensing.queries.asked import count_file_asked, count_number_asked
from licensing.queries.clients import (
    ClientPage,
    ClientRow,
    CredentialPage,
    CredentialRow,
    client_page,
    clients_to_review,
    credential_page,
)
from licensing.queries.files import FileCheck, FileSeal, file_check
from licensing.queries.issuing import IssuePage, JobRow, Progress, issue_page
from licensing.queries.licenses import (
    LicenseCard,
    LicensedColumn,
    LicenseFile,
    LicensePage,
    LicenseRow,
    RevokeEffect,
    active_licenses,
    certificate,
    chain_of,
    license_card,
    license_ids_of_agreement,
    licenses_of,
    licenses_of_agreement,
    my_licenses,
    revoke_effect,
)
from licensing.queries.public import PublicLicense, verification
from licensing.queries.register import grants_of_party, license_lines
from licensing.queries.status import (
    SignedList,
    status_keys,
    status_list_token,
    trusted_roots_pem,
)

__all__ = [
    "ClientPage",
    "ClientRow",
    "CredentialPage",
    "CredentialRow",
    "FileCheck",
    "FileSeal",
    "IssuePage",
    "JobRow",
    "LicenseCard",
    "LicenseFile",
    "LicensePage",
    "LicenseRow",
    "LicensedColumn",
    "Progress",
    "PublicLicense",
    "RevokeEffect",
    "SignedList",
    "active_licenses",
    "certificate",
    "chain_of",
    "client_page",
    "clients_to_review",
    "count_file_asked",
    "count_number_asked",
    "credential_page",
    "file_check",
    "grants_of_party",
    "issue_page",
    "license_card",
    "license_ids_of_agreement",
    "license_lines",
    "licenses_of",
    "licenses_of_agreement",
    "my_licenses",
    "revoke_effect",
    "status_keys",
    "status_list_token",
    "trusted_roots_pem",
    "verification",
]
