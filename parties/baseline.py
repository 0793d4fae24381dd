"""What parties need before the first case: the system actor, the rules about companies."""

from __future__ import annotations

from datetime import date, datetime

from parties import rules
from parties.models import PartyRule, User
from workflow import deadlines

SYSTEM_USERNAME = "system"
# Before anything a site could have: the first version governs whatever is older than the product.
FIRST_DAY = date(2020, 1, 1)


def install(*, at: datetime) -> None:
    """Create the system actor, who has no password and cannot sign in, and the first rules."""
    for rule in rules.DEFAULTS:
        PartyRule.objects.get_or_create(
            kind=rule.kind,
            version=1,
            defaults={
                "value": rule.value,
                "legal_basis": rule.legal_basis,
                "effective_on": FIRST_DAY,
            },
        )
    deadlines.install_rules(rules.DEADLINES, effective_on=FIRST_DAY)
    if User.objects.filter(is_system=True).exists():
        return
    User.objects.create_user(
        username=SYSTEM_USERNAME,
        password=None,
        full_name="系统",
        is_system=True,
        is_active=False,
        created_at=at,
    )
