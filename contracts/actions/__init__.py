"""What people and the system do with agreements, templates and profiles."""

from contracts.actions.authority_to_sign import (
    accept_mandate,
    expire_mandates,
    file_mandate,
    refuse_mandate,
    revoke_mandate,
)
from contracts.actions.drafting import draft_agreement, open_negotiation
from contracts.actions.life import (
    expire_overdue,
    lapse_agreement,
    resume_agreement,
    suspend_agreement,
    terminate_agreement,
)
from contracts.actions.negotiation import (
    accept_change,
    decline_change,
    finalize_agreement,
    propose_change,
    reopen_agreement,
)
from contracts.actions.outside_copies import hand_in_signed_copy
from contracts.actions.rules_of_signing import set_signing_rule
from contracts.actions.signing import decline_to_sign, sign_agreement
from contracts.actions.templates import (
    draft_base_template,
    draft_term_profile,
    install_base_template,
    install_term_profiles,
    publish_base_template,
    publish_term_profile,
)

__all__ = [
    "accept_change",
    "accept_mandate",
    "decline_change",
    "decline_to_sign",
    "draft_agreement",
    "draft_base_template",
    "draft_term_profile",
    "expire_mandates",
    "expire_overdue",
    "file_mandate",
    "finalize_agreement",
    "hand_in_signed_copy",
    "install_base_template",
    "install_term_profiles",
    "lapse_agreement",
    "open_negotiation",
    "propose_change",
    "publish_base_template",
    "publish_term_profile",
    "refuse_mandate",
    "reopen_agreement",
    "resume_agreement",
    "revoke_mandate",
    "set_signing_rule",
    "sign_agreement",
    "suspend_agreement",
    "terminate_agreement",
]
