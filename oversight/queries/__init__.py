"""What pages and other apps read about oversight."""

from oversight.queries.alerts import AlertPage, AlertRow, alert_page, alerts_board
from oversight.queries.boards import Board, supervision_board
from oversight.queries.case_rows import CasePage, CaseRow, PartyChoice
from oversight.queries.cases import (
    case_page,
    evidence_file,
    my_cases,
    oversight_document,
    reportable_parties,
)
from oversight.queries.evaluations import (
    EvaluationPage,
    EvaluationRow,
    evaluation_page,
    my_evaluations,
)
from oversight.queries.exits import ExitPage, ExitRow, exit_page, my_exits
from oversight.queries.notices import (
    NoticePage,
    NoticeRow,
    notice_document,
    public_notice,
    public_notices,
)
from oversight.queries.records import ViolationRecord, violation_lines, violations_of
from oversight.queries.standing import RenewalCondition, renewal_conditions
from oversight.queries.switches import (
    Act,
    SwitchRow,
    may_propose_switch,
    switchable_acts,
    verb_switches,
)

__all__ = [
    "Act",
    "AlertPage",
    "AlertRow",
    "Board",
    "CasePage",
    "CaseRow",
    "EvaluationPage",
    "EvaluationRow",
    "ExitPage",
    "ExitRow",
    "NoticePage",
    "NoticeRow",
    "PartyChoice",
    "RenewalCondition",
    "SwitchRow",
    "ViolationRecord",
    "alert_page",
    "alerts_board",
    "case_page",
    "evaluation_page",
    "evidence_file",
    "exit_page",
    "may_propose_switch",
    "my_cases",
    "my_evaluations",
    "my_exits",
    "notice_document",
    "oversight_document",
    "public_notice",
    "public_notices",
    "renewal_conditions",
    "reportable_parties",
    "supervision_board",
    "switchable_acts",
    "verb_switches",
    "violation_lines",
    "violations_of",
]
