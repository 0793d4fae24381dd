"""What pages and other apps may know of agreements, templates and profiles."""

from contracts.queries.agreements import (
    agreement_terms,
    agreements_to_sign,
    evaluation_plan,
    my_agreements,
)
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
from contracts.queries.mandates import delegates, mandate_file, mandate_page
from contracts.queries.negotiation import compare_versions, negotiation_page, proposal_page
from contracts.queries.odrl import agreement_policy
from contracts.queries.pages import (
    agreement_document,
    agreement_page,
    document_to_sign,
)
from contracts.queries.profiles import (
    first_editor,
    profile_editor,
    profile_page,
    profile_preview,
    profile_rest,
    profiles,
    unprofiled,
)
from contracts.queries.signing_rules import signing_rules
from contracts.queries.templates import (
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
    "agreement_policy",
    "agreement_terms",
    "agreements_to_sign",
    "amendment_page",
    "amendments_of",
    "check_copy",
    "clause_editor",
    "clause_page",
    "compare_versions",
    "delegates",
    "document_to_sign",
    "end_offer",
    "ending_of",
    "ending_page",
    "evaluation_plan",
    "first_editor",
    "library_page",
    "mandate_file",
    "mandate_page",
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
    "signing_rules",
    "stated_profiles",
    "template_in_force",
    "template_page",
    "undrafted",
    "undrafted_count",
    "unprofiled",
]
