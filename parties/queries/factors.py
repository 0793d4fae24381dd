"""Whether a person has a second factor, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parties.models import SecondFactor


@dataclass(frozen=True, slots=True)
class FactorRow:
    """The second factor of a person as the profile shows it."""

    since: datetime
    recovery_codes_left: int


def second_factor_of(*, actor: Any) -> FactorRow | None:
    """Return the second factor in force of a person, or None."""
    factor = SecondFactor.objects.filter(
        user=actor, removed_at=None, confirmed_at__isnull=False
    ).first()
    if factor is None or factor.confirmed_at is None:
        return None
    return FactorRow(factor.confirmed_at, factor.recovery_codes.filter(used_at=None).count())
