"""Everything that can be done to an application. Each action is one transaction."""

from applications.actions.branches import confirm_provider_opinion, draft_provider_opinion
from applications.actions.children import begin_child
from applications.actions.committee import (
    cast_ballot,
    conclude_committee,
    declare_interest,
    seat_panel,
    seat_substitute,
)
from applications.actions.copying import copy_as_new
from applications.actions.decision import answer_objection, decide, object_to_decision
from applications.actions.delegation import delegate_branch
from applications.actions.drafting import (
    edit_application,
    set_items,
    sign_commitments,
    start_application,
)
from applications.actions.endings import (
    accept_decision,
    begin_agreement,
    complete_application,
    extend_overall,
    lapse_overdue,
    lapse_unsigned,
    resume_clock,
    stop_clock,
    withdraw_application,
)
from applications.actions.security import (
    ask_renewal,
    ask_renewals,
    pass_security_review,
    renew_assessment,
)
from applications.actions.submission import (
    accept_application,
    refuse_acceptance,
    request_correction,
    resubmit_application,
    submit_application,
)

__all__ = [
    "accept_application",
    "accept_decision",
    "answer_objection",
    "ask_renewal",
    "ask_renewals",
    "begin_agreement",
    "begin_child",
    "cast_ballot",
    "complete_application",
    "conclude_committee",
    "confirm_provider_opinion",
    "copy_as_new",
    "decide",
    "declare_interest",
    "delegate_branch",
    "draft_provider_opinion",
    "edit_application",
    "extend_overall",
    "lapse_overdue",
    "lapse_unsigned",
    "object_to_decision",
    "pass_security_review",
    "refuse_acceptance",
    "renew_assessment",
    "request_correction",
    "resubmit_application",
    "resume_clock",
    "seat_panel",
    "seat_substitute",
    "set_items",
    "sign_commitments",
    "start_application",
    "stop_clock",
    "submit_application",
    "withdraw_application",
]
