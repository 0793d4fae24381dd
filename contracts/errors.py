"""What the rules of contracts refuse, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, InvalidInput, NotAllowedNow


class NothingGranted(Conflict):
    """An approved application of which no field is left."""

    code = "nothing_granted"
    default_message = _("The decision grants no field, so there is nothing to agree on.")


class NoTemplate(Conflict):
    """No base template is in force."""

    code = "no_template"
    default_message = _(
        "No base template of this procedure is in force. Publish one, then draft the agreement."
    )


class NoClause(Conflict):
    """A clause of a template of which no version is in force."""

    code = "no_clause"
    default_message = _(
        "No version of these clauses is in force: %(names)s. Publish them, then draft the"
        " agreement."
    )


class LevelNotOpen(Conflict):
    """A dataset whose level may never be open under conditions."""

    code = "level_not_open"
    default_message = _(
        "Dataset %(code)s has level %(level)s, which cannot be opened under conditions."
    )


class TextChanged(Conflict):
    """A signature over another text than the one that stands now."""

    code = "text_changed"
    default_message = _(
        "The text has changed since you opened it. Read the present text, then sign that."
    )


class TextDamaged(Conflict):
    """Terms and stored hash of an agreement that do not belong together."""

    code = "text_damaged"
    default_message = _(
        "The stored text does not match its hash. Nobody can sign it; tell the auditor."
    )


class AlreadySigned(Conflict):
    """A party for which somebody else has signed this text."""

    code = "already_signed"
    default_message = _("Your organization has signed this text.")


class MandateUnfit(InvalidInput):
    """A power of attorney for a person or until a day that the rules do not allow."""

    code = "mandate_unfit"
    default_message = _("This power of attorney does not fit. Correct what is named.")


class RuleUnknown(InvalidInput):
    """A rule of signing, or a value of one, that the product does not know."""

    code = "signing_rule_unknown"
    default_message = _("Choose one of the rules, a value it can have, and state the legal basis.")


class ProposalOpen(Conflict):
    """A proposed change that waits for its answer."""

    code = "proposal_open"
    default_message = _("A proposed change waits for an answer. Accept or decline it first.")


class ClauseTaken(ProposalOpen):
    """A change of a clause on which another change waits for its answer."""

    code = "clause_taken"
    default_message = _(
        "A proposed change of %(clauses)s waits for an answer. Answer it, or counter it, before you"
        " propose another one there."
    )


class ForeignDataset(Forbidden):
    """A provider that proposes terms of a dataset of another provider."""

    code = "foreign_dataset"
    default_message = _(
        "%(datasets)s is provided by another organization. Only that provider and the data user can"
        " propose a change of its terms; leave a comment at the clause instead."
    )


class InForce(NotAllowedNow):
    """A proposal on a text that is in force."""

    code = "in_force"
    default_message = _(
        "The agreement is in force, so its text is not negotiated any more. Amend the agreement:"
        " every party signs its next version. More data or another quota needs an amendment of the"
        " application, which is reviewed."
    )


class AlreadyConsented(Conflict):
    """A party that accepts twice."""

    code = "already_consented"
    default_message = _("Your organization has accepted this change. Others are still asked.")


class CounterElsewhere(InvalidInput):
    """A counter-proposal that does not touch what it answers."""

    code = "counter_elsewhere"
    default_message = _(
        "A counter-proposal changes the clause it answers (%(clauses)s). Decline the change if you"
        " want to leave the clause as it is."
    )


class ClauseUnknown(InvalidInput):
    """A comment on a clause that the text does not have."""

    code = "clause_unknown"
    default_message = _("The text has no such clause.")


class CommentEmpty(InvalidInput):
    """A comment that says nothing, or too much to be read."""

    code = "comment_empty"
    default_message = _("Write a comment of at most 2,000 characters.")


class ProposalStale(Conflict):
    """A proposed change made for a text that has changed since."""

    code = "proposal_stale"
    default_message = _(
        "The terms have changed since this was proposed. Decline it and propose it again."
    )


class TooLoose(InvalidInput):
    """A change that falls below what template, profiles and decision demand."""

    code = "too_loose"
    default_message = _(
        "These entries would be looser than template, profiles and decision allow: %(paths)s."
    )


class DraftOpen(Conflict):
    """A version that waits for the next step while another one is to be drafted."""

    code = "draft_open"
    default_message = _(
        "Another version is under way. Take it up, or let it be withdrawn or published first."
    )


class WidensScope(TooLoose):
    """A change that goes beyond the data, fields, mode or quota that were decided."""

    code = "widens_scope"
    default_message = _(
        "These entries go beyond what was reviewed and decided: %(paths)s. They cannot be agreed"
        " here. Sign what was decided, then ask for an amendment of the application; it is reviewed"
        " anew."
    )


class ChangesPurpose(TooLoose):
    """A change of the purpose or the scenario."""

    code = "changes_purpose"
    default_message = _(
        "Purpose and scenario were reviewed and cannot be changed in an agreement: %(paths)s."
        " Another purpose needs a new application."
    )


class NothingChanged(InvalidInput):
    """A change that changes nothing."""

    code = "nothing_changed"
    default_message = _("Change at least one entry of the terms.")


class ReasonMissing(InvalidInput):
    """An act that needs a reason and has none."""

    code = "reason_missing"
    default_message = _("State the reason; the other parties will read it.")


class CauseUnknown(InvalidInput):
    """A cause of termination that the rules do not know."""

    code = "cause_unknown"
    default_message = _("Choose one of the causes for termination.")


class CopyRefused(InvalidInput):
    """A copy signed elsewhere that cannot be taken over; ``what`` is a key of REASONS."""

    code = "copy_refused"
    default_message = _("This copy cannot be taken over. Nothing was changed.")
    REASONS: ClassVar[dict[str, str | Promise]] = {
        "TEXT": _(
            "This is not the document that is up for signature: its text or an earlier signature"
            " differs. Download the copy offered here and sign that one."
        ),
        "UNSIGNED": _("No signature was added to this copy. Sign it with your certificate first."),
        "UNREADABLE": _("The signatures of this file cannot be read."),
        "BROKEN": _("A signature in this copy is broken: bytes that it covers were changed."),
        "CHANGED": _("Something beside the signature was changed in this copy."),
        "UNTRUSTED": _(
            "The certificate of the signature does not come from an authority that is trusted here,"
            " or is not valid today."
        ),
        "COUNT": _("This copy holds another number of signatures than it should: one new one."),
        "SIGNER": _(
            "The signature is not that of your organization: the certificate names another"
            " code, or it stands in another party's place."
        ),
    }

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(fields={"file": self.REASONS[what]})


class TooManyAtOnce(InvalidInput):
    """More agreements than one act may sign."""

    code = "too_many_at_once"
    default_message = _("At most %(most)s agreements are signed in one go. Choose fewer.")


class TermOutlastsDataset(Conflict):
    """A term that a dataset does not last for."""

    code = "term_outlasts_dataset"
    default_message = _(
        "Dataset %(code)s is open from %(first)s to %(last)s, but the agreement would run until"
        " %(until)s. Return it to negotiation and agree on a shorter term, or have the term of the"
        " dataset extended."
    )


class CauseNotYours(InvalidInput):
    """A cause of termination that is another office's to state."""

    code = "cause_not_yours"
    default_message = _(
        "You cannot end the agreement for this cause. Choose one that is yours, or ask the data"
        " authority."
    )


