"""What pages, papers and other apps may know of applications."""

from applications.queries.calendars import (
    CalendarsPage,
    ImportPage,
    calendar_page,
    calendars,
)
from applications.queries.case import case_page, document, documents_of
from applications.queries.checks import (
    CheckList,
    CheckRow,
    checks_of,
    collect_facts,
    preview_checks,
)
from applications.queries.clock_rules import RulePage, clock_rules, may_propose_rules
from applications.queries.comments import (
    CommentRow,
    DeskView,
    comment_place,
    correction_list,
    desk_view,
)
from applications.queries.committee import (
    PanelPage,
    minutes_draft,
    panel_candidates,
    panel_page,
)
from applications.queries.consultation import (
    ConsultationRow,
    askable,
    consultation,
)
from applications.queries.definitions import (
    FormLine,
    FormPage,
    Keepers,
    VersionRow,
    form_lines,
    form_page,
    keepers_of,
    preview_clashes,
    preview_draft,
    preview_partners,
)
from applications.queries.desk import DeskSide, desk_side, find_by_number
from applications.queries.drafts import (
    DatasetChoice,
    DraftPage,
    content_of,
    dataset_choices,
    draft_page,
    warnings_of,
)
from applications.queries.eligibility import (
    RuleVersion,
    eligibility_rules,
    may_see_eligibility_rules,
    preview_rule,
)
from applications.queries.facts import CaseData, case_facts
from applications.queries.files import FilesByField, answer_file
from applications.queries.filters import Filters, read_filters
from applications.queries.forms import draft_changed
from applications.queries.holding import (
    colleagues_of,
    delegations,
    stands_for,
    with_stand_ins,
)
from applications.queries.lists import (
    agenda,
    branch_queue,
    decision_queue,
    desk_queue,
    listed,
    my_applications,
    search,
    security_queue,
)
from applications.queries.meetings import MeetingPage, agenda_pack, meeting_page, meetings
from applications.queries.outstanding import Gap, outstanding
from applications.queries.receipts import Confirmation, confirmation, receipt
from applications.queries.review import BranchPage, branch_page
from applications.queries.roster import (
    Dissolution,
    RosterPage,
    RuleRow,
    dissolution,
    panel_rules,
    rosters,
)
from applications.queries.rows import (
    ApplicationRow,
    BranchRow,
    CasePage,
    FileRow,
    Listing,
    QueueTab,
)
from applications.queries.scope import GrantedItem, granted_scope, merged_items
from applications.queries.talks import (
    ClarificationRow,
    attachment,
    case_of_clarification,
    clarification,
)
from applications.queries.verdicts import DecidingRow, DecisionItemRow, deciding_rows

__all__ = [
    "ApplicationRow",
    "BranchPage",
    "BranchRow",
    "CalendarsPage",
    "CaseData",
    "CasePage",
    "CheckList",
    "CheckRow",
    "ClarificationRow",
    "CommentRow",
    "Confirmation",
    "ConsultationRow",
    "DatasetChoice",
    "DecidingRow",
    "DecisionItemRow",
    "DeskSide",
    "DeskView",
    "Dissolution",
    "DraftPage",
    "FileRow",
    "FilesByField",
    "Filters",
    "FormLine",
    "FormPage",
    "Gap",
    "GrantedItem",
    "ImportPage",
    "Keepers",
    "Listing",
    "MeetingPage",
    "PanelPage",
    "QueueTab",
    "RosterPage",
    "RulePage",
    "RuleRow",
    "RuleVersion",
    "VersionRow",
    "agenda",
    "agenda_pack",
    "answer_file",
    "askable",
    "attachment",
    "branch_page",
    "branch_queue",
    "calendar_page",
    "calendars",
    "case_facts",
    "case_of_clarification",
    "case_page",
    "checks_of",
    "clarification",
    "clock_rules",
    "colleagues_of",
    "collect_facts",
    "comment_place",
    "confirmation",
    "consultation",
    "content_of",
    "correction_list",
    "dataset_choices",
    "deciding_rows",
    "decision_queue",
    "delegations",
    "desk_queue",
    "desk_side",
    "desk_view",
    "dissolution",
    "document",
    "documents_of",
    "draft_changed",
    "draft_page",
    "eligibility_rules",
    "find_by_number",
    "form_lines",
    "form_page",
    "granted_scope",
    "keepers_of",
    "listed",
    "may_propose_rules",
    "may_see_eligibility_rules",
    "meeting_page",
    "meetings",
    "merged_items",
    "minutes_draft",
    "my_applications",
    "outstanding",
    "panel_candidates",
    "panel_page",
    "panel_rules",
    "preview_checks",
    "preview_clashes",
    "preview_draft",
    "preview_partners",
    "preview_rule",
    "read_filters",
    "receipt",
    "rosters",
    "search",
    "security_queue",
    "stands_for",
    "warnings_of",
    "with_stand_ins",
]
