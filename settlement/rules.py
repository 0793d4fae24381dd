"""The deadlines of settlement, and the first versions of its rules. Source: domain §3.4, §3.7."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from settlement.models import FeeSchedule, SplitPolicy, TaxRate
from workflow import deadlines
from workflow.deadlines import Rule

CONFIRMATION, PAYMENT = "statement_confirmation", "statement_payment"
EFFECTIVE_ON = date(2025, 1, 1)

RULES = (
    Rule(
        CONFIRMATION,
        5,
        "平台默认规则：对账单送达后5个工作日内确认或提出异议，逾期视为确认（以协议约定为准，可配置）",
    ),
    Rule(PAYMENT, 10, "平台默认规则：对账单确认后10个工作日内付款（以协议约定为准，可配置）"),
)


def _share(party: str, name: str, account: str, weight: str) -> dict[str, str]:
    return {"party": party, "name": name, "account": account, "weight": weight}


SHARES = [
    _share("fiscal", "财政（国有资源有偿使用收入）", "220201", "40"),
    _share("operator", "运营机构", "220202", "45"),
    _share("reserve", "数据提供单位预算统筹", "220203", "5"),
    _share("exchange", "数据交易公司", "600101", "10"),
]


def install(*, at: datetime) -> None:
    """Install deadline rules and the first split policy, fee schedule and tax rate; repeatable."""
    deadlines.install_rules(RULES, effective_on=EFFECTIVE_ON)
    SplitPolicy.objects.get_or_create(
        version=1,
        defaults={
            "shares": SHARES,
            "legal_basis": "示例分配方案，以经批准的收益分配办法为准",
            "effective_on": EFFECTIVE_ON,
        },
    )
    FeeSchedule.objects.get_or_create(
        version=1,
        defaults={
            "platform_rate": Decimal("0.05"),
            "sandbox_fen_per_month": 200_000,
            "legal_basis": "示例收费标准，以公示的服务价目为准",
            "effective_on": EFFECTIVE_ON,
        },
    )
    TaxRate.objects.get_or_create(
        effective_on=EFFECTIVE_ON,
        defaults={"rate": Decimal("0.06"), "legal_basis": "现代服务业增值税税率6%"},
    )
