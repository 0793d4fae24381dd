"""Everything that can be done to an application. Each action is one transaction."""

from applications.actions.attachments import Upload
from applications.actions.branches import confirm_provider_opinion, draft_provider_opinion
from applications.actions.clarification import (
    answer_clarification,
    ask_clarification,
    recall_clarification,
)
from applications.actions.comments import (
    add_comment,
    add_remark,
    reply_to_comment,
    resolve_comment,
    save_correction_list,
    save_opinion_draft,
    send_correction_list,
)
from applications.actions.committee import (
    cast_ballot,
    conclude_committee,
    declare_interest,
    seat_panel,
    seat_substitute,
)
from applications.actions.consultation import (
    ask_opinion,
    assign_reference,
    give_opinion,
    recall_consultation,
)
from applications.actions.copying import copy_as_new
from applications.actions.decision import answer_objection, decide, object_to_decision
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
from applications.actions.holding import (
    assign_case,
    delegate_for_leave,
    end_delegation,
    hand_back,
    take_over,
)
from applications.actions.security import pass_security_review
from applications.actions.snapshots import mark_section, note_sighting
from applications.actions.submission import (
    accept_application,
    refuse_acceptance,
    request_correction,
    resubmit_application,
    submit_application,
)

__all__ = [
    "Upload",
    "accept_application",
    "accept_decision",
    "add_comment",
    "add_remark",
    "answer_clarification",
    "answer_objection",
    "ask_clarification",
    "ask_opinion",
    "assign_case",
    "assign_reference",
    "begin_agreement",
    "cast_ballot",
    "complete_application",
    "conclude_committee",
    "confirm_provider_opinion",
    "copy_as_new",
    "decide",
    "declare_interest",
    "delegate_for_leave",
    "draft_provider_opinion",
    "edit_application",
    "end_delegation",
    "extend_overall",
    "give_opinion",
    "hand_back",
    "lapse_overdue",
    "lapse_unsigned",
    "mark_section",
    "note_sighting",
    "object_to_decision",
    "pass_security_review",
    "recall_clarification",
    "recall_consultation",
    "refuse_acceptance",
    "reply_to_comment",
    "request_correction",
    "resolve_comment",
    "resubmit_application",
    "resume_clock",
    "save_correction_list",
    "save_opinion_draft",
    "seat_panel",
    "seat_substitute",
    "send_correction_list",
    "set_items",
    "sign_commitments",
    "start_application",
    "stop_clock",
    "submit_application",
    "take_over",
    "withdraw_application",
]
