"""What contracts need before the first case: the first base template, and its profiles."""

from __future__ import annotations

from datetime import date, datetime

from contracts import actions, signing_rules
from contracts.actions.expiring import install_rule
from contracts.models import SigningRule
from parties.queries import system_actor

RULES_EFFECTIVE_ON = date(2025, 1, 1)
EXPIRY_DAYS_BEFORE = (90, 45)
EXPIRY_BASIS = "平台默认规则：协议期满前90日、45日提醒各方（可由主管部门配置）"


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
    install_rule(
        days_before=EXPIRY_DAYS_BEFORE,
        legal_basis=EXPIRY_BASIS,
        effective_on=RULES_EFFECTIVE_ON,
    )
    system = system_actor()
    actions.install_base_template(actor=system, at=at)
    actions.install_term_profiles(actor=system, at=at)
