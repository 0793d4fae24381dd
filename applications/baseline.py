"""What applications need before the first one: the rules of their clocks and of their panels."""

from __future__ import annotations

from datetime import date, datetime

from applications import panel
from applications.models import PanelRule
from applications.rules import RULES
from workflow import deadlines

# The rules hold for every case the product can know of; later versions begin later.
EFFECTIVE_ON = date(2025, 1, 1)


def install(*, at: datetime) -> None:
    """Install the first version of every rule that is not there yet."""
    deadlines.install_rules(RULES, effective_on=EFFECTIVE_ON)
    for kind, rule in panel.BASELINE.items():
        if not PanelRule.objects.filter(kind=kind, version=1).exists():
            PanelRule.objects.create(
                kind=kind,
                version=1,
                state=PanelRule.State.IN_FORCE,
                effective_on=EFFECTIVE_ON,
                proposed_at=at,
                **rule,
            )
