"""What pages, papers and other apps may know of applications."""

from applications.queries.case import case_page, document, documents_of
from applications.queries.checks import CheckRow, checks_of, collect_facts, preview_checks
from applications.queries.comments import (
    CommentRow,
    DeskView,
    comment_place,
    correction_list,
    desk_view,
)
from applications.queries.committee import PanelPage, panel_candidates, panel_page
from applications.queries.consultation import (
    ConsultationRow,
    askable,
    consultation,
)
from applications.queries.desk import DeskSide, desk_side, find_by_number
from applications.queries.drafts import (
    DatasetChoice,
    DraftPage,
    content_of,
    dataset_choices,
    draft_page,
)
from applications.queries.facts import CaseData, case_facts
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
    my_applications,
    security_queue,
)
from applications.queries.review import BranchPage, branch_page
from applications.queries.rows import ApplicationRow, BranchRow, CasePage, Listing, QueueTab
from applications.queries.scope import GrantedItem, granted_scope, merged_items
from applications.queries.talks import (
    ClarificationRow,
    attachment,
    case_of_clarification,
    clarification,
)

__all__ = [
    "ApplicationRow",
    "BranchPage",
    "BranchRow",
    "CaseData",
    "CasePage",
    "CheckRow",
    "ClarificationRow",
    "CommentRow",
    "ConsultationRow",
    "DatasetChoice",
    "DeskSide",
    "DeskView",
    "DraftPage",
    "GrantedItem",
    "Listing",
    "PanelPage",
    "QueueTab",
    "agenda",
    "askable",
    "attachment",
    "branch_page",
    "branch_queue",
    "case_facts",
    "case_of_clarification",
    "case_page",
    "checks_of",
    "clarification",
    "colleagues_of",
    "collect_facts",
    "comment_place",
    "consultation",
    "content_of",
    "correction_list",
    "dataset_choices",
    "decision_queue",
    "delegations",
    "desk_queue",
    "desk_side",
    "desk_view",
    "document",
    "documents_of",
    "draft_page",
    "find_by_number",
    "granted_scope",
    "merged_items",
    "my_applications",
    "panel_candidates",
    "panel_page",
    "preview_checks",
    "security_queue",
    "stands_for",
    "with_stand_ins",
]