class BasisMissing(InvalidInput):
    """An end of an agreement without its legal basis."""

    code = "basis_missing"
    default_message = _("Name the clause or rule this rests on, at most 300 characters.")


class EndsTooEarly(InvalidInput):
    """A last day before what notice and today allow."""

    code = "ends_too_early"
    default_message = _("With the notice of the terms the last day is %(day)s at the earliest.")


class TerminationOpen(Conflict):
    """Another end that is proposed or served."""

    code = "termination_open"
    default_message = _(
        "An end of this agreement is proposed or served already. Answer or withdraw that first."
    )


class AmendmentOpen(Conflict):
    """Another amendment that waits for signatures."""

    code = "amendment_open"
    default_message = _(
        "An amendment waits for signatures. Sign, decline or withdraw it before the next one."
    )


class WidensGrant(InvalidInput):
    """An amendment that grants more than the decision did."""

    code = "widens_grant"
    default_message = _(
        "These entries would change the purpose or widen what was granted: %(paths)s. Apply for an"
        " amendment of the case; it is reviewed anew."
    )


class ExpiryRuleInvalid(InvalidInput):
    """A rule of reminders that cannot hold."""

    code = "expiry_rule_invalid"
    default_message = _(
        "Name up to six different days between 1 and 400, a legal basis, and a first day that is"
        " not before the last version's."
    )
