"""Who signs before whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SigningOrder(models.TextChoices):
    """Who signs before whom."""

    USER_FIRST = "USER_FIRST", _("Data user first, then the providers in any order")
    ONE_BY_ONE = "ONE_BY_ONE", _("Data user first, then the providers one after the other")
    PARALLEL = "PARALLEL", _("Everybody in any order")
