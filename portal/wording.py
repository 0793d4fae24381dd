"""
Words for what the engine keeps as codes: verbs of the timeline, kinds of clocks.

An area may use a code that is not listed: it is then shown in plain words derived from the code,
and a test names it so that the word can be added here.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS: dict[str, str | Promise] = {
    "create": pgettext_lazy("verb", "Created"),
    "edit": pgettext_lazy("verb", "Edited"),
    "copy_as_new": pgettext_lazy("verb", "Copied as a new application"),
    "redrive": pgettext_lazy("verb", "Delivery repeated"),
    "stop_clock": pgettext_lazy("verb", "Clock stopped"),
    "resume_clock": pgettext_lazy("verb", "Clock resumed"),
    "extend_clock": pgettext_lazy("verb", "Time limit extended"),
    # organizations and datasets
    "verify": pgettext_lazy("verb", "Verified"),
    "bar": pgettext_lazy("verb", "Barred"),
    "lift_bar": pgettext_lazy("verb", "Bar lifted"),
    "classify": pgettext_lazy("verb", "Classified and graded"),
    "pass_scan": pgettext_lazy("verb", "Passed the sensitive-field scan"),
    "hold": pgettext_lazy("verb", "Held as non-open"),
    "assess_risk": pgettext_lazy("verb", "Risk assessed"),
    "pass_secrecy_review": pgettext_lazy("verb", "Passed the secrecy review"),
    "open_preview": pgettext_lazy("verb", "Opened for preview"),
    "publish": pgettext_lazy("verb", "Published"),
    "tighten": pgettext_lazy("verb", "Tightened to non-open"),
    "add_version": pgettext_lazy("verb", "Version added"),
    "redefine_fields": pgettext_lazy("verb", "Fields redefined"),
    "begin_reclassification": pgettext_lazy("verb", "Reclassification begun"),
    "open_desk": pgettext_lazy("verb", "Desk opened"),
    "close_desk": pgettext_lazy("verb", "Desk closed"),
    "send_back": pgettext_lazy("verb", "Profile handed back"),
    "renew": pgettext_lazy("verb", "Verification renewed"),
    "remove_evidence": pgettext_lazy("verb", "Proof taken away"),
    "add_affiliate": pgettext_lazy("verb", "Affiliate named"),
    "remove_affiliate": pgettext_lazy("verb", "Affiliate taken away"),
    "hand_over": pgettext_lazy("verb", "Cases handed over"),
    "appoint_agent": pgettext_lazy("verb", "Agent appointed"),
    "invite": pgettext_lazy("verb", "Invitation sent"),
    # applications
    "submit": pgettext_lazy("verb", "Submitted"),
    "request_correction": pgettext_lazy("verb", "Correction requested"),
    "resubmit": pgettext_lazy("verb", "Submitted again"),
    "accept": pgettext_lazy("verb", "Accepted for processing"),
    "refuse_acceptance": pgettext_lazy("verb", "Not accepted"),
    "begin_provider_review": pgettext_lazy("verb", "Provider review begun"),
    "finish_provider_review": pgettext_lazy("verb", "Provider review finished"),
    "draft_opinion": pgettext_lazy("verb", "Provider opinion drafted"),
    "confirm": pgettext_lazy("verb", "Confirmed"),
    "pass_security_review": pgettext_lazy("verb", "Passed the security review"),
    "seat_panel": pgettext_lazy("verb", "Review panel seated"),
    "declare_no_interest": pgettext_lazy("verb", "Declared to have no interest"),
    "declare_interest": pgettext_lazy("verb", "Interests declared"),
    "open_round": pgettext_lazy("verb", "Review panel seated"),
    "recuse": pgettext_lazy("verb", "Recused"),
    "vote": pgettext_lazy("verb", "Ballot cast"),
    "conclude_round": pgettext_lazy("verb", "Review round concluded"),
    "cast_ballot": pgettext_lazy("verb", "Ballot cast"),
    "conclude_committee": pgettext_lazy("verb", "Committee review concluded"),
    "approve": pgettext_lazy("verb", "Approved"),
    "approve_with_conditions": pgettext_lazy("verb", "Approved with conditions"),
    "reject": pgettext_lazy("verb", "Rejected"),
    "withdraw": pgettext_lazy("verb", "Withdrawn"),
    "lapse": pgettext_lazy("verb", "Lapsed"),
    "object": pgettext_lazy("verb", "Objection raised"),
    "uphold": pgettext_lazy("verb", "Decision upheld"),
    "overturn": pgettext_lazy("verb", "Decision overturned"),
    "begin_agreement": pgettext_lazy("verb", "Agreement stage begun"),
    "complete": pgettext_lazy("verb", "Granted"),
    "lapse_unsigned": pgettext_lazy("verb", "Lapsed unsigned"),
    # agreements
    "open_negotiation": pgettext_lazy("verb", "Negotiation opened"),
    "change_terms": pgettext_lazy("verb", "Terms changed"),
    "finalize": pgettext_lazy("verb", "Text finalized"),
    "sign_as_user": pgettext_lazy("verb", "Signed by the data user"),
    "sign_as_provider": pgettext_lazy("verb", "Signed by a provider"),
    "sign": pgettext_lazy("verb", "Signed"),
    "take_effect": pgettext_lazy("verb", "In force"),
    "reopen": pgettext_lazy("verb", "Reopened, signatures void"),
    "redraft": pgettext_lazy("verb", "Drafted again after a new decision"),
    "terminate": pgettext_lazy("verb", "Terminated"),
    "decline": pgettext_lazy("verb", "Declined"),
    # licenses and credentials
    "activate": pgettext_lazy("verb", "Activated"),
    "suspend": pgettext_lazy("verb", "Suspended"),
    "resume": pgettext_lazy("verb", "Resumed"),
    "restrict": pgettext_lazy("verb", "Restricted"),
    "lift_restriction": pgettext_lazy("verb", "Restriction lifted"),
    "expire": pgettext_lazy("verb", "Expired"),
    "revoke": pgettext_lazy("verb", "Revoked"),
    "surrender": pgettext_lazy("verb", "Surrendered"),
    "supersede": pgettext_lazy("verb", "Superseded"),
    "issue": pgettext_lazy("verb", "Issued"),
    "rotate": pgettext_lazy("verb", "Key replaced"),
    # settlement
    "draft_price": pgettext_lazy("verb", "Price drafted"),
    "publish_price": pgettext_lazy("verb", "Price published"),
    "discard": pgettext_lazy("verb", "Discarded"),
    "resolve": pgettext_lazy("verb", "Dispute resolved"),
    "dispute": pgettext_lazy("verb", "Disputed"),
    "post": pgettext_lazy("verb", "Posted to the ledger"),
    "settle": pgettext_lazy("verb", "Settled"),
    "release": pgettext_lazy("verb", "Released for payment"),
    # oversight
    "schedule": pgettext_lazy("verb", "Scheduled"),
    "assign_assessor": pgettext_lazy("verb", "Assessor assigned"),
    "open_report": pgettext_lazy("verb", "Self-report asked for"),
    "report": pgettext_lazy("verb", "Report filed"),
    "return_report": pgettext_lazy("verb", "Self-report returned"),
    "verify_report": pgettext_lazy("verb", "Self-report verified"),
    "score": pgettext_lazy("verb", "Scored"),
    "pass_evaluation": pgettext_lazy("verb", "Evaluation passed"),
    "rectify": pgettext_lazy("verb", "Rectification ordered"),
    "fail": pgettext_lazy("verb", "Evaluation failed"),
    "report_rectification": pgettext_lazy("verb", "Rectification reported"),
    "recheck": pgettext_lazy("verb", "Checked again"),
    "acknowledge": pgettext_lazy("verb", "Acknowledged"),
    "file": pgettext_lazy("verb", "Filed"),
    "dismiss": pgettext_lazy("verb", "Dismissed"),
    "begin_investigation": pgettext_lazy("verb", "Investigation begun"),
    "add_evidence": pgettext_lazy("verb", "Evidence added"),
    "interim_measure": pgettext_lazy("verb", "Interim measure taken"),
    "send_hearing_notice": pgettext_lazy("verb", "Hearing notice sent"),
    "receive_statement": pgettext_lazy("verb", "Statement received"),
    "waive": pgettext_lazy("verb", "Statement waived"),
    "decide": pgettext_lazy("verb", "Decided"),
    "enforce": pgettext_lazy("verb", "Measure enforced"),
    "clear": pgettext_lazy("verb", "Cleared"),
    "change": pgettext_lazy("verb", "Decision changed"),
    "repair": pgettext_lazy("verb", "Record repaired"),
    "close": pgettext_lazy("verb", "Closed"),
    "close_access": pgettext_lazy("verb", "Access closed"),
    "freeze_usage": pgettext_lazy("verb", "Usage frozen"),
    "order_destruction": pgettext_lazy("verb", "Destruction ordered"),
    "submit_certificate": pgettext_lazy("verb", "Destruction certificate filed"),
    "reject_certificate": pgettext_lazy("verb", "Destruction certificate rejected"),
    "verify_certificate": pgettext_lazy("verb", "Destruction certificate verified"),
    "begin_final_settlement": pgettext_lazy("verb", "Final settlement begun"),
    "archive": pgettext_lazy("verb", "Archived"),
}

CLOCKS: dict[str, str | Promise] = {
    "acceptance": _("Acceptance"),
    "correction": _("Correction"),
    "provider_review": _("Provider review"),
    "security_review": _("Security review"),
    "committee": _("Committee review"),
    "overall": _("Overall limit"),
    "objection": _("Objection"),
    "objection_answer": _("Answer to an objection"),
    "signing": _("Signing"),
    "credential": _("Issue of the credential"),
    "self_report": _("Self-report"),
    "evaluation": _("Evaluation"),
    "rectification": _("Rectification"),
    "party_statement": _("Statement of the party"),
    "violation_objection": _("Objection to the decision"),
    "violation_answer": _("Answer to an objection"),
    "interim_measure": _("Interim measure"),
    "destruction": _("Destruction of data"),
    "destruction_verification": _("Verification of the destruction"),
    "statement_confirmation": _("Confirmation of the statement"),
    "statement_payment": _("Payment of the statement"),
    "profile_review": _("Review of the company profile"),
}


SUBJECTS: dict[str, str | Promise] = {
    "applications.application": pgettext_lazy("object", "Application"),
    "applications.providerbranch": pgettext_lazy("object", "Provider review"),
    "catalog.dataset": pgettext_lazy("object", "Dataset"),
    "catalog.datasetversion": pgettext_lazy("object", "Dataset version"),
    "contracts.agreement": pgettext_lazy("object", "Agreement"),
    "contracts.basetemplate": pgettext_lazy("object", "Agreement template"),
    "contracts.termprofile": pgettext_lazy("object", "Term profile"),
    "contracts.changeproposal": pgettext_lazy("object", "Proposed change"),
    "licensing.license": pgettext_lazy("object", "License"),
    "licensing.clientapplication": pgettext_lazy("object", "Client application"),
    "licensing.credential": pgettext_lazy("object", "Credential"),
    "oversight.alert": pgettext_lazy("object", "Alert"),
    "oversight.evaluation": pgettext_lazy("object", "Evaluation"),
    "oversight.exitcase": pgettext_lazy("object", "Exit"),
    "oversight.destructioncertificate": pgettext_lazy("object", "Destruction certificate"),
    "oversight.measure": pgettext_lazy("object", "Measure"),
    "oversight.publicnotice": pgettext_lazy("object", "Public notice"),
    "oversight.violationcase": pgettext_lazy("object", "Violation case"),
    "parties.organization": pgettext_lazy("object", "Organization"),
    "parties.partyprofile": pgettext_lazy("object", "Company profile"),
    "parties.invitation": pgettext_lazy("object", "Invitation"),
    "parties.desk": pgettext_lazy("object", "Desk"),
    "parties.user": pgettext_lazy("object", "User"),
    "settlement.statement": pgettext_lazy("object", "Statement"),
    "settlement.priceversion": pgettext_lazy("object", "Price list"),
    "settlement.splitpolicy": pgettext_lazy("object", "Split policy"),
    "workflow.delivery": pgettext_lazy("object", "Delivery of an event"),
}


def subject(code: str) -> str | Promise:
    """Return what kind of object an entry is about, in words."""
    return SUBJECTS.get(code) or plain(code)


def verb(code: str) -> str | Promise:
    """Return what happened, in words."""
    return VERBS.get(code) or plain(code)


def clock_kind(code: str) -> str | Promise:
    """Return what a clock measures, in words."""
    return CLOCKS.get(code) or CLOCKS.get(code.rpartition(".")[2]) or plain(code)


def plain(code: str) -> str:
    """Return a code as words, for what nobody has named yet."""
    return code.rpartition(".")[2].replace("_", " ").capitalize()
