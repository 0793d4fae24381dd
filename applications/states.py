"""The states of an application and the groups of them that rules speak of. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "DRAFT", pgettext_lazy("application", "Draft")
    SUBMITTED = "SUBMITTED", pgettext_lazy("application", "Submitted")
    CORRECTION_REQUESTED = (
        "CORRECTION_REQUESTED",
        pgettext_lazy("application", "Correction requested"),
    )
    NOT_ACCEPTED = "NOT_ACCEPTED", pgettext_lazy("application", "Not accepted")
    ACCEPTED = "ACCEPTED", pgettext_lazy("application", "Accepted")
    PROVIDER_REVIEW = "PROVIDER_REVIEW", pgettext_lazy("application", "Provider review")
    SECURITY_REVIEW = "SECURITY_REVIEW", pgettext_lazy("application", "Security review")
    COMMITTEE_REVIEW = "COMMITTEE_REVIEW", pgettext_lazy("application", "Committee review")
    DECISION_PENDING = "DECISION_PENDING", pgettext_lazy("application", "Decision pending")
    APPROVED = "APPROVED", pgettext_lazy("application", "Approved")
    APPROVED_WITH_CONDITIONS = (
        "APPROVED_WITH_CONDITIONS",
        pgettext_lazy("application", "Approved with conditions"),
    )
    REJECTED = "REJECTED", pgettext_lazy("application", "Rejected")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("application", "Withdrawn")
    LAPSED = "LAPSED", pgettext_lazy("application", "Lapsed for want of correction")
    OBJECTION = "OBJECTION", pgettext_lazy("application", "Objection under review")
    OVERTURNED = "OVERTURNED", pgettext_lazy("application", "Decision overturned")
    UPHELD = "UPHELD", pgettext_lazy("application", "Decision upheld")
    AGREEMENT_STAGE = "AGREEMENT_STAGE", pgettext_lazy("application", "Agreement being made")
    GRANTED = "GRANTED", pgettext_lazy("application", "Granted")
    LAPSED_UNSIGNED = "LAPSED_UNSIGNED", pgettext_lazy("application", "Lapsed unsigned")


S = ApplicationState

# In the order of the procedure; the first three come before acceptance.
BEFORE_DECISION = (
    S.DRAFT,
    S.SUBMITTED,
    S.CORRECTION_REQUESTED,
    S.ACCEPTED,
    S.PROVIDER_REVIEW,
    S.SECURITY_REVIEW,
    S.COMMITTEE_REVIEW,
    S.DECISION_PENDING,
)
DECIDED = (
    S.APPROVED,
    S.APPROVED_WITH_CONDITIONS,
    S.REJECTED,
    S.OBJECTION,
    S.OVERTURNED,
    S.UPHELD,
    S.AGREEMENT_STAGE,
    S.GRANTED,
    S.LAPSED_UNSIGNED,
)
# What somebody at the authority, a provider or the committee still has to do something about.
OPEN = (
    S.SUBMITTED,
    S.CORRECTION_REQUESTED,
    S.ACCEPTED,
    S.PROVIDER_REVIEW,
    S.SECURITY_REVIEW,
    S.COMMITTEE_REVIEW,
    S.DECISION_PENDING,
    S.OBJECTION,
)
# A draft may be dropped before it ever had a number.
NUMBERED = tuple(s for s in S if s not in (S.DRAFT, S.WITHDRAWN))
EDITABLE = (S.DRAFT, S.CORRECTION_REQUESTED)
# A child case in one of these keeps its parent from having another.
CHILD_UNDER_WAY = (
    *BEFORE_DECISION,
    S.APPROVED,
    S.APPROVED_WITH_CONDITIONS,
    S.OBJECTION,
    S.OVERTURNED,
    S.AGREEMENT_STAGE,
)
