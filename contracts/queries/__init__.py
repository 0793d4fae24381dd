"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import (
    agreement_terms,
    agreements_to_sign,
    evaluation_plan,
    my_agreements,
)
from contracts.queries.entries import negotiable_entries, profile_entries, profile_terms
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
from contracts.queries.mandates import delegates, mandate_file, mandate_page
from contracts.queries.negotiation import compare_versions, negotiation_page, proposal_page
from contracts.queries.pages import (
    agreement_document,
    agreement_page,
    document_to_sign,
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
    "AmendmentPage",
    "CopyCheck",
    "EndOffer",
    "EndingRow",
    "agreement_document",
    "agreement_page",
    "agreement_terms",
    "agreements_to_sign",
    "amendment_page",
    "amendments_of",
    "check_copy",
    "compare_versions",
    "delegates",
    "document_to_sign",
    "end_offer",
    "ending_of",
    "ending_page",
    "evaluation_plan",
    "mandate_file",
    "mandate_page",
    "may_amend",
    "my_agreements",
    "negotiable_entries",
    "negotiation_page",
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
