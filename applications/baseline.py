"""What applications need before the first one: rules of their clocks, lanes and panels."""

from __future__ import annotations

from datetime import date, datetime

from applications import first_form, panel
from applications.eligibility_rules import BASELINE as CHECKS
from applications.models import (
    DraftRule,
    EligibilityRule,
    FastLaneRule,
    FormDefinition,
    PanelRule,
    RenewalRule,
)
from applications.rules import ESCALATIONS, RULES
from workflow import deadlines, escalation

# The rules hold for every case the product can know of; later versions begin later.
EFFECTIVE_ON = date(2025, 1, 1)
FAST_LANE_BASIS = "平台默认规则：二级及以下数据同场景再次申请免予评审，可按锡政规〔2024〕7号调整"
CHECKS_BASIS = "平台默认规则：按锡政规〔2024〕7号申请条件设定，可按规定程序调整"
DRAFT_BASIS = "平台默认规则：超过90日未编辑的草稿提前7日提醒后删除，可按规定程序调整"
RENEWAL_BASIS = "平台默认规则：许可期满前60日至30日申请续期，可按锡政规〔2024〕7号调整"


def install(*, at: datetime) -> None:
    """Install the first version of every rule that is not there yet."""
    deadlines.install_rules(RULES, effective_on=EFFECTIVE_ON)
    escalation.install_rules(ESCALATIONS, effective_on=EFFECTIVE_ON)
    FastLaneRule.objects.get_or_create(
        version=1,
        defaults={
            "effective_on": EFFECTIVE_ON,
            "enabled": True,
            "level_max": 2,
            "lookback_months": 24,
            "legal_basis": FAST_LANE_BASIS,
        },
    )
    DraftRule.objects.get_or_create(
        version=1,
        defaults={
            "effective_on": EFFECTIVE_ON,
            "idle_days_max": 90,
            "warning_days": 7,
            "legal_basis": DRAFT_BASIS,
        },
    )
    RenewalRule.objects.get_or_create(
        version=1,
        defaults={
            "effective_on": EFFECTIVE_ON,
            "opens_days": 60,
            "closes_days": 30,
            "legal_basis": RENEWAL_BASIS,
        },
    )
    _install_checks(at=at)
    if not FormDefinition.objects.filter(dataset=None, version=1).exists():
        FormDefinition.objects.create(
            state=FormDefinition.State.PUBLISHED,
            version=1,
            legal_basis=first_form.BASIS,
            effective_on=EFFECTIVE_ON,
            content=first_form.CONTENT,
            edited_at=at,
            published_at=at,
        )
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


def _install_checks(*, at: datetime) -> None:
    if not EligibilityRule.objects.filter(version=1).exists():
        EligibilityRule.objects.create(
            version=1,
            state=EligibilityRule.State.IN_FORCE,
            label=CHECKS.version,
            modes=dict(CHECKS.modes),
            credit_days_max=CHECKS.credit_days_max,
            high_levels=list(CHECKS.high_levels),
            closed_environments=list(CHECKS.closed_environments),
            free_purposes=list(CHECKS.free_purposes),
            protection_level_min=CHECKS.protection_level_min,
            legal_basis=CHECKS_BASIS,
            effective_on=EFFECTIVE_ON,
            proposed_at=at,
        )
