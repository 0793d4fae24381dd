"""What oversight refuses, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, InvalidInput, NotAllowedNow


class ReportIncomplete(InvalidInput):
    """The self-report leaves a topic out; ``fields`` names it."""

    code = "report_incomplete"
    default_message = _("The report is not complete. Fill in what is listed.")


class PointsInvalid(InvalidInput):
    """Points that do not fit their indicators."""

    code = "points_invalid"
    default_message = _("Give whole points for every indicator, within its limit.")


class RectificationUnsaid(InvalidInput):
    """A score between fail and pass needs a list of what is to be put right."""

    code = "rectification_unsaid"
    default_message = _("The score asks for rectification. List what has to be put right.")


class ReasonNeeded(InvalidInput):
    """A step that has to be explained."""

    code = "reason_needed"
    default_message = _("State the reason.")


class EvidenceMissing(DomainError):
    """A case is filed and heard on evidence only."""

    code = "evidence_missing"
    status = 409
    default_message = _("There is no evidence in this file yet. Add evidence first.")


class EvidenceKnown(Conflict):
    """The same content is in the file already."""

    code = "evidence_known"
    default_message = _("This file already holds the same evidence.")


class EvidenceTooLarge(InvalidInput):
    """A piece of evidence beyond the limit."""

    code = "evidence_too_large"
    default_message = _("The file is too large. Evidence may have 20 MB at most; split it.")


class LicenseOfAnother(InvalidInput):
    """A license that does not belong to the party, or none at all."""

    code = "license_of_another"
    default_message = _("Choose licenses of this party.")


class MeasureOutsideLadder(InvalidInput):
    """A measure that the ladder does not provide, without a reason for departing from it."""

    code = "measure_outside_ladder"
    default_message = _(
        "The ladder provides %(allowed)s for this violation. Choose one of these, or state why"
        " you depart from it."
    )


class MeasureNotAgreed(DomainError):
    """A measure the agreement does not provide; only V2 and V3 go beyond the agreement."""

    code = "measure_not_agreed"
    status = 409
    default_message = _("The agreement %(number)s does not provide this measure. Choose another.")


class DamagesTooHigh(InvalidInput):
    """More than the agreements provide."""

    code = "damages_too_high"
    default_message = _("The agreements provide %(limit)s at most. Enter a lower amount.")


class MilderMeasureNeeded(InvalidInput):
    """An objection can only make a measure milder."""

    code = "milder_measure_needed"
    default_message = _("Choose a milder measure than the one decided.")


class RepairTooEarly(NotAllowedNow):
    """The notice has not stood long enough."""

    code = "repair_too_early"
    default_message = _("The notice has to stand until %(day)s before the record can be repaired.")


class DutiesOpen(NotAllowedNow):
    """Something the party still owes."""

    code = "duties_open"
    default_message = _("The destruction of the data is not verified yet. Verify it first.")


class CertificateIncomplete(DomainError):
    """A certificate with gaps can only be rejected."""

    code = "certificate_incomplete"
    status = 409
    default_message = _("The certificate has gaps: %(gaps)s. Reject it and name them.")


class CertificateInvalid(InvalidInput):
    """Entries of a certificate that cannot be."""

    code = "certificate_invalid"
    default_message = _("Some entries of the certificate need correction.")


class ObjectionLate(NotAllowedNow):
    """The time to object is over."""

    code = "objection_late"
    default_message = _("The time to object is over.")


class NotSwitchable(InvalidInput):
    """The act may not be switched off: it is a way out, a remedy, or what a clock does."""

    code = "not_switchable"
    default_message = _(
        "This act cannot be switched off, or not in that state or for that role. Choose from the"
        " list."
    )


class NoWayOut(InvalidInput):
    """A switch would leave cases in a state that nobody could lead out of; ``states`` names it."""

    code = "no_way_out"
    default_message = _(
        "With this, nobody could go on from: %(states)s. Leave at least one way out, or end another"
        " switch first."
    )


class SwitchedAlready(Conflict):
    """The same switch is proposed or in force."""

    code = "switched_already"
    default_message = _("The same is proposed or switched off already. Look at the list.")
