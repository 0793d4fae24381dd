"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import agreement_terms, evaluation_plan, my_agreements
from contracts.queries.entries import negotiable_entries, profile_entries, profile_terms
from contracts.queries.odrl import agreement_policy
from contracts.queries.pages import agreement_document, agreement_page, proposal_page
from contracts.queries.templates import (
    profile_page,
    profiles,
    profiles_in_force,
    stated_profiles,
    template_in_force,
)

__all__ = [
    "agreement_document",
    "agreement_page",
    "agreement_policy",
    "agreement_terms",
    "evaluation_plan",
    "my_agreements",
    "negotiable_entries",
    "profile_entries",
    "profile_page",
    "profile_terms",
    "profiles",
    "profiles_in_force",
    "proposal_page",
    "stated_profiles",
    "template_in_force",
]
