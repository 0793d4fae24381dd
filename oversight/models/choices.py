"""Codes of violations and measures. Source: domain §1 A12, §3.11."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    """The five kinds of violation."""

    V1 = "V1", _("V1 Breach of the platform's rules")
    V2 = "V2", _("V2 Illegal acquisition of data")
    V3 = "V3", _("V3 Infringement of secrets, privacy or other rights")
    V4 = "V4", _("V4 Use beyond the agreed scenario")
    V5 = "V5", _("V5 Other breach of law or agreement")


class Severity(models.TextChoices):
    """How grave a violation is; it chooses the rung of the ladder."""

    MINOR = "MINOR", _("Minor")
    SERIOUS = "SERIOUS", _("Serious")


class MeasureKind(models.TextChoices):
    """What is done about a violation, from the mildest to the gravest."""

    WARN = "WARN", _("Warning with time to cure")
    RESTRICT = "RESTRICT", _("Restriction of access")
    SUSPEND = "SUSPEND", _("Suspension of access")
    CLOSE = "CLOSE", _("Closing of access")
