"""Pages that suspend and resume an agreement in force."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from contracts import actions
from portal.contracts.common import OfAgreement, WithReason


class Suspend(OfAgreement, WithReason):
    """Suspend an agreement; access stops at once."""

    heading = gettext_lazy("Suspend the agreement")
    submit_label = gettext_lazy("Suspend the agreement")
    extra_context = {
        "hint": gettext_lazy("Every license of this agreement stops in the same moment.")
    }
    action = staticmethod(actions.suspend_agreement)
    subject = "agreement_id"
    done = gettext_lazy("The agreement is suspended.")


class Resume(OfAgreement, WithReason):
    """Put a suspended agreement back in force."""

    heading = gettext_lazy("Resume the agreement")
    submit_label = gettext_lazy("Resume the agreement")
    action = staticmethod(actions.resume_agreement)
    subject = "agreement_id"
    done = gettext_lazy("The agreement is in force again.")
