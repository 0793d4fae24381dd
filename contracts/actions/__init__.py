"""What people and the system do with agreements, templates and profiles."""

from contracts.actions.closing import finalize_agreement, reopen_agreement
from contracts.actions.comments import (
    answer_thread,
    comment_on_clause,
    reopen_thread,
    resolve_thread,
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
    counter_change,
    decline_change,
    lapse_changes,
    propose_change,
    withdraw_change,
)
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
    "answer_thread",
    "comment_on_clause",
    "counter_change",
    "decline_change",
    "decline_to_sign",
    "draft_agreement",
    "draft_base_template",
    "draft_term_profile",
    "expire_overdue",
    "finalize_agreement",
    "install_base_template",
    "install_term_profiles",
    "lapse_agreement",
    "lapse_changes",
    "open_negotiation",
    "propose_change",
    "publish_base_template",
    "publish_term_profile",
    "reopen_agreement",
    "reopen_thread",
    "resolve_thread",
    "resume_agreement",
    "sign_agreement",
    "suspend_agreement",
    "terminate_agreement",
    "withdraw_change",
]
