"""What licensing refuses, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, InvalidInput, NotAllowedNow


class AgreementNotInForce(NotAllowedNow):
    """Nothing is issued or resumed under an agreement that is not in force."""

    code = "agreement_not_in_force"
    default_message = _("The agreement is not in force. Wait until it is, then try again.")


class DatasetNotPublished(NotAllowedNow):
    """A license cannot be active while its dataset is not published."""

    code = "dataset_not_published"
    default_message = _("The dataset is not published at present. Wait until it is resumed.")


class LicenseTermOver(NotAllowedNow):
    """The term of the license has ended."""

    code = "license_term_over"
    default_message = _("The term of this license is over. Apply for a renewal.")


class SuspendedByMeasure(NotAllowedNow):
    """A measure holds this license already."""

    code = "suspended_by_measure"
    default_message = _("This license is suspended already. Decide on that measure first.")


class ClientNotApproved(NotAllowedNow):
    """A credential needs a reviewed client application."""

    code = "client_not_approved"
    default_message = _("The client application has not been approved. Wait for its review.")


class NoUsableLicense(NotAllowedNow):
    """A credential would open nothing."""

    code = "no_usable_license"
    default_message = _("No license of this agreement can be used. Ask the data authority.")


class TooManyClients(NotAllowedNow):
    """The agreement allows no further client application."""

    code = "too_many_clients"
    default_message = _(
        "The agreement allows at most %(most)s client applications. Ask for one to be rejected or"
        " for a change of the agreement."
    )


class InvalidClient(InvalidInput):
    """A client application that cannot be registered as it stands."""

    code = "invalid_client"


class InvalidRestriction(InvalidInput):
    """A restriction that restricts nothing, or nothing that is there."""

    code = "invalid_restriction"


class ReasonMissing(InvalidInput):
    """An act against a right needs a reason."""

    code = "reason_missing"
    default_message = _("State the reason.")


class NotIssuable(DomainError):
    """The agreement does not say what a license must say."""

    code = "not_issuable"
    status = 409
    default_message = _("The agreement names no dataset to license. Have its terms completed.")


class CauseMissing(InvalidInput):
    """A certificate is issued anew for a cause."""

    code = "cause_missing"
    default_message = _("Choose why the certificate is issued anew.")


class NothingToCorrect(NotAllowedNow):
    """The records say what the certificate says."""

    code = "nothing_to_correct"
    default_message = _(
        "The records say what the certificate says. Have the records put right first, or choose"
        " that the certificate was lost."
    )


class UnderMeasure(Conflict):
    """An amendment while a measure stands on a license of the agreement."""

    code = "license_under_measure"
    default_message = _(
        "A measure stands on license %(number)s. The agreement can be amended when it is lifted."
    )
