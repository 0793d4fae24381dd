"""What applications need before the first one: the rules of their clocks."""

from __future__ import annotations

from datetime import date, datetime

from applications.rules import RULES
from workflow import deadlines

# The rules hold for every case the product can know of; later versions begin later.
EFFECTIVE_ON = date(2025, 1, 1)


def install(*, at: datetime) -> None:
    """Install the first version of every deadline rule that is not there yet."""
    deadlines.install_rules(RULES, effective_on=EFFECTIVE_ON)
