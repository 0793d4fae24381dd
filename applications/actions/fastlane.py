"""Sending a repeated, harmless case past the committee. Source: docs/sources.md#fast-lane."""

from __future__ import annotations

from datetime import datetime

from applications import fastlane
from applications.models import Application
from applications.queries.grants import fast_lane_facts, fast_lane_rule
from core import clock
from parties import queries as parties
from workflow import transitions


def take_fast_lane(application: Application, *, at: datetime) -> bool:
    """
    Move a case before the committee on to the decision when the rule in force allows it.

    What the rule found is stored with its version, and printed in the letter; a person still
    decides.
    """
    rule = fast_lane_rule(on=clock.local_date(at))
    if rule is None:
        return False
    facts = fast_lane_facts(application, at=at, lookback_months=rule.lookback_months)
    found = fastlane.judge(facts=facts, level_max=rule.level_max)
    if not found.open:
        return False
    record = {
        "rule_version": rule.version,
        "legal_basis": rule.legal_basis,
        "lookback_months": rule.lookback_months,
        "reasons": list(found.reasons),
        "evidence": found.evidence,
    }
    transitions.perform(
        application, "take_fast_lane", actor=parties.system_actor(), at=at, record=record
    )
    return True
