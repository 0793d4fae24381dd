"""What contracts need before the first case: the first base template, and its profiles."""

from __future__ import annotations

from datetime import datetime

from contracts import actions
from parties.queries import system_actor


def install(*, at: datetime) -> None:
    """Install the first base template, and a profile for every known dataset there is."""
    system = system_actor()
    actions.install_base_template(actor=system, at=at)
    actions.install_term_profiles(actor=system, at=at)
