"""What the rules about applications refuse, and what to do next."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.merging import Clash
from core.errors import Conflict, DomainError, InvalidInput


class FormIncomplete(InvalidInput):
    """The form does not say everything yet; ``fields`` names section and entry."""

    code = "form_incomplete"
    default_message = _("The application is not complete. Fill in what is listed, then submit.")


class NotEligible(DomainError):
    """A blocking check failed; ``findings`` are the findings that block."""

    code = "not_eligible"
    status = 422
    default_message: ClassVar[str | Promise] = _("The application cannot go on: %(reasons)s")


class CorrectionUsedUp(Conflict):
    """A submission is returned for correction once, with all defects at once."""

    code = "correction_used_up"
    default_message = _(
        "A correction notice was issued for this submission already. Accept the application or"
        " refuse acceptance."
    )


class SectionLocked(InvalidInput):
    """A correction opens only the sections that were returned."""

    code = "section_locked"
    default_message = _("Only the returned sections can be changed now.")


class CannotBeSeated(InvalidInput):
    """A person who may not sit on this panel."""

    code = "cannot_be_seated"
    default_message = _("This person cannot sit on the panel.")


class DepartureUnexplained(InvalidInput):
    """A decision that departs from the committee says why."""

    code = "departure_unexplained"
    default_message = _(
        "The decision departs from the conclusion of the committee. State the reason."
    )


class NothingToGrant(DomainError):
    """Every requested field was refused by its provider."""

    code = "nothing_to_grant"
    status = 409
    default_message = _(
        "The providers have refused every field, so nothing can be granted. Reject the"
        " application or wait for a new one."
    )


class EvidenceOutdated(DomainError):
    """The risk assessment of a dataset is missing or has run out."""

    code = "evidence_outdated"
    status = 409
    default_message = _(
        "The risk assessment of %(datasets)s is not valid today. The provider renews it first."
    )


class AssessmentExpired(DomainError):
    """The security assessment of a case is no longer valid after the day of the decision."""

    code = "assessment_expired"
    status = 409
    default_message = _(
        "The security assessment is valid until %(until)s only. The security officer has been asked"
        " to renew it; decide when that is done."
    )


class EnvironmentUnfit(DomainError):
    """The environment does not fit the level of the data."""

    code = "environment_unfit"
    status = 409
    default_message = _(
        "Data of level 3 and above (%(datasets)s) are used in the sandbox or for verification only."
    )


class ObjectionOpen(DomainError):
    """A step that has to wait for the answer to an objection."""

    code = "objection_open"
    status = 409
    default_message = _(
        "An objection to the decision is under review. The agreement can be signed once it is"
        " answered."
    )


class ObjectionTooLate(DomainError):
    """The period for an objection has passed."""

    code = "objection_too_late"
    status = 409
    default_message = _("The period for an objection has passed. Make a new application.")


class NotGranted(Conflict):
    """An amendment or a renewal of what was not granted, or no longer holds."""

    code = "not_granted"
    default_message = _(
        "Only a granted case with a license in force can be amended or renewed. Make a new"
        " application."
    )


class UnderMeasure(Conflict):
    """A measure stands on a license of the case."""

    code = "under_measure"
    default_message = _(
        "A license of this case is suspended or restricted. It can be amended or renewed when the"
        " measure is lifted."
    )


class ChildUnderWay(Conflict):
    """One amendment or renewal at a time; after a granted one, the next goes on from that."""

    code = "child_under_way"
    default_message = _(
        "An amendment or a renewal of this case exists already. Go on with that one."
    )


class OutsideWindow(Conflict):
    """A renewal outside its window."""

    code = "outside_window"
    default_message = _(
        "The renewal can be asked for from %(opens)s to %(closes)s. Later, make a new application."
    )


class ScenarioFixed(InvalidInput):
    """An amendment or a renewal keeps scenario and purpose."""

    code = "scenario_fixed"
    default_message = _(
        "Scenario and purpose cannot change by an amendment or a renewal. Make a new application"
        " for another scenario."
    )


class RenewalWidens(DomainError):
    """A renewal asks for more than was granted."""

    code = "renewal_widens"
    status = 422
    default_message = _(
        "A renewal cannot ask for more data or fields than were granted (%(datasets)s). Make an"
        " amendment."
    )


class CannotShareCase(InvalidInput):
    """Datasets that do not fit one case; ``fields`` says by dataset with which others it goes."""

    code = "cannot_share_case"
    default_message = _(
        "These datasets cannot share one application: %(plan)s. Make one application for each"
        " group."
    )


class DraftChanged(Conflict):
    """A draft was stored by somebody else since; ``clashes`` are entries to be chosen between."""

    clashes: tuple[Clash, ...] = ()
    code = "draft_changed"
    default_message = _(
        "%(who)s changed this draft at %(when)s. Compare both versions, then save again."
    )


class FormChanged(Conflict):
    """A version of the form was stored by somebody else since the actor read it."""

    code = "form_changed"
    default_message = _(
        "%(who)s changed this version at %(when)s. What you entered is still here; nothing of it is"
        " stored. Compare it with the version as it stands now, then save again."
    )


class ObjectionPanelPending(DomainError):
    """An objection is answered after the new panel has concluded."""

    code = "objection_panel_pending"
    status = 409
    default_message = _(
        "The new panel has not concluded on the objection yet. Answer once its minutes are signed."
    )


class SignedAnotherText(Conflict):
    """A signature over a text that is not the one to be signed."""

    code = "signed_another_text"
    default_message = _("The minutes changed since you read them. Read them again, then sign.")


class HeldByAnother(Conflict):
    """A case is on another desk than the actor believed."""

    code = "held_by_another"
    default_message = _(
        "Somebody else has this case by now. Reload the page to see who, then decide."
    )


class CannotBeAsked(InvalidInput):
    """A person whose opinion cannot be asked on this case."""

    code = "cannot_be_asked"
    default_message = _("This person cannot be asked for an opinion on this case.")
