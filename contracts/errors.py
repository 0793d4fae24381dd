"""What the rules of contracts refuse, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, InvalidInput


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
