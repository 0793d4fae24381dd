"""Everything that can be done in oversight."""

from oversight.actions.alerts import (
    acknowledge_alert,
    close_alert,
    detect_volume,
    raise_alert,
    restrict_for_alert,
)
from oversight.actions.cases import (
    add_evidence,
    begin_investigation,
    dismiss_case,
    file_case,
    order_interim_measure,
    report_violation,
)
from oversight.actions.decisions import clear_case, decide_case
from oversight.actions.exits import (
    archive_exit,
    begin_final_settlement,
    open_exit,
    reject_certificate,
    submit_certificate,
    verify_certificate,
)
from oversight.actions.hearing import receive_statement, send_hearing_notice, waive_statement
from oversight.actions.notices import (
    answer_case_objection,
    close_case,
    object_to_case,
    publish_notice,
    repair_case,
)
from oversight.actions.reports import (
    return_self_report,
    submit_rectification,
    submit_self_report,
    verify_self_report,
)
from oversight.actions.schedule import (
    assign_assessor,
    open_evaluation,
    schedule_first_evaluation,
)
from oversight.actions.scores import fail_unrectified, score_evaluation
from oversight.actions.sweep import sweep
from oversight.actions.switches import end_due_switches, end_switch, propose_switch, settle_switch

__all__ = [
    "acknowledge_alert",
    "add_evidence",
    "answer_case_objection",
    "archive_exit",
    "assign_assessor",
    "begin_final_settlement",
    "begin_investigation",
    "clear_case",
    "close_alert",
    "close_case",
    "decide_case",
    "detect_volume",
    "dismiss_case",
    "end_due_switches",
    "end_switch",
    "fail_unrectified",
    "file_case",
    "object_to_case",
    "open_evaluation",
    "open_exit",
    "order_interim_measure",
    "propose_switch",
    "publish_notice",
    "raise_alert",
    "receive_statement",
    "reject_certificate",
    "repair_case",
    "report_violation",
    "restrict_for_alert",
    "return_self_report",
    "schedule_first_evaluation",
    "score_evaluation",
    "send_hearing_notice",
    "settle_switch",
    "submit_certificate",
    "submit_rectification",
    "submit_self_report",
    "sweep",
    "verify_certificate",
    "verify_self_report",
    "waive_statement",
]
