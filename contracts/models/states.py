"""Where an agreement stands, and why it may end before its term."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementState(models.TextChoices):
    """Where an agreement stands."""

    DRAFTING = "DRAFTING", _("Drafting")
    NEGOTIATING = "NEGOTIATING", _("Negotiating")
    READY_TO_SIGN = "READY_TO_SIGN", _("Ready to sign")
    SIGNED_BY_USER = "SIGNED_BY_USER", _("Signed by the data user")
    EFFECTIVE = "EFFECTIVE", _("In force")
    SUSPENDED = "SUSPENDED", _("Suspended")
    RENEWED = "RENEWED", _("Renewed")
    EXPIRED = "EXPIRED", _("Expired")
    TERMINATED = "TERMINATED", _("Terminated")
    LAPSED = "LAPSED", _("Lapsed unsigned")


class EndCause(models.TextChoices):
    """Why an agreement was terminated before its term."""

    MUTUAL = "MUTUAL", _("By mutual consent")
    BREACH = "BREACH", _("For breach")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")
    REGULATORY = "REGULATORY", _("Change of law or classification")
