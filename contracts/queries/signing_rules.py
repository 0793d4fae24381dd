"""The rules of signing in force on a day."""

from __future__ import annotations

from datetime import datetime

from contracts.models import SigningRule
from core import clock
from core.errors import NotFound


def rule_in_force(kind: str, *, at: datetime) -> SigningRule:
    """
    Return the version of a rule about signing that holds on the day of ``at``.

    :raises NotFound: none holds: the baseline is not installed.
    """
    rows = SigningRule.objects.filter(kind=kind, effective_on__lte=clock.local_date(at))
    found = rows.order_by("-effective_on", "-version").first()
    if found is None:
        raise NotFound
    return found
