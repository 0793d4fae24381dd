"""Everything that can be done to licenses, client applications and credentials."""

from licensing.actions.clients import approve_client, register_client, reject_client
from licensing.actions.credentials import (
    IssuedSecret,
    issue_credential,
    request_credential,
    resume_credential,
    revoke_credential,
    rotate_credential,
    suspend_credential,
)
from licensing.actions.issuing import issue_licenses
from licensing.actions.licenses import (
    lift_restriction,
    restrict_license,
    resume_license,
    revoke_license,
    supersede_license,
    surrender_license,
    suspend_license,
)
from licensing.actions.propagation import (
    follow_agreement,
    follow_dataset,
    lapse_expired,
)
from licensing.actions.succession import succeed

__all__ = [
    "IssuedSecret",
    "approve_client",
    "follow_agreement",
    "follow_dataset",
    "issue_credential",
    "issue_licenses",
    "lapse_expired",
    "lift_restriction",
    "register_client",
    "reject_client",
    "request_credential",
    "restrict_license",
    "resume_credential",
    "resume_license",
    "revoke_credential",
    "revoke_license",
    "rotate_credential",
    "succeed",
    "supersede_license",
    "surrender_license",
    "suspend_credential",
    "suspend_license",
]
