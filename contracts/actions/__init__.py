"""What people and the system do with agreements, templates and profiles."""

from contracts.actions.amending import (
    decline_amendment,
    propose_amendment,
    sign_amendment,
    withdraw_amendment,
)
from contracts.actions.authority_to_sign import (
    accept_mandate,
    expire_mandates,
    file_mandate,
    refuse_mandate,
    revoke_mandate,
)
from contracts.actions.bulk_signing import sign_several
from contracts.actions.clauses import draft_clause, install_clauses, publish_clause
from contracts.actions.closing import finalize_agreement, reopen_agreement
from contracts.actions.comments import (
    answer_thread,
    comment_on_clause,
    reopen_thread,
    resolve_thread,
)
from contracts.actions.drafting import draft_agreement, draft_undrafted, open_negotiation
from contracts.actions.ending import (
    begin_termination,
    carry_out_terminations,
    consent_to_termination,
    refuse_termination,
    withdraw_termination,
)
from contracts.actions.expiring import add_expiry_rule, remind_expiring
from contracts.actions.life import (
    expire_overdue,
    lapse_agreement,
    renew_agreement,
    resume_agreement,
    suspend_agreement,
)
from contracts.actions.negotiation import (
    accept_change,
    counter_change,
    decline_change,
    lapse_changes,
    propose_change,
    withdraw_change,
)
from contracts.actions.outside_copies import hand_in_signed_copy
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
from contracts.actions.rules_of_signing import set_signing_rule
from contracts.actions.signing import decline_to_sign, sign_agreement
from contracts.actions.templates import (
    draft_base_template,
    install_base_template,
    publish_base_template,
)

__all__ = [
    "accept_change",
    "accept_mandate",
    "add_expiry_rule",
    "agree_term_profile",
    "answer_thread",
    "begin_termination",
    "carry_out_terminations",
    "comment_on_clause",
    "comment_term_profile",
    "consent_to_termination",
    "counter_change",
    "decline_amendment",
    "decline_change",
    "decline_to_sign",
    "draft_agreement",
    "draft_base_template",
    "draft_clause",
    "draft_term_profile",
    "draft_undrafted",
    "expire_mandates",
    "expire_overdue",
    "file_mandate",
    "finalize_agreement",
    "hand_in_signed_copy",
    "install_base_template",
    "install_clauses",
    "install_term_profiles",
    "lapse_agreement",
    "lapse_changes",
    "open_negotiation",
    "propose_amendment",
    "propose_change",
    "propose_term_profile",
    "publish_base_template",
    "publish_clause",
    "publish_term_profile",
    "refuse_mandate",
    "refuse_termination",
    "remind_expiring",
    "renew_agreement",
    "reopen_agreement",
    "reopen_thread",
    "resolve_thread",
    "resume_agreement",
    "revise_term_profile",
    "revoke_mandate",
    "send_back_term_profile",
    "set_signing_rule",
    "sign_agreement",
    "sign_amendment",
    "sign_several",
    "suspend_agreement",
    "terminate_agreement",
    "withdraw_amendment",
    "withdraw_change",
    "withdraw_term_profile",
    "withdraw_termination",
]
