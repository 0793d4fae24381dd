"""The states of an application and the groups of them that rules speak of. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    CORRECTION_REQUESTED = "CORRECTION_REQUESTED", _("Correction requested")
    NOT_ACCEPTED = "NOT_ACCEPTED", _("Not accepted")
    ACCEPTED = "ACCEPTED", _("Accepted")
    PROVIDER_REVIEW = "PROVIDER_REVIEW", _("Provider review")
    SECURITY_REVIEW = "SECURITY_REVIEW", _("Security review")
    COMMITTEE_REVIEW = "COMMITTEE_REVIEW", _("Committee review")
    DECISION_PENDING = "DECISION_PENDING", _("Decision pending")
    APPROVED = "APPROVED", _("Approved")
    APPROVED_WITH_CONDITIONS = "APPROVED_WITH_CONDITIONS", _("Approved with conditions")
    REJECTED = "REJECTED", _("Rejected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    LAPSED = "LAPSED", _("Lapsed for want of correction")
    OBJECTION = "OBJECTION", _("Objection under review")
    OVERTURNED = "OVERTURNED", _("Decision overturned")
    UPHELD = "UPHELD", _("Decision upheld")
    AGREEMENT_STAGE = "AGREEMENT_STAGE", _("Agreement being made")
    GRANTED = "GRANTED", _("Granted")
    LAPSED_UNSIGNED = "LAPSED_UNSIGNED", _("Lapsed unsigned")


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
# A draft may be dropped before it ever had a number.
NUMBERED = tuple(s for s in S if s not in (S.DRAFT, S.WITHDRAWN))
EDITABLE = (S.DRAFT, S.CORRECTION_REQUESTED)
