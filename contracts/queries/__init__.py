"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import agreement_terms, evaluation_plan, my_agreements
from contracts.queries.drafting import undrafted, undrafted_count
from contracts.queries.entries import negotiable_entries
from contracts.queries.library import clause_editor, clause_page, library_page, template_page
from contracts.queries.life import (
    AmendmentPage,
    EndingRow,
    EndOffer,
    amendment_page,
    amendments_of,
    end_offer,
    ending_of,
    ending_page,
    may_amend,
)
from contracts.queries.negotiation import compare_versions, negotiation_page, proposal_page
from contracts.queries.odrl import agreement_policy
from contracts.queries.pages import agreement_document, agreement_page
from contracts.queries.profiles import (
    first_editor,
    profile_editor,
    profile_page,
    profile_preview,
    profile_rest,
    profiles,
    unprofiled,
)
from contracts.queries.templates import (
    profiles_in_force,
    stated_profiles,
    template_in_force,
)

__all__ = [
    "AmendmentPage",
    "EndOffer",
    "EndingRow",
    "agreement_document",
    "agreement_page",
    "agreement_policy",
    "agreement_terms",
    "amendment_page",
    "amendments_of",
    "clause_editor",
    "clause_page",
    "compare_versions",
    "end_offer",
    "ending_of",
    "ending_page",
    "evaluation_plan",
    "first_editor",
    "library_page",
    "may_amend",
    "my_agreements",
    "negotiable_entries",
    "negotiation_page",
    "profile_editor",
    "profile_page",
    "profile_preview",
    "profile_rest",
    "profiles",
    "profiles_in_force",
    "proposal_page",
    "stated_profiles",
    "template_in_force",
    "template_page",
    "undrafted",
    "undrafted_count",
    "unprofiled",
]
