"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import agreement_terms, evaluation_plan, my_agreements
from contracts.queries.entries import negotiable_entries
from contracts.queries.library import clause_editor, clause_page, library_page, template_page
from contracts.queries.pages import agreement_document, agreement_page, proposal_page
from contracts.queries.profiles import (
    first_editor,
    profile_editor,
    profile_page,
    profile_preview,
    profiles,
    unprofiled,
)
from contracts.queries.templates import (
    profiles_in_force,
    stated_profiles,
    template_in_force,
)

__all__ = [
    "agreement_document",
    "agreement_page",
    "agreement_terms",
    "clause_editor",
    "clause_page",
    "evaluation_plan",
    "first_editor",
    "library_page",
    "my_agreements",
    "negotiable_entries",
    "profile_editor",
    "profile_page",
    "profile_preview",
    "profiles",
    "profiles_in_force",
    "proposal_page",
    "stated_profiles",
    "template_in_force",
    "template_page",
    "unprofiled",
]
