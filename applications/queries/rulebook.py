"""Which version of the rules of the checks holds on a day."""

from __future__ import annotations

from datetime import date

from applications.eligibility_rules import Rules
from applications.models import EligibilityRule
from core.errors import NotFound


def rules_on(*, on: date) -> Rules:
    """
    Return the version of the rules in force on a day.

    :raises NotFound: the rules are not installed.
    """
    rows = EligibilityRule.objects.filter(
        state=EligibilityRule.State.IN_FORCE, effective_on__lte=on
    )
    row = rows.order_by("-version").first()
    if row is None:
        raise NotFound
    return rules_of(row)


def rules_of(row: EligibilityRule) -> Rules:
    """Return a stored version as the checks take it."""
    return Rules(
        version=row.label,
        modes=dict(row.modes),
        credit_days_max=row.credit_days_max,
        high_levels=tuple(row.high_levels),
        closed_environments=tuple(row.closed_environments),
        free_purposes=tuple(row.free_purposes),
        protection_level_min=row.protection_level_min,
    )
