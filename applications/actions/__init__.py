"""Everything that can be done to an application. Each action is one transaction."""

from applications.actions.attachments import Upload
from applications.actions.branches import confirm_provider_opinion, draft_provider_opinion
from applications.actions.bulk import act_on_several
from applications.actions.calendars import (
    apply_calendars,
    propose_calendar,
    settle_calendar,
)
from applications.actions.children import begin_child
from applications.actions.clarification import (
    answer_clarification,
    ask_clarification,
    recall_clarification,
)
from applications.actions.clock_rules import propose_rule, settle_rule
from applications.actions.comments import (
    add_comment,
    add_remark,
    reply_to_comment,
    resolve_comment,
    save_correction_list,
    save_opinion_draft,
    send_correction_list,
)
from applications.actions.committee import cast_ballot, close_panel, save_sheet
from applications.actions.consultation import (
    ask_opinion,
    assign_reference,
    give_opinion,
    recall_consultation,
)
from applications.actions.copying import copy_as_new
from applications.actions.decision import answer_objection, decide, object_to_decision
from applications.actions.definitions import (
    discard_form,
    draft_form,
    edit_form,
    import_form,
    publish_form,
)
from applications.actions.delegation import delegate_branch
from applications.actions.deletion import delete_draft
from applications.actions.drafting import (
    edit_application,
    set_items,
    sign_commitments,
    start_application,
)
from applications.actions.eligibility import propose_eligibility_rule, settle_eligibility_rule
from applications.actions.endings import (
    accept_decision,
    begin_agreement,
    complete_application,
    lapse_overdue,
    lapse_unsigned,
    resume_clock,
    stop_clock,
    withdraw_application,
)
from applications.actions.expiry import expire_drafts
from applications.actions.exports import (
    begin_export,
    cancel_export,
    expire_exports,
    resume_export,
    run_exports,
    take_export,
)
from applications.actions.files import attach_file, remove_file
from applications.actions.holding import (
    assign_case,
    delegate_for_leave,
    end_delegation,
    hand_back,
    take_over,
)
from applications.actions.meetings import (
    call_meeting,
    cancel_meeting,
    close_meeting,
    move_meeting,
    order_agenda,
    plan_meeting,
    put_on_agenda,
)
from applications.actions.minutes import conclude_committee, sign_minutes
from applications.actions.panel_rules import propose_panel_rule, settle_panel_rule
from applications.actions.roster import (
    Appointment,
    appoint_members,
    dissolve_roster,
    end_term,
    open_roster,
    turn_terms,
)
from applications.actions.saved_views import change_view, drop_view, save_view
from applications.actions.seats import (
    adjourn_panel,
    declare_interest,
    hand_over_chair,
    seat_panel,
    seat_roster,
    seat_substitute,
)
from applications.actions.security import (
    ask_renewal,
    ask_renewals,
    pass_security_review,
    renew_assessment,
)
from applications.actions.snapshots import mark_section, note_sighting
from applications.actions.submission import (
    accept_application,
    refuse_acceptance,
    request_correction,
    resubmit_application,
    submit_application,
)
from applications.actions.time import ask_extension, escalate_overdue, settle_extension

__all__ = [
    "Appointment",
    "Upload",
    "accept_application",
    "accept_decision",
    "act_on_several",
    "add_comment",
    "add_remark",
    "adjourn_panel",
    "answer_clarification",
    "answer_objection",
    "apply_calendars",
    "appoint_members",
    "ask_clarification",
    "ask_extension",
    "ask_opinion",
    "ask_renewal",
    "ask_renewals",
    "assign_case",
    "assign_reference",
    "attach_file",
    "begin_agreement",
    "begin_child",
    "begin_export",
    "call_meeting",
    "cancel_export",
    "cancel_meeting",
    "cast_ballot",
    "change_view",
    "close_meeting",
    "close_panel",
    "complete_application",
    "conclude_committee",
    "confirm_provider_opinion",
    "copy_as_new",
    "decide",
    "declare_interest",
    "delegate_branch",
    "delegate_for_leave",
    "delete_draft",
    "discard_form",
    "dissolve_roster",
    "draft_form",
    "draft_provider_opinion",
    "drop_view",
    "edit_application",
    "edit_form",
    "end_delegation",
    "end_term",
    "escalate_overdue",
    "expire_drafts",
    "expire_exports",
    "give_opinion",
    "hand_back",
    "hand_over_chair",
    "import_form",
    "lapse_overdue",
    "lapse_unsigned",
    "mark_section",
    "move_meeting",
    "note_sighting",
    "object_to_decision",
    "open_roster",
    "order_agenda",
    "pass_security_review",
    "plan_meeting",
    "propose_calendar",
    "propose_eligibility_rule",
    "propose_panel_rule",
    "propose_rule",
    "publish_form",
    "put_on_agenda",
    "recall_clarification",
    "recall_consultation",
    "refuse_acceptance",
    "remove_file",
    "renew_assessment",
    "reply_to_comment",
    "request_correction",
    "resolve_comment",
    "resubmit_application",
    "resume_clock",
    "resume_export",
    "run_exports",
    "save_correction_list",
    "save_opinion_draft",
    "save_sheet",
    "save_view",
    "seat_panel",
    "seat_roster",
    "seat_substitute",
    "send_correction_list",
    "set_items",
    "settle_calendar",
    "settle_eligibility_rule",
    "settle_extension",
    "settle_panel_rule",
    "settle_rule",
    "sign_commitments",
    "sign_minutes",
    "start_application",
    "stop_clock",
    "submit_application",
    "take_export",
    "take_over",
    "turn_terms",
    "withdraw_application",
]
