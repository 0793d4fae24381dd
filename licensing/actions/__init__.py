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
from licensing.actions.issue_jobs import queue_issue, resume_issue, run_issue_jobs
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
from licensing.actions.reissuing import REISSUE_CAUSES, reissue_certificate
from licensing.actions.succession import reissue_amended, succeed

__all__ = [
    "REISSUE_CAUSES",
    "IssuedSecret",
    "approve_client",
    "follow_agreement",
    "follow_dataset",
    "issue_credential",
    "issue_licenses",
    "lapse_expired",
    "lift_restriction",
    "queue_issue",
    "register_client",
    "reissue_amended",
    "reissue_certificate",
    "reject_client",
    "request_credential",
    "restrict_license",
    "resume_credential",
    "resume_issue",
    "resume_license",
    "revoke_credential",
    "revoke_license",
    "rotate_credential",
    "run_issue_jobs",
    "succeed",
    "supersede_license",
    "surrender_license",
    "suspend_credential",
    "suspend_license",
]
