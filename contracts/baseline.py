"""What contracts need before the first case: the first base template, and its profiles."""

from __future__ import annotations

from datetime import datetime

from contracts import actions, signing_rules
from contracts.models import SigningRule
from parties.queries import system_actor


def install(*, at: datetime) -> None:
    """Install the rules of signing, the first base template, and a profile per known dataset."""
    for rule in signing_rules.DEFAULTS:
        SigningRule.objects.get_or_create(
            kind=rule.kind,
            version=1,
            defaults={
                "value": rule.value,
                "legal_basis": rule.legal_basis,
                "effective_on": signing_rules.FIRST_DAY,
            },
        )
    system = system_actor()
    actions.install_base_template(actor=system, at=at)
    actions.install_term_profiles(actor=system, at=at)
