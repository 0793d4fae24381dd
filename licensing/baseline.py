"""What licensing needs before its first case: the rule of its one deadline."""

from __future__ import annotations

from datetime import date, datetime

from licensing.rules import RULES
from workflow import deadlines

RULES_EFFECTIVE_ON = date(2025, 1, 1)


def install(*, at: datetime) -> None:
    """Install the deadline rules; repeatable."""
    deadlines.install_rules(RULES, effective_on=RULES_EFFECTIVE_ON)
