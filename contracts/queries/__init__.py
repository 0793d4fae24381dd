"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import (
    agreement_terms,
    agreements_to_sign,
    evaluation_plan,
    my_agreements,
)
from contracts.queries.entries import negotiable_entries, profile_entries, profile_terms
from contracts.queries.mandates import delegates, mandate_file, mandate_page
from contracts.queries.pages import (
    agreement_document,
    agreement_page,
    document_to_sign,
    proposal_page,
)
from contracts.queries.signing_rules import signing_rules
from contracts.queries.templates import (
    profile_page,
    profiles,
    profiles_in_force,
    stated_profiles,
    template_in_force,
)
from contracts.queries.verification import CopyCheck, check_copy

__all__ = [
    "CopyCheck",
    "agreement_document",
    "agreement_page",
    "agreement_terms",
    "agreements_to_sign",
    "check_copy",
    "delegates",
    "document_to_sign",
    "evaluation_plan",
    "mandate_file",
    "mandate_page",
    "my_agreements",
    "negotiable_entries",
    "profile_entries",
    "profile_page",
    "profile_terms",
    "profiles",
    "profiles_in_force",
    "proposal_page",
    "signing_rules",
    "stated_profiles",
    "template_in_force",
]
