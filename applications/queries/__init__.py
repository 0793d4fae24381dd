"""What pages, papers and other apps may know of applications."""

from applications.queries.checks import checks_of, collect_facts, preview_checks
from applications.queries.drafts import content_of
from applications.queries.facts import CaseData, case_facts
from applications.queries.scope import GrantedItem, granted_scope, merged_items

__all__ = [
    "CaseData",
    "GrantedItem",
    "case_facts",
    "checks_of",
    "collect_facts",
    "content_of",
    "granted_scope",
    "merged_items",
    "preview_checks",
]
