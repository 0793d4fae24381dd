"""What people and the system do with agreements, templates and profiles."""

from contracts.actions.clauses import draft_clause, install_clauses, publish_clause
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
from contracts.actions.profiles import (
    agree_term_profile,
    comment_term_profile,
    draft_term_profile,
    install_term_profiles,
    propose_term_profile,
    publish_term_profile,
    revise_term_profile,
    send_back_term_profile,
    withdraw_term_profile,
)
from contracts.actions.signing import decline_to_sign, sign_agreement
from contracts.actions.templates import (
    draft_base_template,
    install_base_template,
    publish_base_template,
)

__all__ = [
    "accept_change",
    "agree_term_profile",
    "comment_term_profile",
    "decline_change",
    "decline_to_sign",
    "draft_agreement",
    "draft_base_template",
    "draft_clause",
    "draft_term_profile",
    "expire_overdue",
    "finalize_agreement",
    "install_base_template",
    "install_clauses",
    "install_term_profiles",
    "lapse_agreement",
    "open_negotiation",
    "propose_change",
    "propose_term_profile",
    "publish_base_template",
    "publish_clause",
    "publish_term_profile",
    "reopen_agreement",
    "resume_agreement",
    "revise_term_profile",
    "send_back_term_profile",
    "sign_agreement",
    "suspend_agreement",
    "terminate_agreement",
    "withdraw_term_profile",
]
