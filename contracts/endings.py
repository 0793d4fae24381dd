"""
Who may end an agreement for which cause, and with how much notice. Pure.

Source: domain §3.3 (Agreement), §3.5 (change/termination); docs/sources.md#ending-an-agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

MUTUAL, BREACH = "MUTUAL", "BREACH"
FORCE_MAJEURE, REGULATORY = "FORCE_MAJEURE", "REGULATORY"

LEGAL_REP, LEADER, DECIDER = "APPLICANT_LEGAL_REP", "PROVIDER_LEADER", "AUTHORITY_DECIDER"
# A change of law does not wait for a notice; everything else is announced as the terms say.
WHO: Mapping[str, frozenset[str]] = {
    MUTUAL: frozenset({LEGAL_REP, LEADER}),
    BREACH: frozenset({LEADER, DECIDER}),
    FORCE_MAJEURE: frozenset({LEGAL_REP, LEADER, DECIDER}),
    REGULATORY: frozenset({DECIDER}),
}
# What the terms must name among the causes of the provider for its leader to act alone.
PROVIDER_CAUSE = "SERIOUS_BREACH"


def causes_open_to(*, roles: Collection[str], terms: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the causes for which somebody in these roles may end an agreement, in order."""
    return tuple(cause for cause in WHO if may_end(cause, roles=roles, terms=terms))


def may_end(cause: str, *, roles: Collection[str], terms: Mapping[str, Any]) -> bool:
    """Return whether somebody in these roles may end an agreement for this cause."""
    allowed = set(WHO[cause])
    named = (terms.get("change") or {}).get("unilateral_causes") or ()
    if cause == BREACH and PROVIDER_CAUSE not in named:
        allowed.discard(LEADER)
    return bool(allowed & set(roles))


def notice_working_days(cause: str, *, terms: Mapping[str, Any]) -> int:
    """Return how many working days lie between the notice and the last day of use."""
    if cause in (MUTUAL, REGULATORY):
        return 0
    return int((terms.get("change") or {}).get("notice_working_days") or 0)
