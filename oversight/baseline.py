"""What oversight needs before its first case: the rules of its deadlines."""

from __future__ import annotations

from datetime import date, datetime

from oversight.rules import RULES
from workflow import deadlines

RULES_EFFECTIVE_ON = date(2025, 1, 1)


def install(*, at: datetime) -> None:
    """Install the deadline rules; repeatable."""
    deadlines.install_rules(RULES, effective_on=RULES_EFFECTIVE_ON)
